package petitions

import (
	"context"
	"net/netip"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/search"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/constituencies"
	"example.vn/hdnd/internal/modules/petitions/gate"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/letters"
	"example.vn/hdnd/internal/modules/petitions/matching"
	"example.vn/hdnd/internal/modules/petitions/open"
	"example.vn/hdnd/internal/modules/petitions/ratings"
	"example.vn/hdnd/internal/modules/petitions/redaction"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/reports"
	"example.vn/hdnd/internal/modules/petitions/settings"
	"example.vn/hdnd/internal/modules/petitions/shares"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

func (s *Service) assemble(words *text.Catalogue) (err error) {
	s.constituencies = constituencies.New(constituencies.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit})
	s.settings = settings.New(s.setting(words))
	s.letters = letters.New(letters.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Documents: s.Documents, Fonts: s.Fonts, Jobs: s.Jobs, Matter: matter, Closing: s.closing})
	s.ratings = ratings.New(ratings.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Notify: s.Notify, Live: s.Live, Opened: s.opened})
	s.intake = intake.New(intake.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Documents: s.Documents, Words: words,
		Receive: s.takeIn, ReceiveAll: s.takeAllIn, Check: checkOpinion, Withdraw: s.withdraw})
	s.open = open.New(open.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Cases: s.Cases, Jobs: s.Jobs, Live: s.Live, Text: words, Receive: s.receiveRequest,
		Fields: s.openFields(words), Satisfaction: s.satisfaction, Withheld: s.withheld, Held: gate.HeldAmong, Let: gate.LetSince, Address: s.Address})
	s.reports = reports.New(reports.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Jobs: s.Jobs, Documents: s.Documents, Fonts: s.Fonts, Text: words, Fields: s.everyField})
	s.shares = shares.New(s.sharing())
	if s.gate, err = gate.New(s.guarding()); err != nil {
		return err
	}
	s.reminders, err = reminders.New(reminders.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Notify: s.Notify, Live: s.Live, Documents: s.Documents, Fonts: s.Fonts, Ratings: rated})
	if err != nil {
		return err
	}
	s.matching, err = matching.New(matching.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Documents: s.Documents, Procedure: "petition", Fields: s.everyField, Outcomes: codes(outcomes),
		Texts: textsOf, Candidates: s.candidates, Waiting: s.awaiting, Read: s.Documents.TextOfDraft, Answer: s.answerConfirmed})
	return err
}

// submission is an opinion as the public's form would have it.
func submission(o intake.Opinion) Submission {
	return Submission{To: Addressee(o.To), Text: o.Text, Ward: o.Ward, Name: o.Name, Email: o.Email, Phone: o.Phone, Files: o.Files, Lang: text.Vi, Once: o.Once, Note: o.Note}
}

// taker stands for whoever of the office takes an opinion in.
var taker = org.Actor{PostID: "office"}

func checkOpinion(o intake.Opinion) error {
	sub := submission(o)
	return sub.tidy(taker)
}

func (s *Service) takeIn(ctx context.Context, who org.Actor, o intake.Opinion) (intake.Taken, error) {
	h, err := s.Receive(ctx, who, submission(o))
	return intake.Taken{ID: h.ID, Code: h.Code, Again: h.Again}, err
}

// takeAllIn gives the taking in of a piece of a workbook, by several at once.
func (s *Service) takeAllIn() func(context.Context, org.Actor, []intake.Opinion) ([]intake.Taken, []error) {
	ways := &ways{known: map[[2]string]*destination{}}
	return func(ctx context.Context, who org.Actor, opinions []intake.Opinion) ([]intake.Taken, []error) {
		subs, all := make([]Submission, len(opinions)), make([]intake.Taken, len(opinions))
		for i, o := range opinions {
			subs[i] = submission(o)
		}
		done, errs := s.receiveAll(ctx, who, subs, ways)
		for i, h := range done {
			all[i] = intake.Taken{ID: h.ID, Code: h.Code, Again: h.Again}
		}
		return all, errs
	}
}

// withdrawn is the coded reason of what was entered by mistake.
const withdrawn RefusalReason = "withdrawn"

// withdraw takes a petition back that nobody has touched.
func (s *Service) withdraw(ctx context.Context, who org.Actor, id, reason string) (bool, error) {
	return s.takeBackUntouched(ctx, who, id, withdrawn, reason)
}

// takeBackUntouched refuses a petition for a reason that only the program
// gives; false when somebody has worked on it.
func (s *Service) takeBackUntouched(ctx context.Context, who org.Actor, id string, reason RefusalReason, note string) (bool, error) {
	var c *cases.Case
	var acts []cases.Act
	err := s.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if c, err = s.Cases.Case(ctx, tx, who, id); err != nil {
			return err
		}
		acts, err = cases.Acts(ctx, tx, id)
		return err
	})
	acts = slices.DeleteFunc(acts, func(a cases.Act) bool { return a.Verb == "remind" || a.Verb == "escalate" }) // the program's, nobody's work
	if err != nil || len(acts) == 0 {
		return false, err
	}
	last := acts[len(acts)-1]
	if last.Verb == "refuse" && last.Fields.V["reason"] == string(reason) {
		return true, nil
	}
	untouched := len(acts) == 1 || last.Verb == "restore"
	if !untouched || c.State != "received" {
		return false, nil
	}
	err = s.Refuse(ctx, who, id, reason, note, c.Revision)
	if fault.KindOf(err) == fault.Conflict {
		return false, nil // somebody was faster
	}
	return err == nil, err
}

