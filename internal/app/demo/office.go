package demo

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/settings"
)

// office is office.toml: what the city's office does besides the petitions.
type office struct {
	Meeting  []meetingLine
	Workbook []workbookLine
	Set      []setLine
	Letter   []letterLine
}

// meetingLine is a meeting of deputies with voters. All numbers of days are
// counted back from today.
type meetingLine struct {
	Key, By, Place, Wards, Constituency, Session string
	Held, Ago                                    int      // held, and entered
	Deputies                                     []string // seats
	Guests                                       []string // names that the register does not know as they are written
}

// workbookLine is a workbook that a clerk takes in: the petitions of the scripts
// that name it, and rows that are wrong.
type workbookLine struct {
	Key, By, Name, Session, Origin string
	Ago                            int
	OnlyChecked                    bool       `toml:"only_checked"`
	Rows                           [][]string // date, name, ward, telephone, text
}

// setLine is a set of settings.
type setLine struct {
	Title, Paper, By, Signer string
	Ago                      int
	Force                    int // put in force; 0: stays tested
	From                     int // negative: ahead
	Rules                    []ruleLine
	Templates                []templateLine
	Deadlines                []deadlineLine
	Fields                   []fieldLine
}

type ruleLine struct {
	Title, Ward string
	Any, All    []string
	ToField     string `toml:"to_field"`
	ToAuthority string `toml:"to_authority"`
	ToBody      string `toml:"to_body"` // slug
	Priority    int
}

type templateLine struct{ Field, Verb, Title, Text string }

type deadlineLine struct {
	Key, Unit, Article, Note string
	Count                    int
	Confirmed                bool
}

type fieldLine struct{ Code, Vi, En string }

// letterLine is a letter that presses a body for answers.
type letterLine struct {
	Key, Body, By, Signer, Words     string
	Rung                             int
	Drawn, Signed, Received, Replied int // 0: not yet
	AnswerIn                         int `toml:"answer_in"` // days from the drawing
	Petitions                        []string
	Days                             []int // of the reply: from the reply to the promised day, one a petition
	Document, Note                   string
}

func officeWork() (o office, err error) { return o, read("office.toml", &o) }

// The minutes of a day in which the office does this, in their order.
const (
	earlyMinute = 5 // before anything comes in
	drawMinute  = 250
	signMinute  = 280
	takeMinute  = 340
	sayMinute   = 390
)

// officeEvents puts the office's own work beside the petitions.
func (p *player) officeEvents(ctx context.Context) []event {
	var all []event
	add := func(ago, minute int, what string, play func() error) {
		if ago > 0 {
			all = append(all, event{at(p.days.day(ago), minute), what, play})
		}
	}
	for _, m := range p.office.Meeting {
		add(m.Ago, earlyMinute-1, "meeting "+m.Key, func() error { return p.meet(ctx, m) })
	}
	for _, w := range p.office.Workbook {
		add(w.Ago, earlyMinute, "workbook "+w.Key, func() error { return p.workbook(ctx, w) })
	}
	for _, s := range p.office.Set {
		add(s.Ago, drawMinute, "settings "+s.Title, func() error { return p.drawSet(ctx, s) })
		add(s.Force, signMinute, "settings in force "+s.Title, func() error { return p.putInForce(ctx, s) })
	}
	for _, l := range p.office.Letter {
		add(l.Drawn, drawMinute, "letter "+l.Key, func() error { return p.drawLetter(ctx, l) })
		add(l.Signed, signMinute, "letter signed "+l.Key, func() error { return p.signLetter(ctx, l) })
		add(l.Received, takeMinute, "letter received "+l.Key, func() error { return p.receiveLetter(ctx, l) })
		add(l.Replied, sayMinute, "letter replied to "+l.Key, func() error { return p.replyToLetter(ctx, l) })
	}
	return all
}

