-- +goose Up
-- One row for each hand-in, added and never changed but to erase its marks. The
-- id of a petition's trace is the petition's. Every index costs each hand-in a
-- page of the log, so texts, which officials alone ask for, have none.
CREATE TABLE petitions_traces (
    id TEXT PRIMARY KEY, petition_id TEXT NOT NULL, council_id TEXT NOT NULL, unit_code TEXT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL,
    address_mark TEXT NOT NULL, network_mark TEXT NOT NULL, email_mark TEXT NOT NULL, phone_mark TEXT NOT NULL, text_mark TEXT NOT NULL
);
CREATE INDEX petitions_traces_at ON petitions_traces (at, council_id, unit_code);
CREATE INDEX petitions_traces_address ON petitions_traces (address_mark, at) WHERE address_mark <> '';
CREATE INDEX petitions_traces_network ON petitions_traces (network_mark, at) WHERE network_mark <> '';
CREATE INDEX petitions_traces_email ON petitions_traces (email_mark, at) WHERE email_mark <> '';
CREATE INDEX petitions_traces_phone ON petitions_traces (phone_mark, at) WHERE phone_mark <> '';
-- Proofs that were handed in with, and forms that drew up a batch: each is good once.
CREATE TABLE petitions_proofs (mark TEXT PRIMARY KEY, batch_id TEXT NOT NULL, at BIGINT NOT NULL);
CREATE INDEX petitions_proofs_at ON petitions_proofs (at);
CREATE TABLE petitions_held (
    petition_id TEXT PRIMARY KEY, council_id TEXT NOT NULL, unit_code TEXT NOT NULL, why TEXT NOT NULL, state TEXT NOT NULL, at BIGINT NOT NULL,
    ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL
);
CREATE INDEX petitions_held_waiting ON petitions_held (council_id, at, petition_id) WHERE state = 'held';
CREATE TABLE petitions_invalidations (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, body_id TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL, picked TEXT NOT NULL, state TEXT NOT NULL,
    drawn_by TEXT NOT NULL, drawn_at BIGINT NOT NULL, decided_by TEXT NOT NULL, decided_at BIGINT NOT NULL, ended_at BIGINT NOT NULL,
    undo_note TEXT NOT NULL, undo_asked_by TEXT NOT NULL, undo_asked_at BIGINT NOT NULL, undo_by TEXT NOT NULL, undo_at BIGINT NOT NULL
);
CREATE INDEX petitions_invalidations_new ON petitions_invalidations (council_id, id DESC);
CREATE TABLE petitions_invalidated (
    batch_id TEXT NOT NULL REFERENCES petitions_invalidations (id), petition_id TEXT NOT NULL, state TEXT NOT NULL, why TEXT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (batch_id, petition_id)
);
CREATE INDEX petitions_invalidated_state ON petitions_invalidated (batch_id, state, petition_id);
CREATE INDEX petitions_invalidated_petition ON petitions_invalidated (petition_id);
CREATE INDEX petitions_invalidated_done ON petitions_invalidated (at, batch_id) WHERE state = 'done';
CREATE TABLE petitions_alerts (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, scope TEXT NOT NULL, mark TEXT NOT NULL, span TEXT NOT NULL, n BIGINT NOT NULL, usual BIGINT NOT NULL,
    first_at BIGINT NOT NULL, last_at BIGINT NOT NULL, state TEXT NOT NULL, seen_by TEXT NOT NULL, seen_at BIGINT NOT NULL, closed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX petitions_alerts_live ON petitions_alerts (council_id, scope, mark, span) WHERE state <> 'closed';
CREATE INDEX petitions_alerts_new ON petitions_alerts (council_id, id DESC);
