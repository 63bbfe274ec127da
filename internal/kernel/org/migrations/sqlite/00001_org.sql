-- +goose Up
CREATE TABLE org_units (
    code TEXT NOT NULL, valid_from TEXT NOT NULL, valid_to TEXT NOT NULL,
    name TEXT NOT NULL, full_name TEXT NOT NULL, full_name_en TEXT NOT NULL, kind TEXT NOT NULL, parent TEXT NOT NULL, sort_key TEXT NOT NULL, folded TEXT NOT NULL,
    PRIMARY KEY (code, valid_from)
);
CREATE INDEX org_units_parent ON org_units (parent, sort_key);
CREATE TABLE org_unit_successors (
    old_code TEXT NOT NULL, old_name TEXT NOT NULL, old_folded TEXT NOT NULL, new_code TEXT NOT NULL, since TEXT NOT NULL,
    PRIMARY KEY (old_code, old_name, new_code)
);
CREATE INDEX org_unit_successors_folded ON org_unit_successors (old_folded);
CREATE TABLE org_councils (
    id TEXT PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_en TEXT NOT NULL, level TEXT NOT NULL,
    unit_code TEXT NOT NULL, parent_id TEXT NOT NULL, sort_key TEXT NOT NULL, demonstration BOOLEAN NOT NULL, version BIGINT NOT NULL
);
CREATE TABLE org_terms (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL REFERENCES org_councils (id), number TEXT NOT NULL, name TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL
);
CREATE TABLE org_bodies (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL REFERENCES org_councils (id), kind TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL,
    superior TEXT NOT NULL, symbol TEXT NOT NULL, place TEXT NOT NULL, unit_code TEXT NOT NULL, fields TEXT NOT NULL, sort_key TEXT NOT NULL, folded TEXT NOT NULL,
    valid_from TEXT NOT NULL, valid_to TEXT NOT NULL, successor_id TEXT NOT NULL, version BIGINT NOT NULL,
    UNIQUE (council_id, code)
);
CREATE INDEX org_bodies_kind ON org_bodies (kind, council_id, sort_key);
CREATE TABLE org_people (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, sort_key TEXT NOT NULL, email TEXT NOT NULL, phone TEXT NOT NULL, demonstration BOOLEAN NOT NULL, version BIGINT NOT NULL
);
CREATE TABLE org_posts (
    id TEXT PRIMARY KEY, person_id TEXT NOT NULL REFERENCES org_people (id), body_id TEXT NOT NULL REFERENCES org_bodies (id),
    title TEXT NOT NULL, roles TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX org_posts_person ON org_posts (person_id);
CREATE INDEX org_posts_body ON org_posts (body_id);
CREATE TABLE org_delegations (
    id TEXT PRIMARY KEY, from_post TEXT NOT NULL REFERENCES org_posts (id), to_post TEXT NOT NULL REFERENCES org_posts (id),
    scope TEXT NOT NULL, onward BOOLEAN NOT NULL, document TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL, ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX org_delegations_to ON org_delegations (to_post);
CREATE INDEX org_delegations_from ON org_delegations (from_post);
