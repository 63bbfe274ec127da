-- +goose Up
-- What documents do to each other. to_document is empty while nobody holds the
-- other one; to_key finds it when it comes. mark is what makes a relation the
-- same as another: who does what where to whom where.
CREATE TABLE library_relations (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, from_document TEXT NOT NULL, from_anchor TEXT NOT NULL, kind TEXT NOT NULL,
    to_document TEXT NOT NULL, to_symbol TEXT NOT NULL, to_key TEXT NOT NULL, to_anchor TEXT NOT NULL, effective_on TEXT NOT NULL, ends_on TEXT NOT NULL,
    op TEXT NOT NULL, new_text TEXT NOT NULL, after_anchor TEXT NOT NULL, place TEXT NOT NULL, quote TEXT NOT NULL, source TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL,
    state TEXT NOT NULL, confirmed_by TEXT NOT NULL, confirmed_name TEXT NOT NULL, changed_at BIGINT NOT NULL, mark TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX library_relations_from ON library_relations (from_document, mark);
CREATE INDEX library_relations_to ON library_relations (to_document, kind, id) WHERE to_document <> '';
CREATE INDEX library_relations_open ON library_relations (council_id, to_key) WHERE to_document = '';
-- What holds of each document since the day it was last worked out; next_on is
-- the day on which it changes by date alone.
CREATE TABLE library_status (
    document_id TEXT PRIMARY KEY, council_id TEXT NOT NULL, status TEXT NOT NULL, part BOOLEAN NOT NULL, doubtful BOOLEAN NOT NULL, since TEXT NOT NULL, next_on TEXT NOT NULL, reasons TEXT NOT NULL
);
CREATE INDEX library_status_next ON library_status (next_on, document_id) WHERE next_on <> '';
CREATE INDEX library_status_council ON library_status (council_id, status, document_id);
-- Texts of former districts that still hold, for each commune on their ground.
CREATE TABLE library_lapsing (
    commune TEXT NOT NULL, lapses_on TEXT NOT NULL, document_id TEXT NOT NULL, commune_name TEXT NOT NULL, unit TEXT NOT NULL, PRIMARY KEY (commune, lapses_on, document_id)
);
CREATE INDEX library_lapsing_document ON library_lapsing (document_id);
CREATE TABLE library_warnings (
    document_id TEXT NOT NULL, alarm TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, anchor TEXT NOT NULL, quote TEXT NOT NULL, other TEXT NOT NULL, symbol TEXT NOT NULL, other_anchor TEXT NOT NULL,
    since TEXT NOT NULL, days BIGINT NOT NULL, detail TEXT NOT NULL, doubtful BOOLEAN NOT NULL, PRIMARY KEY (document_id, alarm, number)
);
CREATE INDEX library_warnings_council ON library_warnings (council_id, alarm, document_id, number);
