-- +goose Up
-- Who of a council is named on the list of each new denunciation.
CREATE TABLE reception_keepers (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, person_id TEXT NOT NULL, name TEXT NOT NULL, keeper BOOLEAN NOT NULL, starts TEXT NOT NULL, until TEXT NOT NULL
);
CREATE INDEX reception_keepers_council ON reception_keepers (council_id, id);
-- Where denunciations of a council may live, from a day on.
CREATE TABLE reception_places (council_id TEXT NOT NULL, starts TEXT NOT NULL, id TEXT NOT NULL, place TEXT NOT NULL, PRIMARY KEY (council_id, starts, id));
-- What two people decide about the two tables above.
CREATE TABLE reception_changes (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, kind TEXT NOT NULL, entry_id TEXT NOT NULL, person_id TEXT NOT NULL, name TEXT NOT NULL, keeper BOOLEAN NOT NULL,
    place TEXT NOT NULL, starts TEXT NOT NULL, until TEXT NOT NULL, reason TEXT NOT NULL, state TEXT NOT NULL,
    proposed_by TEXT NOT NULL, proposer TEXT NOT NULL, side TEXT NOT NULL, chain TEXT NOT NULL, proposed_at BIGINT NOT NULL,
    decided_by TEXT NOT NULL, decider TEXT NOT NULL, decided_at BIGINT NOT NULL, mark TEXT NOT NULL
);
CREATE INDEX reception_changes_council ON reception_changes (council_id, id);
CREATE INDEX reception_changes_waiting ON reception_changes (council_id, id) WHERE state = 'proposed';
-- Denunciations as far as everybody in the office may know of them: that there
-- is one, and since which day.
CREATE TABLE reception_sealed (id TEXT PRIMARY KEY, council_id TEXT NOT NULL, day TEXT NOT NULL, place TEXT NOT NULL, book TEXT NOT NULL, mark TEXT NOT NULL);
CREATE INDEX reception_sealed_council ON reception_sealed (council_id, day DESC, id DESC);
CREATE INDEX reception_sealed_mark ON reception_sealed (council_id, mark) WHERE mark <> '';
-- Copies that identify nobody. The words stand here only once two people have
-- read them; before, they lie in the compartment.
CREATE TABLE reception_copies (
    file_id TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, words TEXT NOT NULL, state TEXT NOT NULL,
    made_by TEXT NOT NULL, maker TEXT NOT NULL, chain TEXT NOT NULL, made_at BIGINT NOT NULL, decided_by TEXT NOT NULL, decider TEXT NOT NULL, decided_at BIGINT NOT NULL,
    PRIMARY KEY (file_id, number)
);
