-- +goose Up
-- The clocks that run by one rule: asked when the law changes.
CREATE INDEX cases_deadlines_rule ON cases_deadlines (rule_key, id) WHERE status IN ('running', 'paused');
