// Package conditions is what a letter must have to be handled (điều kiện xử lý
// đơn), as a checklist with the article that asks for each. It owns no table and
// decides nothing.
package conditions

import (
	"slices"
	"strings"
)

// The kinds of letters that have conditions of their own.
const (
	complaint    = "complaint"
	denunciation = "denunciation"
	proposal     = "proposal"
)

// Condition is one thing a letter must have to be handled, with the article
// that asks for it.
//
// vi: điều kiện xử lý đơn
type Condition struct {
	Code    string
	Kinds   []string // empty: every letter
	Article string
	// Seen tells whether the article was read in the law's own text as it stands
	// today; else it is shown as not checked (law notes, §3.1).
	Seen bool
}

// The conditions of a letter that can be handled. The circular on letters
// (TT 05/2021/TT-TTCP, after TT 07/2014) was not seen; the laws' articles were
// read as they stood before Luật 136/2025/QH15.
var allConditions = []Condition{
	{Code: "vietnamese", Article: "Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "dated", Article: "Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "named", Article: "Luật Khiếu nại, Điều 8; Luật Tố cáo, Điều 23"},
	{Code: "signed", Article: "Luật Khiếu nại, Điều 8; Luật Tố cáo, Điều 23"},
	{Code: "readable", Article: "Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "respondent", Kinds: []string{complaint}, Article: "Luật Khiếu nại, Điều 8"},
	{Code: "own_right", Kinds: []string{complaint}, Article: "Luật Khiếu nại, Điều 11 khoản 2"},
	{Code: "capacity", Kinds: []string{complaint, denunciation}, Article: "Luật Khiếu nại, Điều 11 khoản 3; Luật Tố cáo, Điều 29"},
	{Code: "in_time", Kinds: []string{complaint}, Article: "Luật Khiếu nại, Điều 9, Điều 11 khoản 6"},
	{Code: "names_act", Kinds: []string{denunciation}, Article: "Luật Tố cáo, Điều 23, Điều 29"},
	{Code: "content", Kinds: []string{proposal}, Article: "Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_several", Article: "Luật Tố cáo, Điều 24 khoản 3; Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_guided", Article: "Luật Tố cáo, Điều 24 khoản 3; Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_settled", Article: "Luật Khiếu nại, Điều 11 khoản 7"},
}

// Of lists what a letter of a kind must have.
func Of(kind string) []Condition {
	var all []Condition
	for _, c := range allConditions {
		if len(c.Kinds) == 0 || slices.Contains(c.Kinds, kind) {
			all = append(all, c)
		}
	}
	return all
}

// Lacking lists the conditions that were not found to hold.
func Lacking(kind string, met []string) []string {
	var all []string
	for _, c := range Of(kind) {
		if !slices.Contains(met, c.Code) {
			all = append(all, c.Code)
		}
	}
	return all
}

// Unseen names the articles that were not read in the text that holds now.
func Unseen(all []Condition) string {
	var articles []string
	for _, c := range all {
		if !c.Seen && !slices.Contains(articles, c.Article) {
			articles = append(articles, c.Article)
		}
	}
	return strings.Join(articles, "; ")
}
