-- +goose Up
CREATE TABLE vault_compartments (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, subject TEXT NOT NULL, key_id TEXT NOT NULL, wrapped BLOB NOT NULL,
    made_at BIGINT NOT NULL, destroyed_at BIGINT NOT NULL, document TEXT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX vault_compartments_subject ON vault_compartments (subject, id);
CREATE INDEX vault_compartments_key ON vault_compartments (key_id, id);
CREATE TABLE vault_items (
    id TEXT PRIMARY KEY, compartment_id TEXT NOT NULL REFERENCES vault_compartments (id), name TEXT NOT NULL, chunks BIGINT NOT NULL,
    UNIQUE (compartment_id, name)
);
CREATE TABLE vault_chunks (
    item_id TEXT NOT NULL REFERENCES vault_items (id), idx BIGINT NOT NULL, box BLOB NOT NULL,
    PRIMARY KEY (item_id, idx)
);
CREATE TABLE vault_readers (
    id TEXT PRIMARY KEY, compartment_id TEXT NOT NULL REFERENCES vault_compartments (id), person_id TEXT NOT NULL, name TEXT NOT NULL,
    keeper BOOLEAN NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL, admitted_at BIGINT NOT NULL, admitted_by TEXT NOT NULL,
    ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL, end_reason TEXT NOT NULL, code TEXT NOT NULL
);
CREATE UNIQUE INDEX vault_readers_named ON vault_readers (compartment_id, person_id) WHERE ended_at = 0;
CREATE INDEX vault_readers_compartment ON vault_readers (compartment_id, id);
CREATE INDEX vault_readers_person ON vault_readers (person_id, compartment_id) WHERE ended_at = 0;
CREATE TABLE vault_reveals (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, compartment_id TEXT NOT NULL REFERENCES vault_compartments (id),
    person_id TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, behalf TEXT NOT NULL, glass_id TEXT NOT NULL,
    items TEXT NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL, why TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX vault_reveals_council ON vault_reveals (council_id, id);
CREATE INDEX vault_reveals_compartment ON vault_reveals (compartment_id, id);
CREATE TABLE vault_glass (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, compartment_id TEXT NOT NULL REFERENCES vault_compartments (id),
    person_id TEXT NOT NULL, name TEXT NOT NULL, chain TEXT NOT NULL, reason TEXT NOT NULL, asked_at BIGINT NOT NULL,
    granted_by TEXT NOT NULL, granter TEXT NOT NULL, granted_at BIGINT NOT NULL, until BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL, code TEXT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX vault_glass_council ON vault_glass (council_id, id);
CREATE INDEX vault_glass_person ON vault_glass (compartment_id, person_id, id);
