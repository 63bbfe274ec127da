-- +goose Up
-- A visit is a number in the queue first, then the record of what was said. One
-- that is sealed (a denunciation) holds a date and nothing else.
CREATE TABLE reception_visits (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, on_day TEXT NOT NULL, day_id TEXT NOT NULL, number BIGINT NOT NULL, booking_id TEXT NOT NULL,
    host_post_id TEXT NOT NULL, host_name TEXT NOT NULL, host_title TEXT NOT NULL, leader BOOLEAN NOT NULL, delegated BOOLEAN NOT NULL, kind TEXT NOT NULL, online BOOLEAN NOT NULL,
    state TEXT NOT NULL, sealed BOOLEAN NOT NULL, priority BOOLEAN NOT NULL, arrived_at BIGINT NOT NULL, slot_at BIGINT NOT NULL, called_at BIGINT NOT NULL, called_by TEXT NOT NULL, called_name TEXT NOT NULL, desk TEXT NOT NULL,
    people BIGINT NOT NULL, appointment TEXT NOT NULL, minutes TEXT NOT NULL, minutes_read BOOLEAN NOT NULL, minutes_sign TEXT NOT NULL,
    ground TEXT NOT NULL, ground_note TEXT NOT NULL, refused_on TEXT NOT NULL, notice_due TEXT NOT NULL, notice_symbol TEXT NOT NULL, notice_on TEXT NOT NULL,
    conclusion TEXT NOT NULL, conclusion_symbol TEXT NOT NULL, conclusion_on TEXT NOT NULL, ended_at BIGINT NOT NULL, ended_name TEXT NOT NULL, mark TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_visits_number ON reception_visits (council_id, on_day, day_id, number) WHERE number > 0;
CREATE UNIQUE INDEX reception_visits_once ON reception_visits (council_id, mark) WHERE mark <> '';
CREATE UNIQUE INDEX reception_visits_booking ON reception_visits (booking_id) WHERE booking_id <> '';
CREATE INDEX reception_visits_council ON reception_visits (council_id, id);
CREATE INDEX reception_visits_queue ON reception_visits (council_id, on_day, day_id, state, number);
CREATE INDEX reception_visits_notices ON reception_visits (council_id, notice_due, id) WHERE notice_due <> '' AND notice_on = '';
CREATE INDEX reception_visits_conclusions ON reception_visits (council_id, on_day, id) WHERE leader AND state = 'done' AND NOT sealed AND conclusion_on = '';
-- The number of an identity paper lies in paper_box, sealed; last four signs and
-- a keyed digest stand beside it, to show and to find the same person again.
CREATE TABLE reception_visitors (
    id TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES reception_visits (id), council_id TEXT NOT NULL, position BIGINT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, address TEXT NOT NULL, contact TEXT NOT NULL,
    role TEXT NOT NULL, capacity_paper TEXT NOT NULL, paper_kind TEXT NOT NULL, paper_box TEXT NOT NULL, paper_last TEXT NOT NULL, paper_digest TEXT NOT NULL
);
CREATE UNIQUE INDEX reception_visitors_place ON reception_visitors (visit_id, position);
CREATE INDEX reception_visitors_paper ON reception_visitors (council_id, paper_digest, id) WHERE paper_digest <> '';
-- One content of a visit is one line of the log (Mẫu 03/TCD).
CREATE TABLE reception_lines (
    id TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES reception_visits (id), council_id TEXT NOT NULL, on_day TEXT NOT NULL, position BIGINT NOT NULL, year BIGINT NOT NULL, log_no BIGINT NOT NULL,
    class TEXT NOT NULL, times TEXT NOT NULL, sealed BOOLEAN NOT NULL, summary TEXT NOT NULL, earlier TEXT NOT NULL, request TEXT NOT NULL, people BIGINT NOT NULL, settled_by TEXT NOT NULL, outcome TEXT NOT NULL,
    to_body TEXT NOT NULL, symbol TEXT NOT NULL, follow TEXT NOT NULL, note TEXT NOT NULL, tell_due TEXT NOT NULL, told_on TEXT NOT NULL, case_id TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_lines_place ON reception_lines (visit_id, position);
CREATE UNIQUE INDEX reception_lines_number ON reception_lines (council_id, year, log_no) WHERE log_no > 0;
CREATE INDEX reception_lines_log ON reception_lines (council_id, on_day, log_no) WHERE log_no > 0;
CREATE INDEX reception_lines_tell ON reception_lines (council_id, tell_due, id) WHERE tell_due <> '' AND told_on = '';
CREATE TABLE reception_receipts (
    id TEXT PRIMARY KEY, visit_id TEXT NOT NULL REFERENCES reception_visits (id), number BIGINT NOT NULL, items TEXT NOT NULL, given_on TEXT NOT NULL, by_id TEXT NOT NULL, by_name TEXT NOT NULL, mark TEXT NOT NULL
);
CREATE UNIQUE INDEX reception_receipts_number ON reception_receipts (visit_id, number);
CREATE UNIQUE INDEX reception_receipts_once ON reception_receipts (visit_id, mark) WHERE mark <> '';
-- The last number given: of a queue on a day, of a council's log in a year.
CREATE TABLE reception_counts (
    name TEXT PRIMARY KEY, last BIGINT NOT NULL
);
