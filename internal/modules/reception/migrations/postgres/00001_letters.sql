-- +goose Up
-- Of a sealed letter nothing that tells who wrote it, about whom or what stands
-- here: those columns are empty, and it has no senders.
CREATE TABLE reception_letters (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, year BIGINT NOT NULL, number BIGINT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, from_body TEXT NOT NULL,
    received_on TEXT NOT NULL, written_on TEXT NOT NULL, access_key TEXT NOT NULL,
    respondent TEXT NOT NULL, summary TEXT NOT NULL, content TEXT NOT NULL, sender_line TEXT NOT NULL, sender_count BIGINT NOT NULL,
    anonymous BOOLEAN NOT NULL, evidence BOOLEAN NOT NULL, originals BOOLEAN NOT NULL, instance BIGINT NOT NULL, remote BOOLEAN NOT NULL, many_places BOOLEAN NOT NULL,
    authority TEXT NOT NULL, body_id TEXT NOT NULL, result TEXT NOT NULL, reason TEXT NOT NULL, proposal TEXT NOT NULL, conditions TEXT NOT NULL,
    parent_id TEXT NOT NULL, joined_to TEXT NOT NULL, matter_id TEXT NOT NULL, urged BIGINT NOT NULL, satisfied TEXT NOT NULL, created_by TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX reception_letters_number ON reception_letters (council_id, year, number);
CREATE INDEX reception_letters_received ON reception_letters (council_id, received_on DESC, id DESC);
CREATE INDEX reception_letters_kind ON reception_letters (council_id, kind, received_on DESC, id DESC);
CREATE INDEX reception_letters_council ON reception_letters (council_id, id);
CREATE INDEX reception_letters_joined ON reception_letters (joined_to) WHERE joined_to <> '';
CREATE INDEX reception_letters_parent ON reception_letters (parent_id) WHERE parent_id <> '';
CREATE TABLE reception_numbers (council_id TEXT NOT NULL, year BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (council_id, year));
CREATE TABLE reception_once (mark TEXT PRIMARY KEY, letter_id TEXT NOT NULL, at BIGINT NOT NULL);
CREATE TABLE reception_senders (
    letter_id TEXT NOT NULL, number BIGINT NOT NULL, name TEXT NOT NULL, address TEXT NOT NULL, contact TEXT NOT NULL, paper TEXT NOT NULL,
    represents BOOLEAN NOT NULL, withdrawn_on TEXT NOT NULL, PRIMARY KEY (letter_id, number)
);
-- Keyed digests of who, against whom and what, for finding the same letter
-- again. Those of denunciations are made with keys of their own, so that nobody
-- can tell from a table that a denouncer also wrote an ordinary letter.
CREATE TABLE reception_marks (letter_id TEXT NOT NULL, council_id TEXT NOT NULL, kind TEXT NOT NULL, mark TEXT NOT NULL, PRIMARY KEY (letter_id, kind, mark));
CREATE INDEX reception_marks_found ON reception_marks (council_id, kind, mark, letter_id DESC);
CREATE TABLE reception_matters (
    id TEXT PRIMARY KEY, council_id TEXT NOT NULL, letter_id TEXT NOT NULL, kind TEXT NOT NULL, source TEXT NOT NULL, instance BIGINT NOT NULL, remote BOOLEAN NOT NULL,
    accepted_on TEXT NOT NULL, complexity TEXT NOT NULL, criteria TEXT NOT NULL, complexity_document TEXT NOT NULL, dialogue_on TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX reception_matters_letter ON reception_matters (letter_id);
CREATE TABLE reception_sendings (
    id TEXT PRIMARY KEY, letter_id TEXT NOT NULL, ordinal BIGINT NOT NULL, council_id TEXT NOT NULL, kind TEXT NOT NULL, from_body_id TEXT NOT NULL, to_body_id TEXT NOT NULL,
    number BIGINT NOT NULL, symbol TEXT NOT NULL, at BIGINT NOT NULL, due TEXT NOT NULL, signer TEXT NOT NULL, signer_title TEXT NOT NULL, on_behalf TEXT NOT NULL,
    words TEXT NOT NULL, paper_id TEXT NOT NULL, draft_id TEXT NOT NULL,
    answer_number TEXT NOT NULL, answer_on TEXT NOT NULL, tell_due TEXT NOT NULL, satisfied TEXT NOT NULL, urged BIGINT NOT NULL, ended BOOLEAN NOT NULL
);
CREATE INDEX reception_sendings_letter ON reception_sendings (letter_id);
CREATE INDEX reception_sendings_register ON reception_sendings (council_id, kind, at DESC, id DESC);
-- What people wrote with an act. It stands here and neither in the act nor in the
-- log, so that it can go along when a letter is sealed.
CREATE TABLE reception_notes (case_id TEXT NOT NULL, number BIGINT NOT NULL, words TEXT NOT NULL, PRIMARY KEY (case_id, number));
