-- +goose Up
-- What a row is by its cells, whatever its columns are taken for; rows of before have none.
ALTER TABLE petitions_batch_rows ADD COLUMN cells_mark TEXT NOT NULL DEFAULT '';
CREATE INDEX petitions_batch_rows_cells_mark ON petitions_batch_rows (council_id, cells_mark) WHERE petition_id <> '' AND cells_mark <> '';
CREATE INDEX petitions_batches_file ON petitions_batches (council_id, file_sum);
