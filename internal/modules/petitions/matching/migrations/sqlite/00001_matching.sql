-- +goose Up
CREATE TABLE petitions_groups (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, lead_id TEXT NOT NULL, title TEXT NOT NULL, by_person TEXT NOT NULL, by_name TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE petitions_group_members (
    group_id TEXT NOT NULL REFERENCES petitions_groups (id), petition_id TEXT NOT NULL, added_by TEXT NOT NULL, added_name TEXT NOT NULL, added_at BIGINT NOT NULL,
    removed_by TEXT NOT NULL, removed_at BIGINT NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (group_id, petition_id, added_at)
);
-- A petition is in one group at a time: in two, it would get two answers.
CREATE UNIQUE INDEX petitions_group_members_now ON petitions_group_members (petition_id) WHERE removed_at = 0;
CREATE TABLE petitions_learned (
    council_id TEXT NOT NULL, field TEXT NOT NULL, petitions BIGINT NOT NULL, words TEXT NOT NULL, learned_at BIGINT NOT NULL, PRIMARY KEY (council_id, field)
);
CREATE TABLE petitions_replies (
    id TEXT PRIMARY KEY, body_id TEXT NOT NULL, person_id TEXT NOT NULL, document TEXT NOT NULL, text TEXT NOT NULL, files TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX petitions_replies_body ON petitions_replies (body_id, at DESC, id DESC);
CREATE INDEX petitions_replies_at ON petitions_replies (at);
