-- +goose Up
CREATE TABLE reception_days (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, kind TEXT NOT NULL, day TEXT NOT NULL, starts TEXT NOT NULL, ends TEXT NOT NULL, place TEXT NOT NULL,
    online BOOLEAN NOT NULL, joining TEXT NOT NULL, host_post_id TEXT NOT NULL, host_person_id TEXT NOT NULL, host_name TEXT NOT NULL, host_title TEXT NOT NULL, leader BOOLEAN NOT NULL, for_whom TEXT NOT NULL,
    participants TEXT NOT NULL, subjects TEXT NOT NULL, slot_minutes BIGINT NOT NULL, slot_seats BIGINT NOT NULL,
    state TEXT NOT NULL, late_reason TEXT NOT NULL, publish_by TEXT NOT NULL, change_note TEXT NOT NULL,
    drafted_by TEXT NOT NULL, drafted_name TEXT NOT NULL, published_at BIGINT NOT NULL, published_by TEXT NOT NULL, published_name TEXT NOT NULL, changed_at BIGINT NOT NULL,
    tested_on TEXT NOT NULL, recording TEXT NOT NULL, alarmed_on TEXT NOT NULL, mark TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE INDEX reception_days_council ON reception_days (council_id, state, day, id);
CREATE INDEX reception_days_day ON reception_days (council_id, day, id);
CREATE INDEX reception_days_host ON reception_days (host_post_id, day, id);
CREATE INDEX reception_days_coming ON reception_days (day, id) WHERE state <> 'cancelled';
-- The same form sent twice drafts once.
CREATE UNIQUE INDEX reception_days_once ON reception_days (council_id, mark) WHERE mark <> '';
-- seat numbers the parties of one slot from 1; 0: given up. The index keeps a
-- slot from holding more than it has, also when two people book at once.
CREATE TABLE reception_bookings (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, day_id TEXT NOT NULL REFERENCES reception_days (id), slot TEXT NOT NULL, seat BIGINT NOT NULL, code TEXT NOT NULL,
    unnamed BOOLEAN NOT NULL, name TEXT NOT NULL, contact TEXT NOT NULL, subject TEXT NOT NULL, people BIGINT NOT NULL, lang TEXT NOT NULL,
    state TEXT NOT NULL, news TEXT NOT NULL, told_at BIGINT NOT NULL, told_by TEXT NOT NULL, booked_at BIGINT NOT NULL, mark TEXT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_bookings_seat ON reception_bookings (day_id, slot, seat) WHERE seat > 0;
CREATE UNIQUE INDEX reception_bookings_code ON reception_bookings (code);
CREATE UNIQUE INDEX reception_bookings_once ON reception_bookings (day_id, mark) WHERE mark <> '';
CREATE INDEX reception_bookings_contact ON reception_bookings (day_id, contact) WHERE seat > 0 AND contact <> '';
CREATE TABLE reception_hours (
    council_id TEXT PRIMARY KEY, place TEXT NOT NULL, hours TEXT NOT NULL, contact TEXT NOT NULL, note TEXT NOT NULL, set_at BIGINT NOT NULL, set_by TEXT NOT NULL, set_name TEXT NOT NULL, revision BIGINT NOT NULL
);
