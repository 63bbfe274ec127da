-- +goose Up
-- A list is of one procedure, so the indexes name it after whose list it is; and
-- they end with what is asked besides, so that rare combinations are told and
-- rows are counted without reading the rows themselves.
DROP INDEX cases_new;
DROP INDEX cases_state;
DROP INDEX cases_unit;
DROP INDEX cases_field;
DROP INDEX cases_holder;
DROP INDEX cases_examiner;
DROP INDEX cases_assignee;
DROP INDEX cases_public;
DROP INDEX cases_public_unit;
DROP INDEX cases_public_field;
DROP INDEX cases_due;
DROP INDEX cases_holder_due;
DROP INDEX cases_examiner_due;
DROP INDEX cases_assignee_due;
CREATE INDEX cases_new ON cases_cases (council_id, procedure, opened_at DESC, id DESC, sealed);
CREATE INDEX cases_unit ON cases_cases (council_id, procedure, unit_code, opened_at DESC, id DESC, state, field, sealed);
CREATE INDEX cases_field ON cases_cases (council_id, procedure, field, opened_at DESC, id DESC, state, sealed);
CREATE INDEX cases_holder ON cases_cases (holder_body_id, procedure, opened_at DESC, id DESC, state, field, unit_code, council_id, sealed) WHERE holder_body_id <> '';
CREATE INDEX cases_examiner ON cases_cases (examiner_body_id, procedure, opened_at DESC, id DESC, state, field, unit_code, sealed) WHERE examiner_body_id <> '';
CREATE INDEX cases_assignee ON cases_cases (assignee_post_id, procedure, opened_at DESC, id DESC, state, sealed) WHERE assignee_post_id <> '';
CREATE INDEX cases_public ON cases_cases (procedure, opened_at DESC, id DESC, state, sealed) WHERE public;
CREATE INDEX cases_public_unit ON cases_cases (procedure, unit_code, opened_at DESC, id DESC, state, field, sealed) WHERE public;
CREATE INDEX cases_public_field ON cases_cases (procedure, field, opened_at DESC, id DESC, state, sealed) WHERE public;
CREATE INDEX cases_due ON cases_cases (council_id, procedure, due, id, state, field, unit_code, sealed) WHERE open AND due <> '';
CREATE INDEX cases_holder_due ON cases_cases (holder_body_id, procedure, due, id, state, field, unit_code, council_id, sealed) WHERE open AND due <> '' AND holder_body_id <> '';
CREATE INDEX cases_examiner_due ON cases_cases (examiner_body_id, procedure, due, id, state, field, unit_code, sealed) WHERE open AND due <> '' AND examiner_body_id <> '';
CREATE INDEX cases_assignee_due ON cases_cases (assignee_post_id, procedure, due, id, state, sealed) WHERE open AND due <> '' AND assignee_post_id <> '';
-- The ended cases by state. Among a million of them few may have both a state and
-- a field that are common by themselves.
CREATE INDEX cases_ended ON cases_cases (council_id, procedure, state, opened_at DESC, id DESC, unit_code, sealed) WHERE NOT open;
CREATE INDEX cases_ended_field ON cases_cases (council_id, procedure, state, field, opened_at DESC, id DESC, unit_code, sealed) WHERE NOT open;
-- The few cases that go on, by state: among a million closed ones they are found
-- at once, whatever else is asked of them.
CREATE INDEX cases_open ON cases_cases (council_id, procedure, state, opened_at DESC, id DESC, field, unit_code, holder_body_id, sealed) WHERE open;
CREATE INDEX cases_holder_open ON cases_cases (holder_body_id, procedure, state, opened_at DESC, id DESC, field, unit_code, council_id, sealed) WHERE open AND holder_body_id <> '';
CREATE INDEX cases_examiner_open ON cases_cases (examiner_body_id, procedure, state, opened_at DESC, id DESC, field, unit_code, sealed) WHERE open AND examiner_body_id <> '';
-- What the overview counts.
CREATE INDEX cases_duties ON cases_cases (council_id, procedure, state, waits, holder_body_id, due) WHERE open AND due <> '' AND NOT sealed;
-- To check a reference a serializable transaction reads the newest end of the
-- cases' index, where every other intake writes: half of all retries were for
-- that. SQLite, on which every test runs too, keeps the references.
ALTER TABLE cases_acts DROP CONSTRAINT cases_acts_case_id_fkey;
ALTER TABLE cases_deadlines DROP CONSTRAINT cases_deadlines_case_id_fkey;
-- PostgreSQL measures its tables by itself; SQLite is told (see there).
ANALYZE cases_cases;
