// Package redaction decides what of a petition everybody may read (công khai
// kiến nghị). Rules find what is personal in a voter's words: what surely is,
// such as a telephone number, is taken out before anybody publishes; what only
// may be, such as another person's name, is pointed out for a clerk to judge.
// The clerk sees the text as the office knows it beside the text as it will be
// published, and a published text in which something sure was left in needs the
// clerk's word that it was looked at.
//
// What is not published at all has a coded reason, and how many there were of
// each is public. The package owns the table petitions_withheld.
package redaction

import (
	"embed"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "redaction", Files: Files}
