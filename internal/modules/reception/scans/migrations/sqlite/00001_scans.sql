-- +goose Up
-- Scans that were added to a compartment after the letter was entered. Their
-- bytes lie in the compartment, under scan/number.
CREATE TABLE reception_scans (
    file_id TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, added_by TEXT NOT NULL, adder TEXT NOT NULL, added_at BIGINT NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (file_id, number)
);
-- Where a person wants to hide something: places on pages, and nothing of what is there.
CREATE TABLE reception_scan_areas (
    file_id TEXT NOT NULL, scan BIGINT NOT NULL, person_id TEXT NOT NULL, council_id TEXT NOT NULL, areas TEXT NOT NULL, saved_at BIGINT NOT NULL,
    PRIMARY KEY (file_id, scan, person_id)
);
-- Copies of scans in which something is gone. Their bytes lie in the compartment,
-- under scan_copy/number; of one that is released they lie below too.
CREATE TABLE reception_scan_copies (
    file_id TEXT NOT NULL, number BIGINT NOT NULL, council_id TEXT NOT NULL, scan BIGINT NOT NULL, pages BIGINT NOT NULL, areas TEXT NOT NULL, state TEXT NOT NULL,
    made_by TEXT NOT NULL, maker TEXT NOT NULL, made_at BIGINT NOT NULL, decided_by TEXT NOT NULL, decider TEXT NOT NULL, decided_at BIGINT NOT NULL, mark TEXT NOT NULL,
    PRIMARY KEY (file_id, number)
);
CREATE TABLE reception_scan_pieces (file_id TEXT NOT NULL, number BIGINT NOT NULL, idx BIGINT NOT NULL, piece BLOB NOT NULL, PRIMARY KEY (file_id, number, idx));
