-- +goose Up
CREATE TABLE petitions_shares (
    id TEXT PRIMARY KEY, petition_id TEXT NOT NULL, round BIGINT NOT NULL, council_id TEXT NOT NULL, lead_id TEXT NOT NULL, body_id TEXT NOT NULL,
    question TEXT NOT NULL, due TEXT NOT NULL, state TEXT NOT NULL, open BOOLEAN NOT NULL, assignee_post_id TEXT NOT NULL,
    document TEXT NOT NULL, reason TEXT NOT NULL, note TEXT NOT NULL, back_note TEXT NOT NULL, end_note TEXT NOT NULL, papers TEXT NOT NULL, mark TEXT NOT NULL,
    asked_at BIGINT NOT NULL, asked_by TEXT NOT NULL, asked_name TEXT NOT NULL, asked_post_id TEXT NOT NULL, asked_body_id TEXT NOT NULL,
    replied_at BIGINT NOT NULL, replied_by TEXT NOT NULL, replied_name TEXT NOT NULL, replied_title TEXT NOT NULL, ended_at BIGINT NOT NULL,
    next_alarm TEXT NOT NULL, revision BIGINT NOT NULL
);
-- One open request of a petition for each body: a double click asks once.
CREATE UNIQUE INDEX petitions_shares_one ON petitions_shares (petition_id, body_id) WHERE open;
CREATE INDEX petitions_shares_petition ON petitions_shares (petition_id, id);
CREATE INDEX petitions_shares_open ON petitions_shares (body_id, due, id) WHERE open;
CREATE INDEX petitions_shares_body ON petitions_shares (body_id, id DESC, state);
CREATE INDEX petitions_shares_officer_open ON petitions_shares (assignee_post_id, due, id) WHERE open AND assignee_post_id <> '';
CREATE INDEX petitions_shares_officer ON petitions_shares (assignee_post_id, id DESC, state) WHERE assignee_post_id <> '';
CREATE INDEX petitions_shares_alarm ON petitions_shares (next_alarm, id) WHERE next_alarm <> '';
-- What is asked of each point, as it read on that day, and the reply.
CREATE TABLE petitions_share_points (
    share_id TEXT NOT NULL REFERENCES petitions_shares (id), number BIGINT NOT NULL, asked TEXT NOT NULL, reply TEXT NOT NULL, promised TEXT NOT NULL,
    PRIMARY KEY (share_id, number)
);
CREATE TABLE petitions_disputes (
    id TEXT PRIMARY KEY, petition_id TEXT NOT NULL, round BIGINT NOT NULL, council_id TEXT NOT NULL, lead_id TEXT NOT NULL, lead_note TEXT NOT NULL, since BIGINT NOT NULL,
    state TEXT NOT NULL, body_id TEXT NOT NULL, reason TEXT NOT NULL, decided_at BIGINT NOT NULL, decided_by TEXT NOT NULL, decided_name TEXT NOT NULL, decided_title TEXT NOT NULL,
    revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX petitions_disputes_one ON petitions_disputes (petition_id) WHERE state = 'open';
CREATE INDEX petitions_disputes_petition ON petitions_disputes (petition_id, id);
CREATE INDEX petitions_disputes_council ON petitions_disputes (council_id, state, id);
