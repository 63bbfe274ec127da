-- +goose Up
CREATE TABLE library_documents (
    id           TEXT PRIMARY KEY,
    council_id   TEXT NOT NULL,
    body_id      TEXT NOT NULL,
    state        TEXT NOT NULL,
    access       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    symbol       TEXT NOT NULL,
    symbol_key   TEXT NOT NULL,
    slug         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    issuer       TEXT NOT NULL,
    unit         TEXT NOT NULL,
    level        TEXT NOT NULL,
    normative    BOOLEAN NOT NULL,
    field        TEXT NOT NULL,
    term         TEXT NOT NULL,
    session      TEXT NOT NULL,
    place        TEXT NOT NULL,
    signer       TEXT NOT NULL,
    signer_title TEXT NOT NULL,
    issued_on    TEXT NOT NULL,
    effective_on TEXT NOT NULL,
    expires_on   TEXT NOT NULL,
    read_how     TEXT NOT NULL,
    confidence   DOUBLE PRECISION NOT NULL,
    file_hash    TEXT NOT NULL,
    file_name    TEXT NOT NULL,
    media_type   TEXT NOT NULL,
    pages        BIGINT NOT NULL,
    paper_id     TEXT NOT NULL,
    created_at   BIGINT NOT NULL,
    published_at BIGINT NOT NULL,
    changed_at   BIGINT NOT NULL,
    revision     BIGINT NOT NULL
);
CREATE UNIQUE INDEX library_documents_slug ON library_documents (slug) WHERE slug <> '';
CREATE INDEX library_documents_file ON library_documents (council_id, file_hash);
CREATE INDEX library_documents_key ON library_documents (symbol_key, council_id) WHERE symbol_key <> '';
CREATE INDEX library_documents_council ON library_documents (council_id, id);
CREATE INDEX library_documents_state ON library_documents (council_id, state, id);
CREATE INDEX library_documents_public ON library_documents (published_at, id) WHERE state = 'published' AND access = 'public';

CREATE TABLE library_texts (
    document_id TEXT PRIMARY KEY,
    body        TEXT NOT NULL,
    reading     TEXT NOT NULL
);

CREATE TABLE library_provisions (
    document_id TEXT NOT NULL,
    seq         BIGINT NOT NULL,
    parent      BIGINT NOT NULL,
    anchor      TEXT NOT NULL,
    level       TEXT NOT NULL,
    number      TEXT NOT NULL,
    heading     TEXT NOT NULL,
    from_byte   BIGINT NOT NULL,
    body_byte   BIGINT NOT NULL,
    to_byte     BIGINT NOT NULL,
    PRIMARY KEY (document_id, seq)
);
CREATE UNIQUE INDEX library_provisions_anchor ON library_provisions (document_id, anchor);
