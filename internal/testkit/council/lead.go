package council

import (
	"context"
	"strings"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/petitions"
)

// Petition is one that a test hands in to the city. What is left empty has usual words.
type Petition struct {
	Words, Public, Reply string
	Field                string
	Secret               bool   // not published
	Steps                string // how far it is led: "classify forward accept answer:done judge:good close"
}

// Done is all of a petition's way.
const Done = "classify forward accept answer:done judge:good close"

func (p Petition) filled() Petition {
	for _, one := range []struct {
		at    *string
		usual string
	}{
		{&p.Words, "Đề nghị xem xét việc chung của tổ dân phố trong khu vực."}, {&p.Public, "Đề nghị xem xét việc chung của tổ dân phố."},
		{&p.Reply, "Cơ quan đã kiểm tra hiện trường và trả lời cử tri như sau."}, {&p.Field, "urban.roads"},
	} {
		if *one.at == "" {
			*one.at = one.usual
		}
	}
	return p
}

// HandIn gives a petition in and leads it as far as its steps say, a minute each.
func (w *World) HandIn(t testing.TB, p Petition) petitions.Handed {
	t.Helper()
	p = p.filled()
	got, err := w.App.Petitions.Receive(context.Background(), org.Voter("192.0.2.1"),
		petitions.Submission{To: petitions.ToCity, Ward: "00004", Lang: text.Vi, Text: p.Words, Name: "Lê Thị Kín", Email: "kin@example.vn", Consent: true})
	if err != nil {
		t.Fatal(err)
	}
	w.Clock.Advance(time.Minute)
	for step := range strings.FieldsSeq(p.Steps) {
		w.Lead(t, got.ID, p, step)
	}
	return got
}

// Lead does one step of a petition, by who does it in this council: "answer:done"
// is the step and what it says.
func (w *World) Lead(t testing.TB, id string, p Petition, step string) {
	t.Helper()
	ctx := context.Background()
	p = p.filled()
	s, who := w.App.Petitions, w.People
	body, clerk, committee := "hn-sxd", "đầu-mối-xây-dựng", "ban-đô-thị"
	if !strings.HasPrefix(p.Field, "urban") {
		body, clerk, committee = "hn-sgd", "đầu-mối-giáo-dục", "ban-văn-hoá"
	}
	verb, value, _ := strings.Cut(step, ":")
	var err error
	switch verb {
	case "classify":
		newness := petitions.Newness(value)
		if value == "" {
			newness = petitions.FirstTime
		}
		err = s.Classify(ctx, who["văn-thư"], id, petitions.Classification{Field: p.Field, Authority: petitions.CityLvl, Newness: newness, Ward: "00004", BodyID: body, PublicText: p.Public, Publish: !p.Secret, Withheld: "private"})
	case "forward":
		err = s.Forward(ctx, who["lãnh-đạo-văn-phòng"], id, "", 0)
	case "send_back":
		err = s.SendBack(ctx, who["lãnh-đạo-văn-phòng"], id, "Cần xem lại.", 0)
	case "accept":
		err = s.Accept(ctx, who[clerk], id, clock.Date{}, 0)
	case "answer":
		a := petitions.Answer{Number: 1, Reply: p.Reply, Outcome: petitions.Outcome(value)}
		if value == "underway" || value == "partly" {
			a.Promised = clock.Today(w.Clock).AddDays(30)
		}
		err = s.Answer(ctx, who[clerk], id, petitions.Reply{Answers: []petitions.Answer{a}, Document: "125/SXD-QLHT ngày " + clock.Today(w.Clock).VN()})
	case "judge":
		err = s.Judge(ctx, who[committee], id, petitions.Quality(value), "Trả lời còn thiếu lộ trình.", 0)
	case "close":
		err = s.Close(ctx, who["thường-trực"], id, "", 0)
	case "reopen":
		err = s.Reopen(ctx, who["thường-trực"], id, "Chưa làm xong.", 0)
	case "refuse":
		err = s.Refuse(ctx, who["văn-thư"], id, "unclear", "Nội dung chưa rõ, mời gửi lại.", 0)
	case "split":
		err = s.SplitOff(ctx, who["văn-thư"], id, petitions.DenunciationSplit, "Nội dung là tố cáo.", 0)
	default:
		t.Fatalf("no step %q", step)
	}
	if err != nil {
		t.Fatalf("%s: %v", step, err)
	}
	w.Clock.Advance(time.Minute)
}
