package demo

import (
	"context"
	"fmt"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/reception"
	"example.vn/hdnd/internal/modules/reception/conditions"
	"example.vn/hdnd/internal/modules/reception/duties"
	"example.vn/hdnd/internal/modules/reception/senders"
)

// receptionFile is reception.toml: days of citizen reception and letters.
type receptionFile struct {
	Keeper    []keeperLine
	Hours     []hoursLine
	Day       []dayLine
	Letter    []LetterScript
	Receipt   []receiptLine
	Watchlist []watchLine
}

// LetterScript is one letter and what becomes of it.
type LetterScript struct {
	Key      string
	House    string // slug; none: the city
	Ago      int    // days before today on which it came
	On       clock.Date
	Kind     reception.Kind
	Source   reception.Source
	From     string // who sent it on
	Written  int    // days before it came
	Ward     string
	Senders  []string
	Against  string
	Summary  string
	Content  string
	Evidence bool
	Original bool   // with papers that belong to the sender
	Visit    bool   // handed over by the reception desk: see visitLine
	Deputy   string // seat of who handed it on
	Way      duties.Way
	Studied  int // days before it came in which the deputy had it
	Acts     []LetterAct

	// What must have come of it by today; tests compare.
	State  string
	Matter string // of the matter that it opened
}

// LetterAct is one step of a letter, or of the matter that it opened.
type LetterAct struct {
	Day       int
	Do        string
	By        string
	Authority reception.Authority
	Result    reception.Result
	Reason    string
	Lacks     []string // conditions that do not hold
	Body      string   // slug
	Note      string
	Words     string // of who signs
	Document  string
	Satisfied string
	Settled   int // days before the answer on which the body settled it
	Into      string
	Parts     []partLine
	In        int // days from the act to the dialogue
}

type partLine struct {
	Key              string
	Kind             reception.Kind
	Against, Summary string
}

// LetterScripts reads the letters of the demonstration.
func LetterScripts() ([]LetterScript, error) {
	f, err := receptionWork()
	return f.Letter, err
}

func receptionWork() (f receptionFile, err error) { return f, read("reception.toml", &f) }

func (l LetterScript) house() string {
	if l.House == "" {
		return "hn"
	}
	return l.House
}

// fixed reports whether a letter came on a date of the calendar, whatever today
// is: which law applies hangs on it.
func (l LetterScript) fixed() bool { return !l.On.IsZero() }

// ago is how long ago a letter was entered. One that came before the year that
// is played is entered as soon as the year begins.
func (p *player) ago(l LetterScript) int {
	if !l.fixed() {
		return l.Ago
	}
	days := int(p.days.now.Sub(l.On.Time()).Hours() / 24)
	return min(max(days, 1), yearLength-1)
}

// letterEvents puts the letters beside the petitions.
func (p *player) letterEvents(ctx context.Context) (all []event) {
	const between = 11 // minutes from one act to the next on the same day
	for _, l := range p.reception.Letter {
		ago, start := p.ago(l), 15+int(chance(l.Key)%180)
		if !l.Visit {
			all = append(all, event{at(p.days.day(ago), start), "letter " + l.Key, func() error { return p.enterLetter(ctx, l) }})
		} else {
			start = lateMinute // whatever the holidays make of it, after the visit
		}
		for i, a := range l.Acts {
			moment := at(p.days.day(ago-a.Day), min(start+between*(i+1), workLength-1))
			all = append(all, event{moment, fmt.Sprintf("letter %s %02d %s", l.Key, i, a.Do), func() error { return p.letterAct(ctx, l, a) }})
		}
	}
	return all
}

func (p *player) enterLetter(ctx context.Context, l LetterScript) error {
	if l.Deputy != "" {
		return p.handIn(ctx, l)
	}
	who, err := p.actor(ctx, l.seat("register"), "")
	if err != nil {
		return err
	}
	received := clock.Today(p.Clock)
	if l.fixed() {
		received = l.On
	}
	h, err := p.Reception.Register(ctx, who, reception.Entry{Kind: l.Kind, Source: l.Source, FromBody: l.From, ReceivedOn: received, WrittenOn: received.AddDays(-l.Written), Ward: l.Ward,
		Senders: senders.Read(strings.Join(l.Senders, "\n")), Anonymous: len(l.Senders) == 0, Evidence: l.Evidence, Originals: l.Original, Respondent: l.Against,
		Summary: l.Summary, Content: strings.TrimSpace(l.Content)})
	p.ids[l.Key] = h.ID
	return err
}

// seat is whose move a step of a letter is.
func (l LetterScript) seat(do string) string {
	switch do {
	case "register", "classify", "join", "split", "answer", "tell_citizen", "withdraw", "call_dialogue", "notify_dialogue", "send_decision", "take_effect":
		if l.house() == "hn" {
			return fmt.Sprintf("hn-clerk-%d", 1+chance(l.Key)%3)
		}
		return l.house() + "-clerk"
	}
	return l.house() + "-head"
}

