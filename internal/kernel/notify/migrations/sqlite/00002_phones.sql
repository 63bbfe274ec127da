-- +goose Up
ALTER TABLE notify_mails ADD COLUMN channel TEXT NOT NULL DEFAULT 'mail';
