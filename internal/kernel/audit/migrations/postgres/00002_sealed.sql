-- +goose Up
-- Sealed entries leave the public tree: they stand in a chain of their own.
ALTER TABLE audit_entries ADD COLUMN link BIGINT NOT NULL DEFAULT -1;
ALTER TABLE audit_entries ADD COLUMN chain BYTEA NOT NULL DEFAULT '';
DROP INDEX audit_entries_waiting;
CREATE INDEX audit_entries_waiting ON audit_entries (id) WHERE position < 0 AND NOT sealed;
CREATE INDEX audit_entries_unlinked ON audit_entries (id) WHERE position < 0 AND sealed AND link < 0;
CREATE UNIQUE INDEX audit_entries_link ON audit_entries (link) WHERE link >= 0;
