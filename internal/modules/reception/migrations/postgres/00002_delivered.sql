-- +goose Up
-- A body's own list of what was forwarded to it.
CREATE INDEX reception_sendings_body ON reception_sendings (to_body_id, kind, id DESC);
