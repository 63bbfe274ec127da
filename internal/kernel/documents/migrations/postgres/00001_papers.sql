-- +goose Up
CREATE TABLE documents_papers (
	id TEXT PRIMARY KEY,
	council_id TEXT NOT NULL,
	body_id TEXT NOT NULL,
	subject_kind TEXT NOT NULL,
	subject_id TEXT NOT NULL,
	first_id TEXT NOT NULL,
	version INTEGER NOT NULL,
	latest BOOLEAN NOT NULL,
	kind TEXT NOT NULL,
	number INTEGER NOT NULL,
	symbol TEXT NOT NULL,
	level TEXT NOT NULL CHECK (level = 'thường'),
	title TEXT NOT NULL,
	file_name TEXT NOT NULL,
	media_type TEXT NOT NULL,
	size_bytes BIGINT NOT NULL,
	hash TEXT NOT NULL,
	pages INTEGER NOT NULL,
	unread BOOLEAN NOT NULL,
	public BOOLEAN NOT NULL,
	created_by TEXT NOT NULL,
	created_at BIGINT NOT NULL,
	UNIQUE (first_id, version)
);
CREATE INDEX documents_papers_subject ON documents_papers (subject_kind, subject_id, first_id);
CREATE INDEX documents_papers_hash ON documents_papers (hash);

CREATE TABLE documents_series (
	body_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	year INTEGER NOT NULL,
	last INTEGER NOT NULL,
	PRIMARY KEY (body_id, kind, year)
);

CREATE TABLE documents_patterns (
	body_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	pattern TEXT NOT NULL,
	body_short TEXT NOT NULL,
	PRIMARY KEY (body_id, kind)
);

CREATE TABLE documents_text (
	hash TEXT PRIMARY KEY,
	content TEXT NOT NULL,
	extracted_at BIGINT NOT NULL
);

CREATE TABLE documents_previews (
	hash TEXT NOT NULL,
	page INTEGER NOT NULL,
	preview_hash TEXT NOT NULL,
	preview_size BIGINT NOT NULL,
	drawn_at BIGINT NOT NULL,
	PRIMARY KEY (hash, page)
);
CREATE INDEX documents_previews_blob ON documents_previews (preview_hash);