func (s *Service) receiveRequest(ctx context.Context, who org.Actor, r open.Request) (code, key string, err error) {
	to := ToCity
	if r.ToWard {
		to = ToWard
	}
	sub := Submission{To: to, Text: r.Text, Ward: r.Ward, Name: r.Name, Email: r.Email, Phone: r.Phone, Consent: r.Consent, Lang: r.Lang, Once: r.Once}
	a := gate.Attempt{Kind: gate.Request, Who: who, Once: r.Once}
	a.Address, _ = netip.ParseAddr(who.Address) // none when no program asks over the network
	if _, err := s.graded(ctx, &sub, a); err != nil {
		return "", "", err
	}
	h, err := s.Receive(ctx, who, sub)
	return h.Code, h.Key, err
}

func (s *Service) openFields(words *text.Catalogue) func(context.Context) []open.Field {
	return func(context.Context) []open.Field {
		var all []open.Field
		for _, code := range s.everyField() {
			group := "petitions.branch." + branch(code)
			all = append(all, open.Field{Code: code, Vi: words.Say(text.Vi, "petitions.field."+code), En: words.Say(text.En, "petitions.field."+code), GroupVi: words.Say(text.Vi, group), GroupEn: words.Say(text.En, group)})
		}
		return all
	}
}

// candidates asks the officials' index of one council.
func (s *Service) candidates(ctx context.Context, councilID, words string, k int) ([]matching.Candidate, error) {
	hits, err := s.Search.Similar(ctx, words, search.Filter{All: map[string][]string{"kind": {worklist.OfficialKind}, "council": {councilID}}}, k)
	if err != nil {
		if fault.KindOf(err) == fault.Unavailable {
			return nil, nil
		}
		return nil, err
	}
	ids := make([]string, len(hits))
	for i, h := range hits {
		ids[i] = h.ID
	}
	var all []matching.Candidate
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		found, err := worklist.FoundByID(ctx, tx, ids)
		for _, f := range found {
			all = append(all, matching.Candidate{ID: f.ID, Text: f.Text, Unit: f.UnitCode, At: f.OpenedAt.Time})
		}
		return err
	})
	return all, err
}

// awaitingMost is how many petitions one reply letter is held against.
const awaitingMost = 200

// awaiting lists what waits for this person's answer.
func (s *Service) awaiting(ctx context.Context, who org.Actor) (all []matching.Asked, err error) {
	r, ok := worklist.ReachOf(who, "")
	if !ok || r.HolderID+r.AssigneeID == "" {
		return nil, nil
	}
	r.States, r.Open = []cases.State{"accepted"}, true
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		leaf, err := worklist.Turn(ctx, tx, r, "", "", awaitingMost)
		if err != nil {
			return err
		}
		ids := make([]string, len(leaf.Rows))
		for i, c := range leaf.Rows {
			ids[i] = c.ID
		}
		words, err := textsOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		points, err := pointsIn(ctx, tx, ids)
		for _, c := range leaf.Rows {
			asked := matching.Asked{ID: c.ID, Code: c.Code, Title: c.Title, Text: words[c.ID], Unit: c.UnitCode, At: c.OpenedAt.Time}
			for _, p := range points[c.ID] {
				asked.Points = append(asked.Points, matching.Point(p))
			}
			all = append(all, asked)
		}
		return err
	})
	return all, err
}

// satisfaction is what voters said of answers, for everybody to see.
func (s *Service) satisfaction(ctx context.Context, councilID string, from, until clock.Date) ([]open.Share, error) {
	var all []open.Share
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		counts, err := ratings.Counts(ctx, tx, councilID, from, until)
		for _, c := range counts {
			all = append(all, open.Share{Label: text.T(ctx, "ratings.fixed_"+string(c.Fixed)), N: c.N})
		}
		return err
	})
	return all, err
}

// withheld is how many petitions were not published, for everybody to see.
func (s *Service) withheld(ctx context.Context, councilID string, from, until clock.Date) ([]open.Share, error) {
	var all []open.Share
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		counts, err := redaction.Counts(ctx, tx, councilID, from, until)
		for _, c := range counts {
			all = append(all, open.Share{Label: text.T(ctx, "redaction.reason."+string(c.Reason)), N: int64(c.N)})
		}
		return err
	})
	return all, err
}

func (s *Service) answerConfirmed(ctx context.Context, who org.Actor, id string, in matching.Answer) error {
	r := Reply{Document: in.Document, Evidence: in.Evidence}
	for _, p := range in.Parts {
		r.Answers = append(r.Answers, Answer{Number: p.Number, Reply: p.Reply, Outcome: Outcome(p.Outcome), Promised: p.Promised})
	}
	return s.Answer(ctx, who, id, r)
}
