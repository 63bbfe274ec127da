-- +goose Up
CREATE TABLE ratings_ratings (
    petition_id TEXT NOT NULL, round BIGINT NOT NULL, council_id TEXT NOT NULL, body_id TEXT NOT NULL, code TEXT NOT NULL,
    score BIGINT NOT NULL, fixed TEXT NOT NULL, comment TEXT NOT NULL, day TEXT NOT NULL, at BIGINT NOT NULL,
    PRIMARY KEY (petition_id, round)
);
CREATE INDEX ratings_council ON ratings_ratings (council_id, at DESC, petition_id DESC);
CREATE INDEX ratings_body ON ratings_ratings (body_id, at DESC, petition_id DESC);
-- What the comparison counts, so that the ratings themselves are not read.
CREATE INDEX ratings_day ON ratings_ratings (council_id, day, body_id, score, fixed);
