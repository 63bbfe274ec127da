-- +goose Up
-- The public's lists are read over all councils; a leading column that is
-- always the same keeps SQLite from reading them in order.
DROP INDEX cases_public;
CREATE INDEX cases_public ON cases_cases (opened_at DESC, id DESC) WHERE public;
CREATE INDEX cases_public_unit ON cases_cases (unit_code, opened_at DESC, id DESC) WHERE public;
CREATE INDEX cases_public_field ON cases_cases (field, opened_at DESC, id DESC) WHERE public;
-- What is asked besides the leading facet stands at the end, so that rare
-- combinations are told from the index without reading each row.
DROP INDEX cases_unit;
CREATE INDEX cases_unit ON cases_cases (council_id, unit_code, opened_at DESC, id DESC, state, field);
DROP INDEX cases_field;
CREATE INDEX cases_field ON cases_cases (council_id, field, opened_at DESC, id DESC, state);
DROP INDEX cases_holder;
CREATE INDEX cases_holder ON cases_cases (holder_body_id, opened_at DESC, id DESC, state, field, unit_code) WHERE holder_body_id <> '';
