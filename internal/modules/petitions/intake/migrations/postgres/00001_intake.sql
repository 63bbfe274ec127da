-- +goose Up
CREATE TABLE petitions_meetings (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, body_id TEXT NOT NULL, mark TEXT NOT NULL UNIQUE, held_on TEXT NOT NULL, place TEXT NOT NULL, units TEXT NOT NULL,
    constituency TEXT NOT NULL, session TEXT NOT NULL, deputies TEXT NOT NULL, person_id TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX petitions_meetings_held ON petitions_meetings (council_id, held_on DESC, id DESC);
CREATE TABLE petitions_sources (
    petition_id TEXT PRIMARY KEY, council_id TEXT NOT NULL, channel TEXT NOT NULL, meeting_id TEXT NOT NULL, batch_id TEXT NOT NULL, line BIGINT NOT NULL,
    raised_on TEXT NOT NULL, session TEXT NOT NULL, origin TEXT NOT NULL, address TEXT NOT NULL, deputy TEXT NOT NULL, field TEXT NOT NULL, body TEXT NOT NULL,
    note TEXT NOT NULL, person_id TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX petitions_sources_meeting ON petitions_sources (meeting_id, petition_id DESC) WHERE meeting_id <> '';
CREATE TABLE petitions_batches (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, body_id TEXT NOT NULL, file_name TEXT NOT NULL, file_sum TEXT NOT NULL, sheet TEXT NOT NULL,
    header_row BIGINT NOT NULL, days_1904 BOOLEAN NOT NULL, columns TEXT NOT NULL, defaults TEXT NOT NULL, state TEXT NOT NULL,
    actor TEXT NOT NULL, reason TEXT NOT NULL, created_at BIGINT NOT NULL, started_at BIGINT NOT NULL, ended_at BIGINT NOT NULL
);
CREATE INDEX petitions_batches_new ON petitions_batches (council_id, created_at DESC, id DESC);
CREATE INDEX petitions_batches_state ON petitions_batches (state, created_at);
CREATE TABLE petitions_batch_rows (
    batch_id TEXT NOT NULL REFERENCES petitions_batches (id), number BIGINT NOT NULL, council_id TEXT NOT NULL, cells TEXT NOT NULL, state TEXT NOT NULL, mark TEXT NOT NULL,
    content TEXT NOT NULL, problems TEXT NOT NULL, petition_id TEXT NOT NULL, code TEXT NOT NULL, PRIMARY KEY (batch_id, number)
);
CREATE INDEX petitions_batch_rows_state ON petitions_batch_rows (batch_id, state, number);
CREATE INDEX petitions_batch_rows_mark ON petitions_batch_rows (council_id, mark) WHERE petition_id <> '';
