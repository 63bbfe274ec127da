-- +goose Up
-- What goes along with a forwarding: scans of ordinary letters by their paper,
-- released copies of denunciations' scans by their number. Never content.
CREATE TABLE reception_enclosures (
    sending_id TEXT NOT NULL, ordinal BIGINT NOT NULL, letter_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, title TEXT NOT NULL, pages BIGINT NOT NULL,
    PRIMARY KEY (sending_id, ordinal)
);
CREATE INDEX reception_enclosures_letter ON reception_enclosures (letter_id);
