-- +goose Up
CREATE TABLE petitions_constituencies (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, number BIGINT NOT NULL, units TEXT NOT NULL, basis TEXT NOT NULL,
    from_day TEXT NOT NULL, until_day TEXT NOT NULL, entered_by TEXT NOT NULL
);
CREATE INDEX petitions_constituencies_council ON petitions_constituencies (council_id, from_day, number);