func (p *player) meet(ctx context.Context, m meetingLine) error {
	who, err := p.actor(ctx, m.By, "")
	if err != nil {
		return err
	}
	present := slices.Clone(m.Guests)
	for _, seat := range m.Deputies {
		present = append(present, PostID(seat))
	}
	got, err := p.Petitions.Desks().Intake.OpenMeeting(ctx, who, intake.Announcement{HeldOn: p.days.day(m.Held), Place: m.Place, Wards: m.Wards, Constituency: m.Constituency,
		Session: m.Session, Present: strings.Join(present, "\n")})
	p.ids[m.Key] = got.ID
	return err
}

// workbook takes a workbook in: read, checked, and imported unless it is left at that.
func (p *player) workbook(ctx context.Context, w workbookLine) error {
	who, err := p.actor(ctx, w.By, "")
	if err != nil {
		return err
	}
	file, err := p.sheet(w)
	if err != nil {
		return err
	}
	desk := p.Petitions.Desks().Intake
	b, err := desk.TakeWorkbook(ctx, who, w.Name, "", file)
	if err != nil {
		return err
	}
	m := intake.Matching{HeaderRow: b.HeaderRow, Columns: b.Columns.V, Defaults: intake.Defaults{Day: clock.Today(p.Clock), Session: w.Session, Channel: intake.Import}}
	if err := desk.CheckBatch(ctx, who, b.ID, m); err != nil || w.OnlyChecked {
		return err
	}
	if err := desk.BeginImport(ctx, who, b.ID); err != nil {
		return err
	}
	if err := p.drain(ctx); err != nil {
		return err
	}
	v, err := desk.View(ctx, who, b.ID, intake.RowTaken, 0)
	if err != nil {
		return err
	}
	for _, s := range p.scripts {
		if s.Of != w.Key {
			continue
		}
		i := slices.IndexFunc(v.Rows, func(r intake.Row) bool { return text.Line(r.Content.V.Text) == text.Line(s.Text) })
		if i < 0 {
			return fmt.Errorf("demo: %s was not taken in", s.Key)
		}
		p.handed[s.Key] = petitions.Handed{ID: v.Rows[i].PetitionID, Code: v.Rows[i].Code}
	}
	return nil
}

// sheet writes the workbook as an office would, with a title above its header.
func (p *player) sheet(w workbookLine) (file []byte, err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	rows := [][]string{{"TỔNG HỢP Ý KIẾN, KIẾN NGHỊ CỦA CỬ TRI"}, {}, {"STT", "Kỳ họp", "Ngày tiếp nhận", "Nguồn", "Họ và tên cử tri", "Địa chỉ (xã, phường)", "Số điện thoại", "Nội dung kiến nghị"}}
	line := func(day, name, ward, phone, words string) {
		rows = append(rows, []string{fmt.Sprint(len(rows) - 2), w.Session, day, w.Origin, name, ward, phone, words})
	}
	told := func(s Script) { line(p.days.day(w.Ago+4).VN(), s.Name, s.Written, s.Phone, strings.TrimSpace(s.Text)) }
	own := slices.DeleteFunc(slices.Clone(p.scripts), func(s Script) bool { return s.Of != w.Key })
	for _, s := range own {
		told(s)
	}
	if len(own) > 0 {
		told(own[0]) // copied twice, as happens
	}
	for _, r := range w.Rows {
		line(r[0], r[1], r[2], r[3], r[4])
	}
	for i, r := range rows {
		cells := make([]any, len(r))
		for j, c := range r {
			cells[j] = c
		}
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return nil, err
		}
	}
	var out bytes.Buffer
	_, err = f.WriteTo(&out)
	return out.Bytes(), err
}

// drawSet writes a set of settings and tests it.
func (p *player) drawSet(ctx context.Context, s setLine) error {
	who, err := p.actor(ctx, s.By, "")
	if err != nil {
		return err
	}
	desk, today := p.Petitions.Desks().Settings, clock.Today(p.Clock)
	id, err := desk.DrawUp(ctx, who, settings.Head{Title: s.Title, Paper: s.Paper, PaperDate: today, From: clock.DateOf(p.days.now).AddDays(-s.From)}, "")
	if err != nil {
		return err
	}
	p.ids[s.Title] = id
	for _, c := range s.changes() {
		if _, err := desk.Enter(ctx, who, id, c, ""); err != nil {
			return err
		}
	}
	return desk.Try(ctx, who, id)
}

