package reception

import (
	"slices"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/modules/reception/conditions"
)

// handling is the pure rule of what may be done with a letter: what each kind
// allows, given whose it is to settle and what it lacks (law notes, §3.1–§3.2).
func (l Letter) handling() error {
	lacks := conditions.Lacking(string(l.Kind), l.Conditions.V)
	without := func(codes ...string) bool {
		return slices.ContainsFunc(codes, func(c string) bool { return slices.Contains(lacks, c) })
	}
	switch {
	case l.Kind == Unsorted:
		return refuse("kind", "reception.sort_first")
	case l.Kind.Several():
		return refuse("kind", "reception.split_first")
	case l.Authority != Own && l.Authority != Other:
		return refuse("authority", "reception.authority_empty")
	case !slices.Contains(results, l.Result):
		return refuse("result", "reception.result_empty")
	case l.Result == Accept && l.Kind == Proposal:
		return refuse("result", "reception.proposal_responds")
	case l.Result == Respond && l.Kind != Proposal:
		return refuse("result", "reception.only_proposals")
	case (l.Result == Accept || l.Result == Refuse || l.Result == Respond) && l.Authority != Own:
		return refuse("result", "reception.not_ours")
	case (l.Result.asks() || l.Result == Guide) && l.Authority == Own:
		return refuse("result", "reception.is_ours")
	case l.Result.asks() && l.BodyID == "":
		return refuse("body", "reception.body_empty")
	}
	if reasons := conditions.Grounds(string(l.Kind), string(l.Result)); len(reasons) > 0 && !slices.Contains(reasons, l.Reason) {
		return refuse("reason", "reception.reason_empty")
	}
	if l.Kind == Denunciation {
		return l.denunciation(lacks, without)
	}
	return l.ordinary(lacks, without)
}

// denunciation: one not ours is passed on and not guided, but to who brings it
// in person; one sent to several places or guided before is not handled; one
// without a name only when it is clear (Luật Tố cáo, Điều 24, 25).
func (l Letter) denunciation(lacks []string, without func(...string) bool) error {
	switch {
	case without("not_several", "not_guided"):
		if l.Result != File {
			return refuse("result", "reception.no_handling")
		}
	case l.Anonymous && !l.Evidence:
		if l.Result != File {
			return refuse("result", "reception.anonymous_files")
		}
	case l.Anonymous:
		if l.Result != Forward && l.Result != Follow {
			return refuse("result", "reception.anonymous_forwards")
		}
	case l.Result == Guide && l.Source != InPerson:
		return refuse("result", "reception.denunciation_forwards")
	case l.Result == Accept && len(lacks) > 0:
		return refuse("conditions", "reception.lacks")
	case l.Result == File && len(lacks) == 0 && !slices.Contains([]string{"in_force"}, l.Reason):
		return refuse("result", "reception.qualified_files")
	}
	return nil
}

// ordinary: complaints and proposals.
func (l Letter) ordinary(lacks []string, without func(...string) bool) error {
	switch {
	case l.Anonymous && l.Kind == Complaint && l.Result != File:
		return refuse("result", "reception.anonymous_files")
	case without("not_several", "not_guided") && l.Result != File && l.Result != Return:
		return refuse("result", "reception.no_handling")
	case without("readable", "vietnamese") && l.Result != File && l.Result != Return && l.Result != Guide:
		return refuse("result", "reception.unreadable_files")
	case l.Result == Accept && len(lacks) > 0:
		return refuse("conditions", "reception.lacks")
	case l.Result == File && len(lacks) == 0 && l.Reason != "in_force" && l.Reason != "out_of_time":
		return refuse("result", "reception.qualified_files")
	case l.Result == Return && l.Reason == "originals" && !l.Originals:
		return refuse("reason", "reception.no_originals")
	}
	return nil
}

func refuse(field, key string) error { return fault.New(fault.Invalid, key).At(field) }
