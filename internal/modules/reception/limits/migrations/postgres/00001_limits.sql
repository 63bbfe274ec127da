-- +goose Up
CREATE TABLE reception_limits (
    id TEXT PRIMARY KEY, mark TEXT NOT NULL UNIQUE, council_id TEXT NOT NULL, rule_key TEXT NOT NULL, days BIGINT NOT NULL, unit TEXT NOT NULL,
    article TEXT NOT NULL, source TEXT NOT NULL, note TEXT NOT NULL, confirmed BOOLEAN NOT NULL, from_day TEXT NOT NULL,
    reach TEXT NOT NULL, reach_article TEXT NOT NULL, reach_since TEXT NOT NULL, base TEXT NOT NULL, state TEXT NOT NULL,
    drawn_by TEXT NOT NULL, drawn_name TEXT NOT NULL, drawn_chain TEXT NOT NULL, drawn_at BIGINT NOT NULL,
    trial TEXT NOT NULL, tried_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL, decided_name TEXT NOT NULL, on_behalf TEXT NOT NULL, decided_at BIGINT NOT NULL, why TEXT NOT NULL,
    round BIGINT NOT NULL, place TEXT NOT NULL, changed BIGINT NOT NULL, counted BOOLEAN NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX reception_limits_rule ON reception_limits (rule_key, id DESC);
CREATE INDEX reception_limits_state ON reception_limits (state, id DESC);
-- One line for each clock that a version counted again: what it was, what it is.
CREATE TABLE reception_limit_changes (
    limit_id TEXT NOT NULL, deadline_id TEXT NOT NULL, round BIGINT NOT NULL, case_id TEXT NOT NULL, body_id TEXT NOT NULL, council_id TEXT NOT NULL, sealed BOOLEAN NOT NULL,
    was TEXT NOT NULL, due TEXT NOT NULL, at BIGINT NOT NULL, PRIMARY KEY (limit_id, deadline_id)
);
CREATE INDEX reception_limit_changes_told ON reception_limit_changes (limit_id, round, body_id, sealed);
