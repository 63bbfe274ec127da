-- +goose Up
CREATE TABLE petitions_petitions (
    id TEXT PRIMARY KEY REFERENCES cases_cases (id), council_id TEXT NOT NULL, text TEXT NOT NULL, public_text TEXT NOT NULL,
    voter_name TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, lang TEXT NOT NULL, access_key TEXT NOT NULL, consent_at BIGINT NOT NULL,
    authority TEXT NOT NULL, newness TEXT NOT NULL, body_id TEXT NOT NULL, split_kind TEXT NOT NULL,
    asked_days BIGINT NOT NULL, asked_document TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE TABLE petitions_once (
    mark TEXT PRIMARY KEY, petition_id TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE petitions_points (
    petition_id TEXT NOT NULL REFERENCES petitions_petitions (id), number BIGINT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (petition_id, number)
);
CREATE TABLE petitions_forwardings (
    id TEXT PRIMARY KEY, petition_id TEXT NOT NULL REFERENCES petitions_petitions (id), round BIGINT NOT NULL, to_body_id TEXT NOT NULL, from_body_id TEXT NOT NULL,
    number BIGINT NOT NULL, symbol TEXT NOT NULL, signer TEXT NOT NULL, signer_title TEXT NOT NULL, on_behalf TEXT NOT NULL, due TEXT NOT NULL, at BIGINT NOT NULL, paper_id TEXT NOT NULL
);
CREATE INDEX petitions_forwardings_petition ON petitions_forwardings (petition_id);
CREATE TABLE petitions_answers (
    petition_id TEXT NOT NULL REFERENCES petitions_petitions (id), round BIGINT NOT NULL, number BIGINT NOT NULL, reply TEXT NOT NULL, outcome TEXT NOT NULL, promised TEXT NOT NULL,
    PRIMARY KEY (petition_id, round, number)
);
