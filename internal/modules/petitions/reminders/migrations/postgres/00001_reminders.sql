-- +goose Up
-- Letters that press for answers. One draft at a time for each office and body,
-- so that a double click makes no second one. settled_on is the day on which the
-- body owed nothing any more: the ladder begins anew after it.
CREATE TABLE petitions_reminders (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, office_id TEXT NOT NULL, body_id TEXT NOT NULL, to_body_id TEXT NOT NULL,
    rung BIGINT NOT NULL, why TEXT NOT NULL, words TEXT NOT NULL, answer_by TEXT NOT NULL, state TEXT NOT NULL, hands TEXT NOT NULL,
    drawn_name TEXT NOT NULL, drawn_at BIGINT NOT NULL, signer TEXT NOT NULL, signer_title TEXT NOT NULL, on_behalf TEXT NOT NULL, from_body_id TEXT NOT NULL,
    signed_on TEXT NOT NULL, signed_at BIGINT NOT NULL, number BIGINT NOT NULL, symbol TEXT NOT NULL, paper_id TEXT NOT NULL, left_out TEXT NOT NULL,
    received_name TEXT NOT NULL, received_at BIGINT NOT NULL, settled_on TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX petitions_reminders_draft ON petitions_reminders (office_id, body_id) WHERE state = 'draft';
CREATE INDEX petitions_reminders_office ON petitions_reminders (office_id, state, signed_at DESC, id DESC);
CREATE INDEX petitions_reminders_body ON petitions_reminders (body_id, state, signed_at DESC, id DESC);
CREATE INDEX petitions_reminders_to ON petitions_reminders (to_body_id, state, signed_at DESC, id DESC);
CREATE INDEX petitions_reminders_open ON petitions_reminders (office_id, body_id, rung) WHERE state = 'signed' AND settled_on = '';
CREATE INDEX petitions_reminders_day ON petitions_reminders (council_id, signed_on, body_id, rung) WHERE state = 'signed';
CREATE TABLE petitions_reminder_lines (
    reminder_id TEXT NOT NULL REFERENCES petitions_reminders (id), petition_id TEXT NOT NULL, due TEXT NOT NULL, late_days BIGINT NOT NULL,
    transfer TEXT NOT NULL, earlier TEXT NOT NULL, printed BOOLEAN NOT NULL, PRIMARY KEY (reminder_id, petition_id)
);
CREATE INDEX petitions_reminder_lines_petition ON petitions_reminder_lines (petition_id, reminder_id);
-- Dates that bodies committed themselves to: in an answer, or in reply to a letter.
CREATE TABLE petitions_promises (
    id TEXT PRIMARY KEY, petition_id TEXT NOT NULL, council_id TEXT NOT NULL, body_id TEXT NOT NULL, source TEXT NOT NULL, origin TEXT NOT NULL, number BIGINT NOT NULL,
    promised TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, moves BIGINT NOT NULL, made_on TEXT NOT NULL, broken_on TEXT NOT NULL, ended_on TEXT NOT NULL,
    asked TEXT NOT NULL, asked_due TEXT NOT NULL, asked_on TEXT NOT NULL, next_alarm TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX petitions_promises_origin ON petitions_promises (petition_id, source, origin, number);
CREATE INDEX petitions_promises_body ON petitions_promises (body_id, due, id) WHERE ended_on = '';
CREATE INDEX petitions_promises_body_ended ON petitions_promises (body_id, ended_on DESC, id DESC) WHERE ended_on <> '';
CREATE INDEX petitions_promises_council ON petitions_promises (council_id, due, id) WHERE ended_on = '';
CREATE INDEX petitions_promises_owed ON petitions_promises (council_id, body_id, due, petition_id) WHERE state = 'broken';
CREATE INDEX petitions_promises_asked ON petitions_promises (council_id, asked_on, id) WHERE asked <> '';
CREATE INDEX petitions_promises_alarm ON petitions_promises (next_alarm, id) WHERE next_alarm <> '';
CREATE INDEX petitions_promises_day ON petitions_promises (council_id, made_on, body_id, state, broken_on);
CREATE TABLE petitions_promise_acts (
    id TEXT PRIMARY KEY, promise_id TEXT NOT NULL REFERENCES petitions_promises (id), verb TEXT NOT NULL, at BIGINT NOT NULL,
    person_name TEXT NOT NULL, post_title TEXT NOT NULL, body_name TEXT NOT NULL, on_behalf TEXT NOT NULL,
    note TEXT NOT NULL, document TEXT NOT NULL, from_due TEXT NOT NULL, to_due TEXT NOT NULL
);
CREATE INDEX petitions_promise_acts_promise ON petitions_promise_acts (promise_id, id);
-- Each time a body was asked, and what became of it: what the comparison counts.
CREATE TABLE petitions_handled (
    petition_id TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, body_id TEXT NOT NULL, asked_on TEXT NOT NULL, status TEXT NOT NULL, days BIGINT NOT NULL,
    PRIMARY KEY (petition_id, number)
);
CREATE INDEX petitions_handled_council ON petitions_handled (council_id, body_id, status, asked_on, days);
CREATE INDEX petitions_handled_body ON petitions_handled (body_id, council_id, status, asked_on, days);
CREATE INDEX petitions_handled_waiting ON petitions_handled (council_id, asked_on, petition_id, body_id) WHERE status = 'waiting';
-- How far the acts of cases have been read.
CREATE TABLE petitions_following (
    name TEXT PRIMARY KEY, seen TEXT NOT NULL
);
