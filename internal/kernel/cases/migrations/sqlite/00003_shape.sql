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
-- What a city's cases look like after years, told to SQLite once. Without it
-- the planner takes a council for ten rows, and reads a hundred thousand closed
-- cases in order to find those of one ward. Written down and not measured, so
-- that lists are read in the same way on the first day and on the thousandth.
-- An index made anew loses its row here: a migration that makes one says it too.
ANALYZE cases_procedures;
DELETE FROM sqlite_stat1 WHERE tbl = 'cases_cases';
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
    ('cases_cases', 'sqlite_autoindex_cases_cases_1', '1000000 1'),
    ('cases_cases', 'sqlite_autoindex_cases_cases_2', '1000000 1'),
    ('cases_cases', 'cases_new', '1000000 1000000 800000 1 1 1'),
    ('cases_cases', 'cases_ended', '970000 970000 800000 100000 1 1 1 1'),
    ('cases_cases', 'cases_ended_field', '970000 970000 800000 100000 7000 1 1 1 1'),
    ('cases_cases', 'cases_unit', '1000000 1000000 800000 8000 1 1 1 1 1'),
    ('cases_cases', 'cases_field', '1000000 1000000 800000 60000 1 1 1 1'),
    ('cases_cases', 'cases_holder', '900000 45000 40000 1 1 1 1 1 1 1'),
    ('cases_cases', 'cases_examiner', '900000 220000 200000 1 1 1 1 1 1'),
    ('cases_cases', 'cases_assignee', '800000 800 700 1 1 1 1'),
    ('cases_cases', 'cases_public', '650000 600000 1 1 1 1'),
    ('cases_cases', 'cases_public_unit', '650000 600000 5000 1 1 1 1 1'),
    ('cases_cases', 'cases_public_field', '650000 600000 40000 1 1 1 1'),
    ('cases_cases', 'cases_due', '30000 30000 25000 300 1 1 1 1 1'),
    ('cases_cases', 'cases_holder_due', '20000 1000 900 15 1 1 1 1 1 1'),
    ('cases_cases', 'cases_examiner_due', '20000 5000 4500 75 1 1 1 1 1'),
    ('cases_cases', 'cases_assignee_due', '15000 15 14 2 1 1 1'),
    ('cases_cases', 'cases_open', '30000 30000 25000 3000 1 1 1 1 1 1'),
    ('cases_cases', 'cases_holder_open', '20000 1000 900 500 1 1 1 1 1 1'),
    ('cases_cases', 'cases_examiner_open', '20000 5000 4500 1500 1 1 1 1 1'),
    ('cases_cases', 'cases_duties', '30000 30000 25000 3000 3000 100 2');
ANALYZE sqlite_schema;
