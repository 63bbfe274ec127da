// Package auth knows who is asking and what they may do: accounts with their
// passwords and second factors, the sign-ins of browsers, lock-out, and the
// rights that modules declare on their addresses.
//
// It owns the tables auth_*. It does not know what posts there are (org does)
// and does not judge a single record: whose record it is, the module's verb
// checks. A sign-in is what others call a browser session; a session is a
// meeting of the council here.
//
// Every act (signed in, failed, signed out, ended by somebody, password
// changed, second step on or off, acting as another post) is one transaction
// with its entry in the log. The entries are sealed: the public log shows that
// the log grew, never who signed in.
//
//	address and login limits → password → code (when on) → new password (when
//	asked) → sign-in as one post → acting as another post, with a new token
package auth

import (
	"embed"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds this package's sentences and schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is this package's schema.
var Migrations = db.Migrations{Name: "auth", Files: Files}
