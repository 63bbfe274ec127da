-- +goose Up
CREATE TABLE jobs_jobs (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, dedup TEXT NOT NULL, council_id TEXT NOT NULL, args TEXT NOT NULL,
    state TEXT NOT NULL, run_at BIGINT NOT NULL, ticket BIGINT NOT NULL, again_at BIGINT NOT NULL,
    lease_owner TEXT NOT NULL, lease_until BIGINT NOT NULL, attempt BIGINT NOT NULL, attempts_max BIGINT NOT NULL,
    last_error TEXT NOT NULL, created_at BIGINT NOT NULL, finished_at BIGINT NOT NULL
);
CREATE INDEX jobs_jobs_due ON jobs_jobs (run_at, ticket) WHERE state = 'queued';
CREATE UNIQUE INDEX jobs_jobs_dedup ON jobs_jobs (kind, dedup) WHERE dedup <> '' AND state = 'queued';
CREATE INDEX jobs_jobs_listed ON jobs_jobs (state, ticket);
CREATE INDEX jobs_jobs_ticket ON jobs_jobs (ticket);
CREATE INDEX jobs_jobs_finished ON jobs_jobs (finished_at) WHERE finished_at > 0;
CREATE TABLE jobs_schedules (
    kind TEXT NOT NULL, schedule_key TEXT NOT NULL, spec TEXT NOT NULL, next_at BIGINT NOT NULL, last_at BIGINT NOT NULL,
    PRIMARY KEY (kind, schedule_key)
);
