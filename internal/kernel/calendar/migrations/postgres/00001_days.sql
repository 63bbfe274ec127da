-- +goose Up
CREATE TABLE calendar_days (
    id TEXT PRIMARY KEY, day TEXT NOT NULL, kind TEXT NOT NULL, feast TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL,
    source TEXT NOT NULL, confirmed BOOLEAN NOT NULL, stands_for TEXT NOT NULL, in_force TEXT NOT NULL,
    entered_at BIGINT NOT NULL, entered_by TEXT NOT NULL, entered_by_name TEXT NOT NULL,
    withdrawn_at BIGINT NOT NULL, withdrawn_by TEXT NOT NULL, withdrawn_by_name TEXT NOT NULL, withdrawn_why TEXT NOT NULL
);
CREATE UNIQUE INDEX calendar_days_one ON calendar_days (day) WHERE withdrawn_at = 0;
