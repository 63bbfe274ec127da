-- +goose Up
CREATE TABLE reception_watchlists (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, title TEXT NOT NULL, theme TEXT NOT NULL, basis TEXT NOT NULL, document TEXT NOT NULL, period_from TEXT NOT NULL, period_until TEXT NOT NULL,
    state TEXT NOT NULL, conclusion TEXT NOT NULL, conclusion_document TEXT NOT NULL, conclusion_on TEXT NOT NULL, closed_name TEXT NOT NULL,
    made_by TEXT NOT NULL, made_name TEXT NOT NULL, created_at BIGINT NOT NULL, last_number BIGINT NOT NULL, mark TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX reception_watchlists_council ON reception_watchlists (council_id, id DESC);
CREATE INDEX reception_watchlists_open ON reception_watchlists (council_id, id DESC) WHERE state = 'open';
CREATE UNIQUE INDEX reception_watchlists_once ON reception_watchlists (council_id, mark) WHERE mark <> '';
-- A letter that is sealed leaves every list, with what was written about it.
CREATE TABLE reception_watched (
    list_id TEXT NOT NULL REFERENCES reception_watchlists (id), letter_id TEXT NOT NULL, number BIGINT NOT NULL, note TEXT NOT NULL, asked TEXT NOT NULL, asked_on TEXT NOT NULL,
    answer TEXT NOT NULL, answer_document TEXT NOT NULL, answered_on TEXT NOT NULL, finding TEXT NOT NULL, conclusion TEXT NOT NULL, added_name TEXT NOT NULL, added_at BIGINT NOT NULL, revision BIGINT NOT NULL,
    PRIMARY KEY (list_id, letter_id)
);
CREATE INDEX reception_watched_letter ON reception_watched (letter_id);
CREATE INDEX reception_watched_number ON reception_watched (list_id, number);
