-- +goose Up
CREATE TABLE reception_figures (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, form TEXT NOT NULL, period TEXT NOT NULL, councils TEXT NOT NULL, moment BIGINT NOT NULL, status TEXT NOT NULL,
    counted TEXT NOT NULL, hash TEXT NOT NULL, made_by TEXT NOT NULL, made_name TEXT NOT NULL, made_at BIGINT NOT NULL, checked_at BIGINT NOT NULL, checked_hash TEXT NOT NULL
);
CREATE INDEX reception_figures_council ON reception_figures (council_id, id);
