-- +goose Up
CREATE TABLE auth_accounts (
    person_id TEXT PRIMARY KEY REFERENCES org_people (id), council_id TEXT NOT NULL REFERENCES org_councils (id),
    login TEXT NOT NULL, login_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL, password_at BIGINT NOT NULL, must_change BOOLEAN NOT NULL, disabled_at BIGINT NOT NULL,
    totp_secret TEXT NOT NULL, totp_at BIGINT NOT NULL, totp_step BIGINT NOT NULL,
    created_at BIGINT NOT NULL, version BIGINT NOT NULL
);
CREATE INDEX auth_accounts_council ON auth_accounts (council_id, login_key);
CREATE TABLE auth_recovery_codes (
    person_id TEXT NOT NULL REFERENCES auth_accounts (person_id), code_hash TEXT NOT NULL, used_at BIGINT NOT NULL,
    PRIMARY KEY (person_id, code_hash)
);
CREATE TABLE auth_sign_ins (
    id TEXT PRIMARY KEY, token_hash TEXT NOT NULL UNIQUE, person_id TEXT NOT NULL REFERENCES org_people (id),
    post_id TEXT NOT NULL, delegation_id TEXT NOT NULL, method TEXT NOT NULL, assurance BIGINT NOT NULL, strong_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, address TEXT NOT NULL, agent TEXT NOT NULL,
    ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL
);
CREATE INDEX auth_sign_ins_person ON auth_sign_ins (person_id, created_at);
CREATE INDEX auth_sign_ins_expires ON auth_sign_ins (expires_at);
CREATE TABLE auth_failures (
    kind TEXT NOT NULL, subject TEXT NOT NULL, failures BIGINT NOT NULL, since BIGINT NOT NULL, locked_until BIGINT NOT NULL,
    PRIMARY KEY (kind, subject)
);
CREATE TABLE auth_tokens (
    token_hash TEXT PRIMARY KEY, kind TEXT NOT NULL, person_id TEXT NOT NULL, method TEXT NOT NULL, assurance BIGINT NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, used_at BIGINT NOT NULL
);
CREATE INDEX auth_tokens_person ON auth_tokens (kind, person_id);
