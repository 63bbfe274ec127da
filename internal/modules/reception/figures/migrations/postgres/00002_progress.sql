-- +goose Up
-- How many rows a report has to read, about, and how many it has read.
ALTER TABLE reception_figures ADD COLUMN total BIGINT NOT NULL DEFAULT 0;
ALTER TABLE reception_figures ADD COLUMN done BIGINT NOT NULL DEFAULT 0;