func (s setLine) changes() []settings.Change {
	var all []settings.Change
	for _, f := range s.Fields {
		all = append(all, settings.FieldChange{Action: settings.Add, Code: f.Code, Vi: f.Vi, En: f.En})
	}
	for _, r := range s.Rules {
		body := ""
		if r.ToBody != "" {
			body = BodyID(r.ToBody)
		}
		all = append(all, settings.RuleChange{Action: settings.Add, RuleBody: settings.RuleBody{Title: r.Title, Any: r.Any, All: r.All, Ward: r.Ward, ToField: r.ToField,
			ToAuthority: r.ToAuthority, ToBody: body, Priority: r.Priority}})
	}
	for _, t := range s.Templates {
		all = append(all, settings.TemplateChange{Action: settings.Add, Field: t.Field, Verb: t.Verb, Title: t.Title, Text: strings.TrimSpace(t.Text)})
	}
	for _, d := range s.Deadlines {
		all = append(all, settings.DeadlineChange{Key: d.Key, Count: d.Count, Unit: calendar.Unit(d.Unit), Article: d.Article, Confirmed: d.Confirmed, Note: d.Note})
	}
	return all
}

func (p *player) putInForce(ctx context.Context, s setLine) error {
	who, err := p.actor(ctx, s.Signer, "")
	if err != nil {
		return err
	}
	desk, id := p.Petitions.Desks().Settings, p.ids[s.Title]
	sheet, err := desk.Sheet(ctx, who, id)
	if err != nil {
		return err
	}
	return desk.PutInForce(ctx, who, id, sheet.Set.Revision)
}

func (p *player) drawLetter(ctx context.Context, l letterLine) error {
	who, err := p.actor(ctx, l.By, "")
	if err != nil {
		return err
	}
	w := reminders.Drawing{BodyID: BodyID(l.Body), Rung: l.Rung, Words: l.Words, AnswerBy: p.ahead(l.AnswerIn)}
	for _, key := range l.Petitions {
		w.IDs = append(w.IDs, p.handed[key].ID)
	}
	id, again, err := p.Petitions.Desks().Reminders.DrawUp(ctx, who, w)
	if err == nil && again {
		err = fmt.Errorf("demo: a letter to %s waits already", l.Body)
	}
	p.ids[l.Key] = id
	return err
}

func (p *player) signLetter(ctx context.Context, l letterLine) error {
	who, err := p.actor(ctx, l.Signer, "")
	if err != nil {
		return err
	}
	p.letters = true
	return p.Petitions.Desks().Reminders.Sign(ctx, who, p.ids[l.Key], 0)
}

func (p *player) receiveLetter(ctx context.Context, l letterLine) error {
	who, err := p.contact(ctx, l)
	if err != nil {
		return err
	}
	return p.Petitions.Desks().Reminders.Confirm(ctx, who, p.ids[l.Key])
}

func (p *player) replyToLetter(ctx context.Context, l letterLine) error {
	who, err := p.contact(ctx, l)
	if err != nil {
		return err
	}
	c := reminders.Commitment{Days: map[string]clock.Date{}, Document: l.Document + " ngày " + clock.Today(p.Clock).VN(), Note: l.Note}
	for i, key := range l.Petitions {
		c.Days[p.handed[key].ID] = p.ahead(l.Days[i])
	}
	return p.Petitions.Desks().Reminders.Commit(ctx, who, p.ids[l.Key], c)
}

func (p *player) contact(ctx context.Context, l letterLine) (org.Actor, error) {
	return p.actor(ctx, l.Body+"-clerk", "")
}
