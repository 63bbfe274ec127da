-- +goose Up
-- Promises are read from petitions_promises since.
DROP INDEX petitions_answers_promised;
