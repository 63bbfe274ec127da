// Package petitions is kiến nghị của cử tri: what voters ask of their council,
// from the day it is handed in until the standing committee closes it.
//
// Legal basis: Nghị quyết liên tịch 72/2025/NQLT/UBTVQH15-CP-ĐCTUBTWMTTQVN;
// Luật Hoạt động giám sát của Quốc hội và HĐND 121/2025/QH15, Điều 31, 34. The
// time limits of the joint resolution were not seen in the text, so they are
// dated data marked unconfirmed (kernel/calendar/rules/petitions.toml).
//
//	            ┌─▶ refused          ┌── returned ◀─┬─────────┐
//	received ───┼─▶ split            ▼              │         │
//	   ▲        └─▶ classified ─▶ forwarded ────────┴─▶ accepted ─▶ answered ─▶ judged ─▶ closed
//	   │               │                                  ▲                      │         │
//	   └── send_back ──┘                                  └───── send_again ─────┘         │
//	   └────────────────────── contest, reopen (a new round) ──────────────────────────────┘
//
// It owns the tables petitions_*: the voter's words and contact, the points to
// be answered, the forwardings with their letters, answers and judgements.
// Where a petition stands, its clocks and its history belong to kernel/cases;
// the steps themselves are in procedures. Complaints and
// denunciations found among petitions are split off and sealed here; handling
// them is the reception module's.
//
// Its parts have pages and tables of their own, and know nothing of each other:
//
//	worklist   who sees which petitions, what waits, what is late; what search reads
//	intake     meetings with voters, letters, telephone, workbooks
//	matching   suggestions, petitions alike, groups, one reply letter for many
//	letters    the papers in the form of NĐ 30/2020
//	open       statistics, open data, Open311, the check of a receipt
//	ratings    what voters say of the answers
//	reports    annexes of a session, memory over sessions, promises
//
// What they need of petitions is plugged in parts.go.
package petitions
