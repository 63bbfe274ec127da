-- +goose Up
-- The statistics ask what was let go since they last counted.
CREATE INDEX petitions_held_let ON petitions_held (ended_at, petition_id) WHERE state = 'released';
