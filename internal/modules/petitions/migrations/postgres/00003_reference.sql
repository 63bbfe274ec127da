-- +goose Up
-- As in cases: the check of this reference made intakes clash with each other.
ALTER TABLE petitions_petitions DROP CONSTRAINT petitions_petitions_id_fkey;
