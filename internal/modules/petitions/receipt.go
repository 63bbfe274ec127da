package petitions

import (
	"context"
	"io"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// Received is what a voter's receipt says.
//
// vi: biên nhận kiến nghị
type Received struct {
	Case      cases.Case
	Petition  Petition
	Council   org.Council
	Office    org.Body
	Unit      string
	Deadlines []cases.Deadline // public ones that run
	Reply     calendar.Rule    // how long the body will have to answer, once asked
	Files     int
	Log       audit.Receipt
	PublicKey string // the log's verifier key
	Address   string // where the petition is followed, whole
}

// Receipt gives the voter's receipt, to whoever has its key.
func (s *Service) Receipt(ctx context.Context, code, key string) (r Received, err error) {
	var leaf string
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		c, p, err := s.byCode(ctx, tx, code, key)
		if err != nil {
			return err
		}
		if !p.opens(ctx, key) {
			return fault.New(fault.Missing, "petitions.key_wrong")
		}
		r = Received{Case: *c, Petition: p, PublicKey: s.Audit.PublicKey(), Address: s.absolute(followPath(c.Code, p.Key))}
		if leaf, err = leafOf(ctx, tx, c.ID, 1, func(cases.Act) bool { return true }); err != nil {
			return err
		}
		return r.load(ctx, tx, s)
	})
	if err != nil {
		return r, err
	}
	r.Log, err = s.Audit.Receipt(ctx, leaf)
	return r, err
}

func (r *Received) load(ctx context.Context, tx *db.Tx, s *Service) (err error) {
	if r.Council, err = org.CouncilOf(ctx, tx, r.Case.CouncilID); err != nil {
		return err
	}
	if r.Office, err = org.BodyOf(ctx, tx, r.Case.OwnerBodyID); err != nil {
		return err
	}
	day := clock.DateOf(r.Petition.CreatedAt.Time)
	units, err := worklist.UnitsOfCity(ctx, tx, day)
	if err != nil {
		return err
	}
	r.Unit = worklist.UnitName(units, r.Case.UnitCode)
	papers, err := s.Documents.List(ctx, tx, documents.Subject{Kind: "petition", ID: r.Case.ID})
	if err != nil {
		return err
	}
	for _, p := range papers {
		if p.Kind == "attachment" {
			r.Files++
		}
	}
	all, err := cases.Deadlines(ctx, tx, r.Case.ID)
	if err != nil {
		return err
	}
	rules, err := s.Cases.Procedure(r.Case.Procedure, r.Case.Version)
	if err != nil {
		return err
	}
	r.Deadlines = slices.DeleteFunc(all, func(d cases.Deadline) bool {
		rule, ok := rules.Deadline(d.Name)
		return !ok || !rule.Public || d.Window || !d.Live()
	})
	if rule, ok := rules.Deadline("reply"); ok {
		r.Reply, err = s.Cases.Rules.At(rule.Rule, day)
	}
	return err
}

// consent are the paragraphs on personal data, on the form, the page and the paper.
func consent(ctx context.Context) []string {
	return []string{text.T(ctx, "petitions.consent_1"), text.T(ctx, "petitions.consent_2"), text.T(ctx, "petitions.consent_3")}
}

// checking are the paragraphs on how to check a receipt without us.
func (r Received) checking(ctx context.Context) []string {
	return []string{text.T(ctx, "petitions.check_1"), text.T(ctx, "petitions.check_2"), text.T(ctx, "petitions.check_3", "key", r.PublicKey)}
}

// replyTerm says how long an answer may take, and on what that rests.
func (r Received) replyTerm(ctx context.Context) string {
	return text.T(ctx, "petitions.reply_term", "term", r.Reply.Run(clock.Date{}, "").Term().In(ctx), "basis", r.Reply.Words().In(ctx))
}

// WritePDF draws the receipt on paper, in the reader's language.
func (s *Service) WritePDF(ctx context.Context, w io.Writer, r Received) error {
	p := r.Petition
	day := clock.DateOf(p.CreatedAt.Time)
	place := r.Office.Place
	if place == "" {
		place = "Hà Nội"
	}
	paper := documents.Receipt{
		Head: documents.Head{Superior: strings.ToUpper(r.Council.Name), Issuer: strings.ToUpper(r.Office.Name), Place: place, Date: day},
		Lang: text.LangOf(ctx), About: text.T(ctx, "petitions.receipt_about"), Code: r.Case.Code, Address: r.Address,
		Fields: []documents.Field{
			{Label: text.T(ctx, "petitions.field_to"), Text: r.Council.Name},
			{Label: text.T(ctx, "petitions.field_ward"), Text: r.Unit},
			{Label: text.T(ctx, "petitions.received_at"), Text: p.CreatedAt.In(clock.Hanoi).Format("15:04 02/01/2006")},
			{Label: text.T(ctx, "petitions.field_text"), Text: title(p.Text)},
			{Label: text.T(ctx, "petitions.field_files"), Text: text.T(ctx, "petitions.files_count", "n", r.Files)},
			{Label: text.T(ctx, "petitions.deadline.reply"), Text: r.replyTerm(ctx)},
		},
		Consent: consent(ctx), Proof: r.Log.Text(), Check: r.checking(ctx), Created: p.CreatedAt.Time,
	}
	for _, d := range r.Deadlines {
		paper.Dues = append(paper.Dues, documents.Due{What: text.T(ctx, "petitions.deadline."+d.Name), On: d.Due, Basis: d.Basis, Unconfirmed: !d.Confirmed, Provisional: d.Provisional})
	}
	return documents.WriteReceipt(w, s.Fonts, paper)
}
