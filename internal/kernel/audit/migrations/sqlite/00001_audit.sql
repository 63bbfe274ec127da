-- +goose Up
CREATE TABLE audit_entries (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, subject TEXT NOT NULL, ref TEXT NOT NULL, verb TEXT NOT NULL, at BIGINT NOT NULL,
    person_id TEXT NOT NULL, post_id TEXT NOT NULL, body_id TEXT NOT NULL, actor TEXT NOT NULL, address TEXT NOT NULL,
    papers TEXT NOT NULL, details TEXT NOT NULL, sealed BOOLEAN NOT NULL,
    salt BLOB NOT NULL, leaf TEXT NOT NULL, hash BLOB NOT NULL, mac BLOB NOT NULL, position BIGINT NOT NULL
);
CREATE INDEX audit_entries_waiting ON audit_entries (id) WHERE position < 0;
CREATE UNIQUE INDEX audit_entries_position ON audit_entries (position) WHERE position >= 0;
CREATE INDEX audit_entries_council ON audit_entries (council_id, id);
CREATE INDEX audit_entries_subject ON audit_entries (subject, id);
CREATE INDEX audit_entries_person ON audit_entries (person_id, id) WHERE person_id <> '';
CREATE TABLE audit_hashes (idx INTEGER PRIMARY KEY, hash BLOB NOT NULL);
CREATE TABLE audit_checkpoints (size INTEGER PRIMARY KEY, root BLOB NOT NULL, text TEXT NOT NULL, at BIGINT NOT NULL, mac BLOB NOT NULL);
CREATE TABLE audit_lease (name TEXT PRIMARY KEY, node TEXT NOT NULL, until BIGINT NOT NULL);
INSERT INTO audit_lease (name, node, until) VALUES ('sequencer', '', 0);
CREATE TABLE audit_erasures (
    entry_id TEXT PRIMARY KEY, erasure_id TEXT NOT NULL, subject TEXT NOT NULL, at BIGINT NOT NULL, reason TEXT NOT NULL, kept BLOB NOT NULL
);
CREATE INDEX audit_erasures_act ON audit_erasures (erasure_id, entry_id);
