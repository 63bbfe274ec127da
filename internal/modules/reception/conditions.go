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
