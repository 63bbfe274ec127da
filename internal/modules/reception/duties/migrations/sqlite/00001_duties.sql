-- +goose Up
-- What a deputy got from a citizen and what became of their duty. Nothing of the
-- letter itself stands here, so that nothing has to leave when it is sealed.
CREATE TABLE reception_duties (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, person_id TEXT NOT NULL, name TEXT NOT NULL, title TEXT NOT NULL, year BIGINT NOT NULL, number BIGINT NOT NULL,
    received_on TEXT NOT NULL, way TEXT NOT NULL, asked BOOLEAN NOT NULL, state TEXT NOT NULL, letter_id TEXT NOT NULL, done_on TEXT NOT NULL, guided TEXT NOT NULL,
    answered_on TEXT NOT NULL, told_on TEXT NOT NULL, told TEXT NOT NULL, waits TEXT NOT NULL, rung BIGINT NOT NULL, mark TEXT NOT NULL, created_at BIGINT NOT NULL, revision BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_duties_number ON reception_duties (person_id, council_id, year, number);
CREATE UNIQUE INDEX reception_duties_once ON reception_duties (person_id, mark) WHERE mark <> '';
CREATE INDEX reception_duties_council ON reception_duties (council_id, id DESC);
CREATE INDEX reception_duties_person ON reception_duties (person_id, council_id, id DESC);
CREATE INDEX reception_duties_waiting ON reception_duties (council_id, waits, id DESC) WHERE waits <> '';
CREATE INDEX reception_duties_open ON reception_duties (id) WHERE waits <> '';
CREATE UNIQUE INDEX reception_duties_letter ON reception_duties (letter_id) WHERE letter_id <> '';