// letterAct plays one step through its verb.
func (p *player) letterAct(ctx context.Context, l LetterScript, a LetterAct) error {
	if a.Do == "told" {
		return p.toldByDeputy(ctx, l)
	}
	seat := a.By
	if seat == "" {
		seat = l.seat(a.Do)
	}
	who, err := p.actor(ctx, seat, "")
	if err != nil {
		return err
	}
	id, desk, on := p.ids[l.Key], p.Reception, clock.Date{}
	if l.fixed() {
		on = l.On.AddDays(a.Day)
	}
	switch a.Do {
	case "classify":
		return desk.Classify(ctx, who, id, l.classification(a))
	case "sign":
		p.letters = true
		return desk.Sign(ctx, who, id, a.Result, reception.Signature{Words: a.Words, Note: a.Note, On: on})
	case "send_back":
		return desk.SendBack(ctx, who, id, a.Note, 0)
	case "urge":
		p.letters = true
		return desk.Urge(ctx, who, id, reception.Signature{Words: a.Words, Note: a.Note})
	case "insist":
		p.letters = true
		return desk.Insist(ctx, who, id, reception.Signature{Words: a.Words, Note: a.Note})
	case "answer":
		r := reception.Reply{Document: p.bodyDocument(l, a), Satisfied: a.Satisfied, Note: a.Note}
		if a.Settled > 0 {
			r.SettledOn = clock.Today(p.Clock).AddDays(-a.Settled)
		}
		return desk.Answer(ctx, who, id, r)
	case "tell_citizen":
		return desk.Note(ctx, who, id, a.Do, p.ownDocument(l, a, who), clock.Date{}, a.Note, 0)
	case "close":
		return desk.Close(ctx, who, id, a.Note, 0)
	case "join":
		return desk.Join(ctx, who, id, p.ids[a.Into], a.Note, 0)
	case "split":
		return p.splitLetter(ctx, who, id, a)
	case "withdraw":
		_, err := desk.Withdraw(ctx, who, id, reception.Withdrawal{All: true, Document: a.Document + " ngày " + clock.Today(p.Clock).VN(), Part: a.Note})
		return err
	}
	return p.matterAct(ctx, l, a, who, on)
}

// matterAct plays one step of the matter that a letter opened.
func (p *player) matterAct(ctx context.Context, l LetterScript, a LetterAct, who org.Actor, on clock.Date) error {
	sheet, err := p.Reception.Sheet(ctx, who, p.ids[l.Key])
	if err != nil {
		return err
	}
	if sheet.Letter.MatterID == "" {
		return fmt.Errorf("demo: letter %s opened no matter, and no step is called %q", l.Key, a.Do)
	}
	return p.Reception.Proceed(ctx, who, sheet.Letter.MatterID, reception.Course{Verb: a.Do, Document: p.ownDocument(l, a, who), On: on, Day: p.ahead(a.In), Reason: a.Reason, Note: a.Note})
}

func (l LetterScript) classification(a LetterAct) reception.Classification {
	k := reception.Classification{Kind: l.Kind, Authority: a.Authority, Result: a.Result, Reason: a.Reason, Proposal: a.Note, Evidence: l.Evidence, Originals: l.Original, Anonymous: len(l.Senders) == 0 && !l.Visit}
	if a.Body != "" {
		k.BodyID = BodyID(a.Body)
	}
	for _, c := range conditions.Of(string(l.Kind)) {
		lacks := false
		for _, code := range a.Lacks {
			lacks = lacks || code == c.Code
		}
		if !lacks {
			k.Conditions = append(k.Conditions, c.Code)
		}
	}
	return k
}

func (p *player) splitLetter(ctx context.Context, who org.Actor, id string, a LetterAct) error {
	parts := make([]reception.Part, len(a.Parts))
	for i, one := range a.Parts {
		parts[i] = reception.Part{Kind: one.Kind, Respondent: one.Against, Summary: one.Summary}
	}
	made, err := p.Reception.Split(ctx, who, id, parts, a.Note, 0)
	for i := range made {
		p.ids[a.Parts[i].Key] = made[i].ID
	}
	return err
}

// bodyDocument is the number, symbol and date of a body's answer.
func (p *player) bodyDocument(l LetterScript, a LetterAct) string {
	return fmt.Sprintf("%d/%s-VP ngày %s", 200+chance(l.Key+a.Do+a.Note)%1800, p.bodies[BodyID(a.Body)].Symbol, clock.Today(p.Clock).AddDays(-1).VN())
}

// ownDocument is one of the office's own.
func (p *player) ownDocument(l LetterScript, a LetterAct, who org.Actor) string {
	day := clock.Today(p.Clock)
	if l.fixed() {
		day = l.On.AddDays(a.Day)
	}
	kind := "TB"
	if a.Do == "decide" {
		kind = "QĐ"
	}
	return fmt.Sprintf("%d/%s-%s ngày %s", 20+chance(l.Key+a.Do)%400, kind, p.bodies[who.BodyID].Symbol, day.VN())
}

// workingAhead is the first day of work that is at least so many days ahead.
func (p *player) workingAhead(days int) clock.Date {
	d := clock.DateOf(p.days.now).AddDays(days)
	for {
		if works, _ := p.days.days.IsWorking(d); works {
			return d
		}
		d = d.AddDays(1)
	}
}

// agoOf is how many days before today a day is.
func (p *player) agoOf(d clock.Date) int {
	return int(clock.DateOf(p.days.now).Time().Sub(d.Time()) / (24 * time.Hour))
}
