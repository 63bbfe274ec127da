-- +goose Up
CREATE TABLE notify_messages (
    id TEXT PRIMARY KEY, person_id TEXT NOT NULL, body_id TEXT NOT NULL, council_id TEXT NOT NULL, case_id TEXT NOT NULL,
    sentence TEXT NOT NULL, args TEXT NOT NULL, link TEXT NOT NULL, at BIGINT NOT NULL, read_at BIGINT NOT NULL
);
CREATE INDEX notify_messages_person ON notify_messages (person_id, id);
CREATE INDEX notify_messages_unread ON notify_messages (person_id) WHERE read_at = 0;
CREATE INDEX notify_messages_at ON notify_messages (at);
CREATE TABLE notify_mails (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, case_id TEXT NOT NULL, recipient TEXT NOT NULL, lang TEXT NOT NULL,
    subject TEXT NOT NULL, body TEXT NOT NULL, link TEXT NOT NULL, unsubscribe TEXT NOT NULL,
    state TEXT NOT NULL, last_error TEXT NOT NULL, created_at BIGINT NOT NULL, sent_at BIGINT NOT NULL
);
CREATE INDEX notify_mails_council ON notify_mails (council_id, id);
CREATE INDEX notify_mails_created ON notify_mails (created_at);
