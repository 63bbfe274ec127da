-- +goose Up
-- Scans of letters that nobody has classified yet. What they are called and what
-- they show lies in boxes of the installation's key.
CREATE TABLE reception_held (letter_id TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, about BYTEA NOT NULL, refused BOOLEAN NOT NULL, PRIMARY KEY (letter_id, number));
CREATE TABLE reception_held_pieces (letter_id TEXT NOT NULL, number BIGINT NOT NULL, idx BIGINT NOT NULL, box BYTEA NOT NULL, PRIMARY KEY (letter_id, number, idx));
