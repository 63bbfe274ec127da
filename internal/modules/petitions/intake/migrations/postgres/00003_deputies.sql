-- +goose Up
-- Who brought a petition, by the name that was written or, as '@' and the
-- person, by the one that was chosen; with what is counted of the petition.
CREATE TABLE petitions_brought (
    petition_id TEXT NOT NULL, name_key TEXT NOT NULL, council_id TEXT NOT NULL, written TEXT NOT NULL, session TEXT NOT NULL, session_key TEXT NOT NULL, term_id TEXT NOT NULL,
    shown BOOLEAN NOT NULL, forwarded BOOLEAN NOT NULL, open BOOLEAN NOT NULL, answered TEXT NOT NULL, outcome TEXT NOT NULL, promised TEXT NOT NULL,
    PRIMARY KEY (petition_id, name_key)
);
CREATE INDEX petitions_brought_name ON petitions_brought (council_id, name_key, petition_id DESC, term_id, shown);
CREATE INDEX petitions_brought_session ON petitions_brought (council_id, name_key, session_key, petition_id DESC, term_id, shown);
CREATE INDEX petitions_brought_promised ON petitions_brought (council_id, name_key) WHERE promised <> '';
-- What the clerk decided of a name: whose it is, or '' for nobody's.
CREATE TABLE petitions_deputy_ties (
    council_id TEXT NOT NULL, name_key TEXT NOT NULL, person_id TEXT NOT NULL, tied_by TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (council_id, name_key)
);
CREATE TABLE petitions_deputy_counts (
    council_id TEXT NOT NULL, name_key TEXT NOT NULL, term_id TEXT NOT NULL, session_key TEXT NOT NULL, session TEXT NOT NULL, written TEXT NOT NULL,
    figures TEXT NOT NULL, brought BIGINT NOT NULL, PRIMARY KEY (council_id, name_key, term_id, session_key)
);
CREATE TABLE petitions_deputy_counting (
    name TEXT PRIMARY KEY, seen BIGINT NOT NULL, day TEXT NOT NULL, revision BIGINT NOT NULL
);
