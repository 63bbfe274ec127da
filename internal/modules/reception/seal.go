package reception

import (
	"context"
	"crypto/subtle"
	"regexp"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/reception/delivery"
	"example.vn/hdnd/internal/modules/reception/sealed"
	"example.vn/hdnd/internal/modules/reception/senders"
	"example.vn/hdnd/internal/modules/reception/watchlist"
)

// Sealing is where denunciations live (kernel/vault; the sealed part shows it).
//
// vi: -
type Sealing struct {
	// Seal adds items to the compartment of a case, and makes it when there is none.
	Seal func(ctx context.Context, tx *db.Tx, caseID string, who org.Actor, items map[string][]byte) error
	// Reveal shows items to who may read them, with a reason that is kept and told.
	// It has a transaction of its own.
	Reveal func(ctx context.Context, who org.Actor, caseID string, items []string, reason string) (map[string][]byte, error)
	// Digest makes equal values equal without telling them.
	Digest func(purpose, value string) string
}

// items are what of an entry goes to the compartment. Names of files stay out:
// they may tell who wrote.
func (e Entry) items() map[string][]byte {
	all := map[string][]byte{}
	put := func(name, value string) {
		if value != "" {
			all[name] = []byte(value)
		}
	}
	put("summary", e.Summary)
	put("content", e.Content)
	put("respondent", e.Respondent)
	put("from_body", e.FromBody)
	if len(e.Senders) > 0 {
		p := e.Senders[0]
		put("name", p.Name)
		put("address", p.Address)
		put("contact", p.Contact)
		put("paper", p.Paper)
	}
	if len(e.Senders) > 1 {
		put("senders", senders.Write(e.Senders))
	}
	for i, f := range e.Scans {
		all["scan/"+strconv.Itoa(i+1)] = f.Bytes
	}
	return all
}

// allItems are the items of a letter.
func allItems() []string {
	all := []string{"summary", "content", "respondent", "from_body", "name", "address", "contact", "paper", "senders"}
	for i := range filesMax {
		all = append(all, "scan/"+strconv.Itoa(i+1))
	}
	return all
}

// entryOf is the way back: what a compartment holds of a letter.
func entryOf(items map[string][]byte) Entry {
	e := Entry{Summary: string(items["summary"]), Content: string(items["content"]), Respondent: string(items["respondent"]), FromBody: string(items["from_body"])}
	if lines := string(items["senders"]); lines != "" {
		e.Senders = senders.Read(lines)
	} else if name := string(items["name"]); name != "" {
		e.Senders = []Sender{{Name: name, Address: string(items["address"]), Contact: string(items["contact"]), Paper: string(items["paper"])}}
	}
	for i := range e.Senders {
		e.Senders[i].Number = i + 1
	}
	for i := 1; i <= filesMax; i++ {
		if b, ok := items["scan/"+strconv.Itoa(i)]; ok {
			e.Scans = append(e.Scans, Scan{Bytes: b})
		}
	}
	return e
}

// sealLetter takes an ordinary letter that turned out to be a denunciation out of
// the ordinary tables, in the transaction of the verb: its rows are emptied, its
// papers leave the registry, what was noted of it goes along. The bytes of its
// scans were read before the transaction; a job takes them off the disk.
func (s *Service) sealLetter(ctx context.Context, tx *db.Tx, who org.Actor, l *Letter, c *cases.Case, scans []Scan) error {
	senders, err := sendersOf(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	e := Entry{Summary: l.Summary, Content: l.Content, Respondent: l.Respondent, FromBody: l.FromBody, Senders: senders, Scans: scans}
	items := e.items()
	notes, err := notesOf(ctx, tx, l.ID)
	if err != nil {
		return err
	}
	for number, words := range notes {
		items["note/"+strconv.Itoa(number)] = []byte(words)
	}
	if l.Proposal != "" {
		items["proposal/"+strconv.Itoa(int(c.Revision))] = []byte(l.Proposal)
	}
	if err := s.empty(ctx, tx, l, c); err != nil {
		return err
	}
	if err := s.mark(ctx, tx, *l, e.Respondent, e.Content, e.Summary, senders); err != nil {
		return err
	}
	return s.Seal(ctx, tx, l.ID, who, items)
}

// empty takes what an ordinary letter says out of the ordinary tables.
func (s *Service) empty(ctx context.Context, tx *db.Tx, l *Letter, c *cases.Case) error {
	tx.Erase()
	for _, drop := range []func(context.Context, *db.Tx, string) error{dropMarks, dropSenders, dropWords, s.dropPapers, s.dropHeld, delivery.Drop, watchlist.Drop} {
		if err := drop(ctx, tx, l.ID); err != nil {
			return err
		}
	}
	l.FromBody, l.Respondent, l.Summary, l.Content, l.SenderLine, l.SenderCount, l.Proposal = "", "", "", "", "", 0, ""
	c.Sealed, c.Public, c.Title = true, false, l.Title()
	return nil
}

// leaveOut takes a letter that turned out to be a denunciation out of an
// installation in which its council keeps none: everything it says is deleted,
// and where the council keeps stubs, one stays. The clerk has confirmed that the
// original is where it belongs; nothing here can bring it back.
func (s *Service) leaveOut(ctx context.Context, tx *db.Tx, who org.Actor, l *Letter, c *cases.Case, place sealed.Place) error {
	if err := s.empty(ctx, tx, l, c); err != nil || place == sealed.Elsewhere {
		return err
	}
	return s.Seal(ctx, tx, l.ID, who, nil)
}

// plainDocument is how a paper is named in the file of a letter: what it is,
// number, symbol and day. A name would stay in the act and in the log, in clear,
// when the letter turns out to be a denunciation.
var plainDocument = regexp.MustCompile(`^((Đơn|Đơn rút|Biên bản|Biên bản làm việc|Biên bản rút đơn|Giấy xác nhận|Công văn|Quyết định|Thông báo|Kết luận|Báo cáo|Phiếu chuyển)( số)? ?)?([\pL\pN./,-]{0,30}\d[\pL\pN./,-]{0,30})?( ?ngày \d{1,2}/\d{1,2}/\d{4})?$`)

func namesNobody(c *cases.Case, document string) error {
	if (c.Sealed || c.Procedure == "letter") && !plainDocument.MatchString(document) {
		return fault.New(fault.Invalid, "reception.document_names").At("document")
	}
	return nil
}

// note keeps what a person wrote with an act of a case under the act's number:
// in the compartment when it is sealed, else in a table of our own. The act and
// the log's entry have none.
func (s *Service) note(ctx context.Context, tx *db.Tx, who org.Actor, c *cases.Case, letterID string, in *cases.Input) error {
	if err := namesNobody(c, in.Document); err != nil {
		return err
	}
	words := text.Clean(in.Note)
	in.Note = ""
	if words == "" {
		return nil
	}
	acts, err := cases.Acts(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	number := len(acts) + 1
	if !c.Sealed {
		return insertNote(ctx, tx, c.ID, number, words)
	}
	name := "note/" + strconv.Itoa(number)
	if c.ID != letterID {
		name = "matter_" + name
	}
	return s.Seal(ctx, tx, letterID, who, map[string][]byte{name: []byte(words)})
}

func sameDigest(a, b string) bool {
	return a != "" && subtle.ConstantTimeCompare([]byte(strings.ToLower(a)), []byte(strings.ToLower(b))) == 1
}
