-- +goose Up
-- Who of the office entered a letter for a deputy; empty: the deputy did.
ALTER TABLE reception_duties ADD COLUMN entered_by TEXT NOT NULL DEFAULT '';
ALTER TABLE reception_duties ADD COLUMN entered_name TEXT NOT NULL DEFAULT '';
