-- +goose Up
CREATE TABLE library_batches (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, body_id TEXT NOT NULL, name TEXT NOT NULL, source TEXT NOT NULL, state TEXT NOT NULL, actor TEXT NOT NULL,
    mark TEXT NOT NULL, created_at BIGINT NOT NULL, ended_at BIGINT NOT NULL
);
CREATE INDEX library_batches_new ON library_batches (council_id, id DESC);
-- The same form sent twice begins once.
CREATE UNIQUE INDEX library_batches_once ON library_batches (council_id, mark) WHERE mark <> '';
CREATE TABLE library_items (
    id TEXT PRIMARY KEY, batch_id TEXT NOT NULL REFERENCES library_batches (id), council_id TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL,
    hash TEXT NOT NULL, size_bytes BIGINT NOT NULL, kind TEXT NOT NULL, media_type TEXT NOT NULL, pages BIGINT NOT NULL, pages_done BIGINT NOT NULL,
    state TEXT NOT NULL, document_id TEXT NOT NULL, problem TEXT NOT NULL, notes TEXT NOT NULL, confidence DOUBLE PRECISION NOT NULL,
    attempts BIGINT NOT NULL, lease TEXT NOT NULL, lease_until BIGINT NOT NULL, begun_at BIGINT NOT NULL, ended_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX library_items_name ON library_items (batch_id, name);
CREATE UNIQUE INDEX library_items_number ON library_items (batch_id, number);
CREATE INDEX library_items_state ON library_items (batch_id, state, number);
CREATE INDEX library_items_hash ON library_items (council_id, hash);
-- Pages of a file that is being read: a long scan goes on where it stood.
CREATE TABLE library_item_pages (
    item_id TEXT NOT NULL REFERENCES library_items (id), number BIGINT NOT NULL, page TEXT NOT NULL, PRIMARY KEY (item_id, number)
);
