// Package shares lets several bodies answer one petition (phối hợp trả lời): the
// body that leads (cơ quan chủ trì, the case's holder) or the office's head asks
// others for their part, point by point and by a date; each answers or declines,
// and what they say is proposed to the lead for its one answer to the voter. When
// the lead has returned a petition as not its own and an asked body says the
// same, the dispute goes to the office's head and the standing committee, who
// decide which body is competent.
//
// It owns the tables petitions_shares, petitions_share_points and
// petitions_disputes. It moves no case: the lead alone answers to the council,
// and its clock does not wait for the others.
package shares

import (
	"embed"

	"example.vn/hdnd/internal/kernel/db"
)

// Files holds the sentences and the schema.
//
//go:embed text migrations
var Files embed.FS

// Migrations is the schema.
var Migrations = db.Migrations{Name: "shares", Files: Files}
