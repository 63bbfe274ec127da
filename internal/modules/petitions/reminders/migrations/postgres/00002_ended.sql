-- +goose Up
CREATE INDEX petitions_promises_council_ended ON petitions_promises (council_id, ended_on DESC, id DESC) WHERE ended_on <> '';
CREATE INDEX petitions_promises_council_body ON petitions_promises (council_id, body_id, state) WHERE ended_on = '';
