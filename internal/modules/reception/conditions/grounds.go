package conditions

// The coded reasons. Those of a refusal are the grounds of Luật Khiếu nại, Điều
// 11, and Luật Tố cáo, Điều 29; those of filing are the circular's.
var (
	complaintGrounds    = []string{"internal_act", "not_affecting", "no_capacity", "invalid_representative", "no_signature", "out_of_time", "second_decided", "suspended_long", "in_court"}
	denunciationGrounds = []string{"form", "no_capacity", "not_ours", "no_basis", "nothing_new"}
	proposalGrounds     = []string{"answered_before", "not_ours"}
	filingReasons       = []string{"unqualified", "several_places", "guided_before", "anonymous_empty", "out_of_time", "in_force", "unreadable", "foreign_language"}
	returnReasons       = []string{"originals", "not_addressed", "foreign_language"}
)

// Grounds are the reasons that a result of a letter of a kind may give; none
// when the result needs none.
func Grounds(kind, result string) []string {
	switch result {
	case "refuse":
		switch kind {
		case complaint:
			return complaintGrounds
		case denunciation:
			return denunciationGrounds
		}
		return proposalGrounds
	case "file":
		return filingReasons
	case "return":
		return returnReasons
	}
	return nil
}
