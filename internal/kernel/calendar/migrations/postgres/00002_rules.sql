-- +goose Up
CREATE TABLE calendar_rules (
    id TEXT PRIMARY KEY, rule_key TEXT NOT NULL, days BIGINT NOT NULL, unit TEXT NOT NULL, backward BOOLEAN NOT NULL, article TEXT NOT NULL,
    confirmed BOOLEAN NOT NULL, from_day TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, set_at BIGINT NOT NULL, set_by TEXT NOT NULL
);
CREATE UNIQUE INDEX calendar_rules_one ON calendar_rules (rule_key, from_day, set_at);
