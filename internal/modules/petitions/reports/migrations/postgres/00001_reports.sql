-- +goose Up
-- A report that was made: the question, the moment, and the hash of what was
-- the answer. The numbers follow from the acts and are counted again, not kept;
-- figures holds what the page draws.
CREATE TABLE petitions_reports (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, committee_id TEXT NOT NULL, kind TEXT NOT NULL, query TEXT NOT NULL, moment BIGINT NOT NULL,
    status TEXT NOT NULL, done BIGINT NOT NULL, total BIGINT NOT NULL, hash TEXT NOT NULL, rows_count BIGINT NOT NULL, figures TEXT NOT NULL,
    made_by TEXT NOT NULL, made_name TEXT NOT NULL, made_at BIGINT NOT NULL, checked_at BIGINT NOT NULL, checked_hash TEXT NOT NULL, withheld BIGINT NOT NULL,
    paper_id TEXT NOT NULL
);
CREATE INDEX petitions_reports_council ON petitions_reports (council_id, id);
CREATE INDEX petitions_reports_committee ON petitions_reports (committee_id, id) WHERE committee_id <> '';
-- A petition that says again what an earlier one said.
CREATE TABLE petitions_links (
    petition_id TEXT PRIMARY KEY REFERENCES petitions_petitions (id), earlier_id TEXT NOT NULL REFERENCES petitions_petitions (id),
    by_id TEXT NOT NULL, by_name TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX petitions_links_earlier ON petitions_links (earlier_id, petition_id);
-- Promises with a date, in the order in which they come due.
CREATE INDEX petitions_answers_promised ON petitions_answers (promised, petition_id, round, number) WHERE promised <> '';
