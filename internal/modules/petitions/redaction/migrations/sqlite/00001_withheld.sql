-- +goose Up
CREATE TABLE petitions_withheld (
    petition_id TEXT PRIMARY KEY, council_id TEXT NOT NULL, reason TEXT NOT NULL, day TEXT NOT NULL
);
CREATE INDEX petitions_withheld_day ON petitions_withheld (council_id, day, reason);
