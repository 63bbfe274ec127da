-- +goose Up
CREATE TABLE reception_rulings (
    id TEXT PRIMARY KEY, matter_id TEXT NOT NULL, ordinal BIGINT NOT NULL, council_id TEXT NOT NULL, kind TEXT NOT NULL, from_body_id TEXT NOT NULL, number BIGINT NOT NULL, symbol TEXT NOT NULL, at BIGINT NOT NULL,
    on_day TEXT NOT NULL, due TEXT NOT NULL, reason TEXT NOT NULL, signer TEXT NOT NULL, signer_title TEXT NOT NULL, on_behalf TEXT NOT NULL, words TEXT NOT NULL, paper_id TEXT NOT NULL, draft_id TEXT NOT NULL
);
CREATE UNIQUE INDEX reception_rulings_matter ON reception_rulings (matter_id, ordinal);
