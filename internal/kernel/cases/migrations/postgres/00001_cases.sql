-- +goose Up
CREATE TABLE cases_procedures (
    name TEXT NOT NULL, version BIGINT NOT NULL, sum TEXT NOT NULL, since BIGINT NOT NULL, PRIMARY KEY (name, version)
);
CREATE TABLE cases_cases (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, procedure TEXT NOT NULL, procedure_version BIGINT NOT NULL, code TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    state TEXT NOT NULL, waits TEXT NOT NULL, open BOOLEAN NOT NULL, round BIGINT NOT NULL, opened_at BIGINT NOT NULL, changed_at BIGINT NOT NULL, closed_at BIGINT NOT NULL,
    owner_body_id TEXT NOT NULL, holder_body_id TEXT NOT NULL, examiner_body_id TEXT NOT NULL, assignee_post_id TEXT NOT NULL,
    field TEXT NOT NULL, unit_code TEXT NOT NULL, public BOOLEAN NOT NULL, sealed BOOLEAN NOT NULL, due TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX cases_new ON cases_cases (council_id, opened_at DESC, id DESC);
CREATE INDEX cases_state ON cases_cases (council_id, state, opened_at DESC, id DESC);
CREATE INDEX cases_unit ON cases_cases (council_id, unit_code, opened_at DESC, id DESC);
CREATE INDEX cases_field ON cases_cases (council_id, field, opened_at DESC, id DESC);
CREATE INDEX cases_holder ON cases_cases (holder_body_id, opened_at DESC, id DESC) WHERE holder_body_id <> '';
CREATE INDEX cases_examiner ON cases_cases (examiner_body_id, opened_at DESC, id DESC) WHERE examiner_body_id <> '';
CREATE INDEX cases_assignee ON cases_cases (assignee_post_id, opened_at DESC, id DESC) WHERE assignee_post_id <> '';
CREATE INDEX cases_due ON cases_cases (council_id, due, id) WHERE open AND due <> '';
CREATE INDEX cases_holder_due ON cases_cases (holder_body_id, due, id) WHERE open AND due <> '' AND holder_body_id <> '';
CREATE INDEX cases_examiner_due ON cases_cases (examiner_body_id, due, id) WHERE open AND due <> '' AND examiner_body_id <> '';
CREATE INDEX cases_assignee_due ON cases_cases (assignee_post_id, due, id) WHERE open AND due <> '' AND assignee_post_id <> '';
CREATE INDEX cases_public ON cases_cases (public, opened_at DESC, id DESC) WHERE public;
CREATE TABLE cases_acts (
    id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases_cases (id), number BIGINT NOT NULL, verb TEXT NOT NULL, at BIGINT NOT NULL,
    from_state TEXT NOT NULL, to_state TEXT NOT NULL, round BIGINT NOT NULL,
    person_id TEXT NOT NULL, person_name TEXT NOT NULL, post_title TEXT NOT NULL, body_id TEXT NOT NULL, body_name TEXT NOT NULL, on_behalf TEXT NOT NULL,
    note TEXT NOT NULL, fields TEXT NOT NULL, document TEXT NOT NULL, papers TEXT NOT NULL, late BOOLEAN NOT NULL, public BOOLEAN NOT NULL, leaf_id TEXT NOT NULL
);
CREATE UNIQUE INDEX cases_acts_case ON cases_acts (case_id, number);
CREATE TABLE cases_deadlines (
    id TEXT PRIMARY KEY, case_id TEXT NOT NULL REFERENCES cases_cases (id), name TEXT NOT NULL, round BIGINT NOT NULL,
    rule_key TEXT NOT NULL, rule_from TEXT NOT NULL, basis TEXT NOT NULL, confirmed BOOLEAN NOT NULL, run TEXT NOT NULL,
    raw TEXT NOT NULL, due TEXT NOT NULL, planned TEXT NOT NULL, provisional BOOLEAN NOT NULL, status TEXT NOT NULL, is_window BOOLEAN NOT NULL,
    met_on TEXT NOT NULL, rung BIGINT NOT NULL, next_alarm TEXT NOT NULL
);
CREATE INDEX cases_deadlines_case ON cases_deadlines (case_id);
CREATE INDEX cases_deadlines_alarm ON cases_deadlines (next_alarm, id) WHERE next_alarm <> '';
CREATE INDEX cases_deadlines_live ON cases_deadlines (id) WHERE status IN ('running', 'paused');
