package reception

import "slices"

// Condition is one thing a letter must have to be handled, with the article
// that asks for it.
//
// vi: điều kiện xử lý đơn
type Condition struct {
	Code    string
	Kinds   []Kind // empty: every letter
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
	{Code: "respondent", Kinds: []Kind{Complaint}, Article: "Luật Khiếu nại, Điều 8"},
	{Code: "own_right", Kinds: []Kind{Complaint}, Article: "Luật Khiếu nại, Điều 11 khoản 2"},
	{Code: "capacity", Kinds: []Kind{Complaint, Denunciation}, Article: "Luật Khiếu nại, Điều 11 khoản 3; Luật Tố cáo, Điều 29"},
	{Code: "in_time", Kinds: []Kind{Complaint}, Article: "Luật Khiếu nại, Điều 9, Điều 11 khoản 6"},
	{Code: "names_act", Kinds: []Kind{Denunciation}, Article: "Luật Tố cáo, Điều 23, Điều 29"},
	{Code: "content", Kinds: []Kind{Proposal}, Article: "Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_several", Article: "Luật Tố cáo, Điều 24 khoản 3; Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_guided", Article: "Luật Tố cáo, Điều 24 khoản 3; Thông tư 05/2021/TT-TTCP, Điều 6"},
	{Code: "not_settled", Article: "Luật Khiếu nại, Điều 11 khoản 7"},
}

// ConditionsOf lists what a letter of a kind must have.
func ConditionsOf(k Kind) []Condition {
	var all []Condition
	for _, c := range allConditions {
		if len(c.Kinds) == 0 || slices.Contains(c.Kinds, k) {
			all = append(all, c)
		}
	}
	return all
}

// lacking lists the conditions that were not found to hold.
func lacking(k Kind, met []string) []string {
	var all []string
	for _, c := range ConditionsOf(k) {
		if !slices.Contains(met, c.Code) {
			all = append(all, c.Code)
		}
	}
	return all
}

// The coded reasons. Those of a refusal are the grounds of Luật Khiếu nại, Điều
// 11, and Luật Tố cáo, Điều 29; those of filing are the circular's.
var (
	complaintGrounds    = []string{"internal_act", "not_affecting", "no_capacity", "invalid_representative", "no_signature", "out_of_time", "second_decided", "suspended_long", "in_court"}
	denunciationGrounds = []string{"form", "no_capacity", "not_ours", "no_basis", "nothing_new"}
	proposalGrounds     = []string{"answered_before", "not_ours"}
	filingReasons       = []string{"unqualified", "several_places", "guided_before", "anonymous_empty", "out_of_time", "in_force", "unreadable", "foreign_language"}
	returnReasons       = []string{"originals", "not_addressed", "foreign_language"}
)

// grounds are the reasons that a result of a letter of a kind may give.
func grounds(k Kind, r Result) []string {
	switch r {
	case Refuse:
		switch k {
		case Complaint:
			return complaintGrounds
		case Denunciation:
			return denunciationGrounds
		}
		return proposalGrounds
	case File:
		return filingReasons
	case Return:
		return returnReasons
	}
	return nil
}
