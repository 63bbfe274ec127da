package petitions

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/live"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/settings"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// deadlines are the time limits that the city's office may set for itself.
var deadlines = []string{"petitions.classify", "petitions.forward", "petitions.accept", "petitions.reply", "petitions.judge", "petitions.close", "petitions.contest", "petitions.share"}

// setting is what the settings need; they read the shipped names before
// anything is renamed.
func (s *Service) setting(words *text.Catalogue) settings.Deps {
	return settings.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Text: words, Fields: fields, Outcomes: codes(outcomes), Reasons: codes(refusalReasons),
		EndOutcomes: codes([]Outcome{Duplicate, Lasting}), EndReasons: []string{"abusive", "private_matter"}, Authorities: codes(authorities), Channels: settings.Channels(),
		Deadlines: deadlines, Rules: s.Calendar.Rules, Calendar: s.Calendar.Current, PutRule: s.Calendar.PutRule, Put: s.Calendar.Refresh, Renamed: words.Rename,
		Newest: settings.NewestPetitions, Expired: settings.ExpiredContacts, Erase: settings.EraseContacts}
}

func codes[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, v := range all {
		out[i] = string(v)
	}
	return out
}

// Refresh reads again what the office has set, when the day has changed or
// another process may have put it in force.
func (s *Service) Refresh(ctx context.Context) error { return s.settings.Refresh(ctx) }

func (s *Service) refresh(ctx context.Context, _ jobs.Work) error { return s.Refresh(ctx) }

// everyField lists the codes of all fields of work, those that have ended too:
// petitions bear them still.
func (s *Service) everyField() []string {
	var all []string
	for _, f := range s.settings.EveryField(s.today()) {
		all = append(all, f.Code)
	}
	return all
}

// fieldsUnder lists the fields of a committee's branch; none for a field itself.
func (s *Service) fieldsUnder(code string) []string {
	return slices.DeleteFunc(s.everyField(), func(f string) bool { return branch(f) != code || f == code })
}

// offered are the coded values that a form may choose from today.
type offered struct {
	Fields   []string
	Outcomes []string
	Reasons  []string // of refusal
}

func (s *Service) offered() offered {
	today := s.today()
	return offered{Fields: s.settings.FieldCodes(today), Outcomes: settings.Codes(s.settings.Outcomes(today)),
		Reasons: slices.DeleteFunc(settings.Codes(s.settings.Reasons(today)), func(r string) bool { return RefusalReason(r) == withdrawn })}
}

// knownOutcomes refuses an outcome that is offered no more.
func (s *Service) knownOutcomes(all []Answer) error {
	open := s.offered().Outcomes
	var faults []*fault.Fault
	for _, a := range all {
		if !slices.Contains(open, string(a.Outcome)) {
			faults = append(faults, fault.New(fault.Invalid, "petitions.outcome_empty", "number", a.Number).At("outcome_"+itoa(a.Number)))
		}
	}
	return fault.Join(faults...)
}

// routed says which of the council's rules meet a petition.
func (s *Service) routed(ctx context.Context, v Sheet) []settings.Hit {
	channel := cmp.Or(string(v.Source.Channel), settings.Portal)
	return s.settings.Route(ctx, v.Case.CouncilID, settings.Facts{Text: v.Petition.Text, Ward: v.Case.UnitCode, Channel: channel})
}

// ready are the council's templates for a step, filled in.
func (s *Service) ready(ctx context.Context, v Sheet, verb string) []settings.Ready {
	if !slices.Contains(settings.Verbs(), verb) {
		return nil
	}
	return s.settings.Ready(ctx, v.Case.CouncilID, v.Case.Field, verb, settings.Filling{Code: v.Case.Code, Body: v.Bodies[v.Case.HolderBodyID].Name, Ward: v.Unit.FullName, Due: v.Case.Due})
}

// closing is what the council's template says at the end of a transfer letter.
func (s *Service) closing(ctx context.Context, f letters.Facts) string {
	all := s.settings.Templates(ctx, f.Case.CouncilID, f.Case.Field, "transfer", clock.DateOf(f.Forwarding.At.Time))
	if len(all) == 0 {
		return ""
	}
	return settings.Render(all[0], settings.Filling{Code: f.Case.Code, Body: f.To.Name, Ward: f.Unit.FullName, Due: f.Forwarding.Due})
}

// lead lets a rule of the office go before what was learned.
func (h hints) lead(v Sheet) hints {
	p := settings.Propose(h.Rules)
	h.Field, h.Level = cmp.Or(p.Field, h.Field), cmp.Or(p.Authority, h.Level)
	if slices.ContainsFunc(v.Asked, func(b org.Body) bool { return b.ID == p.BodyID }) {
		h.BodyID = p.BodyID
	}
	return h
}

// names of the bodies that may be asked, by id.
func (p stepPage) bodyNames() map[string]string {
	all := make(map[string]string, len(p.Asked))
	for _, b := range p.Asked {
		all[b.ID] = b.Name
	}
	return all
}

// written is what stands in a text when the form is opened: what was typed,
// else the template that was chosen, else what is known.
func (p stepPage) written(name, known string) string {
	return p.typed(name, orElse(strings.TrimSpace(p.Chosen), known))
}

// lists is the module's part that gives people their work.
func (s *Service) lists() *worklist.Desk {
	return &worklist.Desk{Kept: live.Keep[worklist.Overview](s.Live, s.Clock), DB: s.DB, Clock: s.Clock, Cases: s.Cases, Search: s.Search, Under: s.fieldsUnder, Fields: s.everyField, Constituencies: s.wardsTogether, MayAccept: mayAccept,
		Accept: func(ctx context.Context, who org.Actor, id string) error {
			return s.Accept(ctx, who, id, clock.Date{}, 0)
		},
		Assign: func(ctx context.Context, who org.Actor, id, postID, note string) error {
			return s.Assign(ctx, who, id, postID, note, 0)
		}}
}

// wardsTogether lists a council's constituencies of today for its lists.
func (s *Service) wardsTogether(ctx context.Context, tx *db.Tx, councilID string) ([]worklist.Constituency, error) {
	found, err := constituencies.On(ctx, tx, councilID, s.today())
	all := make([]worklist.Constituency, len(found))
	for i, c := range found {
		all[i] = worklist.Constituency{Number: c.Number, Units: c.Units.V}
	}
	return all, err
}
