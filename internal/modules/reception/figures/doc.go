// Package figures makes the statistical reports of citizen reception and
// letters (báo cáo thống kê tiếp công dân, xử lý đơn): forms 01/TCD and 01/XLD.
//
// A form is data (forms/*.toml): what each column counts and which sums must
// hold. The sums are checks, not formulas: every column is counted by itself,
// and a row of the register for which a sum does not come out is named, so that
// the clerk mends the row and not the report. A made report is a question, a
// moment and a hash; run again later as of the same moment it gives the same
// numbers, or says that the register was changed backwards.
//
// Legal basis: Thông tư 01/2024/TT-TTCP; Thông tư 06/2025/TT-TTCP has new forms
// whose columns were not seen, so it will be a file of its own. For a people's
// council the forms apply by analogy (Nghị quyết 116/2025/UBTVQH15).
//
// It owns the table reception_figures. What was received and how it was handled
// it is told by the register of visits and the register of letters.
package figures

import "embed"

// Files holds the sentences, the schema and the forms.
//
//go:embed text migrations forms schemas
var Files embed.FS
