-- +goose Up
-- What the nightly erasing looks through: petitions that still name their voter.
CREATE INDEX petitions_contacts ON petitions_petitions (id) WHERE voter_name <> '' OR email <> '' OR phone <> '';
