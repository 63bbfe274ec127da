-- +goose Up
-- SQLite keeps the reference that PostgreSQL gives up (see there).
SELECT 1;
