package matching

import (
	"net/http"

	"example.vn/hdnd/internal/kernel/web"
)

// FlashJoint says after an act what it did for the others of a group; done is
// the sentence for an act on one petition alone.
func FlashJoint(w http.ResponseWriter, r *http.Request, j Joint, done string) {
	switch left := j.Unanswered(); {
	case left > 0:
		web.FlashWarning(w, r, "matching.joint_some", "also", len(j.Also), "left", left, "why", j.Why(r.Context()))
	case len(j.Also) > 0:
		web.Flash(w, r, "matching.joint_all", "also", len(j.Also))
	default:
		web.Flash(w, r, done)
	}
}
