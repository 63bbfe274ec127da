-- +goose Up
CREATE TABLE petitions_drafts (
    token TEXT PRIMARY KEY, files TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX petitions_drafts_at ON petitions_drafts (at);
CREATE TABLE petitions_views (
    id TEXT PRIMARY KEY, person_id TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE UNIQUE INDEX petitions_views_name ON petitions_views (person_id, name);
CREATE TABLE petitions_refusals (
    petition_id TEXT NOT NULL REFERENCES petitions_petitions (id), round BIGINT NOT NULL, council_id TEXT NOT NULL, reason TEXT NOT NULL, day TEXT NOT NULL,
    PRIMARY KEY (petition_id, round)
);
CREATE INDEX petitions_refusals_day ON petitions_refusals (day, reason);
CREATE INDEX petitions_asked ON petitions_petitions (council_id, id) WHERE asked_days > 0;
