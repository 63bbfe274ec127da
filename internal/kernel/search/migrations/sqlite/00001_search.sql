-- +goose Up
CREATE TABLE search_changes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, id TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX search_changes_at ON search_changes (at);
CREATE TABLE search_marks (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO search_marks (name, value) VALUES ('pruned_to', 0), ('identity', random());
