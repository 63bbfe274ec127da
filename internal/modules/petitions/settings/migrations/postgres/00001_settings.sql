-- +goose Up
CREATE TABLE petitions_change_sets (
    id TEXT PRIMARY KEY, mark TEXT NOT NULL UNIQUE, council_id TEXT NOT NULL, title TEXT NOT NULL, paper TEXT NOT NULL, paper_date TEXT NOT NULL, effective TEXT NOT NULL, state TEXT NOT NULL,
    authors TEXT NOT NULL, by_person TEXT NOT NULL, by_name TEXT NOT NULL, at BIGINT NOT NULL, tested_at BIGINT NOT NULL, tested_hash TEXT NOT NULL,
    decided_at BIGINT NOT NULL, decided_by TEXT NOT NULL, decided_name TEXT NOT NULL, on_behalf TEXT NOT NULL, why TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX petitions_change_sets_council ON petitions_change_sets (council_id, id DESC);
CREATE INDEX petitions_change_sets_in_force ON petitions_change_sets (effective, decided_at, id) WHERE state = 'in_force';
CREATE TABLE petitions_change_items (
    id TEXT PRIMARY KEY, mark TEXT NOT NULL UNIQUE, set_id TEXT NOT NULL REFERENCES petitions_change_sets (id), number BIGINT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL,
    by_name TEXT NOT NULL, at BIGINT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX petitions_change_items_set ON petitions_change_items (set_id, number);
CREATE TABLE petitions_change_tests (
    id TEXT PRIMARY KEY, set_id TEXT NOT NULL REFERENCES petitions_change_sets (id), at BIGINT NOT NULL, by_name TEXT NOT NULL, hash TEXT NOT NULL, result TEXT NOT NULL
);
CREATE INDEX petitions_change_tests_set ON petitions_change_tests (set_id, id DESC);
