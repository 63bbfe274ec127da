package reception

import "example.vn/hdnd/internal/modules/reception/conditions"

// AllMet lists the codes of what a letter of a kind must have: one without a
// flaw has all of them.
func AllMet(k Kind) []string {
	var all []string
	for _, c := range conditions.Of(string(k)) {
		all = append(all, c.Code)
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
