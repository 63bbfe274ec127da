-- +goose Up
-- What the public statistics are made of. Every part is counted by itself: the
-- product of all parts would have as many rows as there are petitions.
-- A build is one counting of everything; the page reads the newest whole one.
-- The council '' is all councils. A period is a year of receipt, 'all' for all
-- years, or 'now' for what is true at the moment of counting: whatever a page
-- asks, it reads the rows of one period.
CREATE TABLE petitions_counts (
    build BIGINT NOT NULL, council_id TEXT NOT NULL, period TEXT NOT NULL, about TEXT NOT NULL, value TEXT NOT NULL, n BIGINT NOT NULL,
    PRIMARY KEY (build, council_id, period, about, value)
);
-- What each petition has added, so that its next act can take it back.
CREATE TABLE petitions_counted (
    build BIGINT NOT NULL, petition_id TEXT NOT NULL, parts TEXT NOT NULL, PRIMARY KEY (build, petition_id)
);
CREATE TABLE petitions_counting (
    name TEXT PRIMARY KEY, build BIGINT NOT NULL, seen BIGINT NOT NULL, until BIGINT NOT NULL, revision BIGINT NOT NULL
);
