package counter

import (
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"

	"github.com/xuri/excelize/v2"
)

// Limits of the log: lines of a page, and of a file.
const (
	logPage = 50
	logMost = 20_000
)

// Entry is one line of the log with the people of its visit.
//
// vi: dòng sổ tiếp công dân
type Entry struct {
	Line
	People  []Person
	numbers []string // in full, of the people; empty shows masks
}

// Period is what part of the log is read, both days included.
//
// vi: -
type Period struct{ From, Until clock.Date }

// Book is a part of the log (Sổ tiếp công dân, Mẫu 03/TCD).
//
// vi: sổ tiếp công dân
type Book struct {
	Period
	Council org.Council
	Entries []Entry
	Next    string
}

// period fills in what was left out: this month, up to today.
func (d *Desk) period(p Period) (Period, error) {
	today := d.today()
	if p.Until.IsZero() {
		p.Until = today
	}
	if p.From.IsZero() {
		p.From = clock.NewDate(p.Until.Year, p.Until.Month, 1)
	}
	if p.Until.Before(p.From) {
		return p, fault.New(fault.Invalid, "counter.period_turned").At("until")
	}
	return p, nil
}

// Log gives one page of the log of the person's council.
func (d *Desk) Log(ctx context.Context, who org.Actor, p Period, after string) (Book, error) {
	return d.book(ctx, who, p, after, logPage)
}

func (d *Desk) book(ctx context.Context, who org.Actor, p Period, after string, most int) (b Book, err error) {
	if !mayLog.Allows(who) {
		return b, fault.New(fault.Forbidden, "counter.not_yours")
	}
	if b.Period, err = d.period(p); err != nil {
		return b, err
	}
	from := place{day: b.From}
	if day, no, _ := strings.Cut(after, "."); no != "" {
		on, bad := clock.ParseDate(day)
		n, worse := strconv.Atoi(no)
		if bad == nil && worse == nil && !on.Before(b.From) {
			from = place{on, n}
		}
	}
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		if b.Council, err = org.CouncilOf(ctx, tx, who.CouncilID); err != nil {
			return err
		}
		lines, err := logLines(ctx, tx, who.CouncilID, from, b.Until, most+1)
		if err != nil {
			return err
		}
		if len(lines) > most {
			lines = lines[:most]
			b.Next = lines[most-1].On.String() + "." + strconv.Itoa(lines[most-1].No)
		}
		b.Entries, err = entries(ctx, tx, lines)
		return err
	})
	return b, err
}

// entries adds to lines the people of their visits.
func entries(ctx context.Context, tx *db.Tx, lines []Line) ([]Entry, error) {
	ids := make([]string, len(lines))
	for i, l := range lines {
		ids[i] = l.VisitID
	}
	people, err := peopleOfAll(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	by := map[string][]Person{}
	for _, p := range people {
		by[p.VisitID] = append(by[p.VisitID], p)
	}
	all := make([]Entry, len(lines))
	for i, l := range lines {
		all[i] = Entry{Line: l, People: by[l.VisitID]}
	}
	return all, nil
}

// logColumns are the 13 columns of Mẫu 03/TCD by their text keys, with their
// share of a page's width.
func logColumns() []struct {
	Key   string
	Share float64
} {
	return []struct {
		Key   string
		Share float64
	}{{"no", 9}, {"day", 22}, {"name", 34}, {"paper", 24}, {"summary", 46}, {"class", 15}, {"people", 13}, {"settled_by", 24}, {"own", 14}, {"guided", 27}, {"forwarded", 27}, {"follow", 24}, {"note", 20}}
}

// Cells are the 13 cells of a line. The log is an official paper, so its words
// are Vietnamese whatever the reader's language. A sealed line tells that it is
// one and nothing else.
func (e Entry) Cells() []string {
	cells := []string{strconv.Itoa(e.No), e.On.VN(), "", "", "", "", "", "", "", "", "", "", ""}
	if e.Sealed {
		cells[4], cells[5] = "Tố cáo – thông tin được niêm phong", "TC"
		return cells
	}
	var names, papers []string
	for i, p := range e.People {
		names = append(names, strings.TrimSuffix(p.Name+", "+p.Address, ", "))
		number := p.Mask()
		if e.numbers != nil {
			number = e.numbers[i]
		}
		if number != "" {
			papers = append(papers, number)
		}
	}
	about := []string{e.Summary}
	for _, more := range [][2]string{{"Quá trình giải quyết: ", e.Earlier}, {"Yêu cầu: ", e.Request}} {
		if more[1] != "" {
			about = append(about, more[0]+more[1])
		}
	}
	cells[2], cells[3], cells[4] = strings.Join(names, "\n"), strings.Join(papers, "\n"), strings.Join(about, "\n")
	cells[5] = map[Class]string{Complaint: "KN", Denunciation: "TC", Proposal: "KN-PA"}[e.Class]
	cells[6], cells[7], cells[11], cells[12] = strconv.Itoa(e.Line.People), e.SettledBy, e.Follow, e.Note
	to := strings.TrimSuffix(strings.TrimPrefix(e.ToBody+"\n"+e.Symbol, "\n"), "\n")
	switch e.Outcome {
	case Own:
		cells[8] = "x"
	case Guided:
		cells[9] = to
	case Forwarded:
		cells[10] = to
	case Noted:
		cells[11] = strings.TrimSpace("Ghi nhận, trả lời sau. " + e.Follow)
	case Settled:
		cells[11] = strings.TrimSpace("Đã giải thích, trả lời tại chỗ. " + e.Follow)
	}
	return cells
}

// titles are the heads of the columns as the form has them.
func titles() []string {
	return []string{"STT", "Ngày tiếp", "Họ tên, địa chỉ", "Số CCCD/hộ chiếu/giấy tờ", "Tóm tắt nội dung", "Phân loại (KN, TC, KN-PA)", "Số người cùng nội dung", "Cơ quan đã giải quyết",
		"Thuộc thẩm quyền", "Hướng dẫn đến cơ quan, số văn bản", "Cơ quan thụ lý, số văn bản chuyển đơn", "Theo dõi kết quả giải quyết", "Ghi chú"}
}

// Whole gives the log of a period for a file. A period too long for one is
// refused rather than cut.
func (d *Desk) Whole(ctx context.Context, who org.Actor, p Period) (Book, error) {
	b, err := d.book(ctx, who, p, "", logMost)
	if err == nil && b.Next != "" {
		err = fault.New(fault.Invalid, "counter.period_long", "max", logMost).At("until")
	}
	return b, err
}

// WriteWorkbook writes the log as an Excel file. Each cell is text, also what
// begins with =, +, - or @: nothing a citizen says becomes a formula.
func (b Book) WriteWorkbook(w io.Writer) error {
	f := excelize.NewFile()
	const sheet = "So tiep cong dan"
	if err := f.SetSheetName("Sheet1", sheet); err != nil {
		return err
	}
	a4, land, fit, across, tall := 9, "landscape", true, 1, 0
	if err := f.SetSheetProps(sheet, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	if err := f.SetPageLayout(sheet, &excelize.PageLayoutOptions{Size: &a4, Orientation: &land, FitToWidth: &across, FitToHeight: &tall}); err != nil {
		return err
	}
	styles, err := logStyles(f)
	if err != nil {
		return err
	}
	out, err := f.NewStreamWriter(sheet)
	if err != nil {
		return err
	}
	for i, c := range logColumns() {
		if err := out.SetColWidth(i+1, i+1, c.Share*0.7); err != nil {
			return err
		}
	}
	numbers := make([]string, len(titles()))
	for i := range numbers {
		numbers[i] = "(" + strconv.Itoa(i+1) + ")"
	}
	rows := [][]string{{b.Council.Name}, {"SỔ TIẾP CÔNG DÂN (Mẫu 03/TCD)"}, {"Từ ngày " + b.From.VN() + " đến ngày " + b.Until.VN()}, {}, titles(), numbers}
	for i, r := range rows {
		style := styles[0]
		if i > 3 {
			style = styles[1]
		}
		if err := putRow(out, i+1, r, style); err != nil {
			return err
		}
	}
	for i, e := range b.Entries {
		if err := putRow(out, len(rows)+i+1, e.Cells(), styles[2]); err != nil {
			return err
		}
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if err := f.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", RefersTo: "'" + sheet + "'!$5:$6", Scope: sheet}); err != nil {
		return err
	}
	if err := f.Write(w); err != nil {
		return err
	}
	return f.Close()
}

// logStyles are those of the title, of the head and of text: "@" keeps what is
// typed as text, also once somebody edits it.
func logStyles(f *excelize.File) (ids [3]int, err error) {
	thin := documents.Lines()
	font := func(bold bool) *excelize.Font {
		return &excelize.Font{Family: "Times New Roman", Size: 12, Bold: bold}
	}
	for i, s := range []excelize.Style{
		{Font: font(true), NumFmt: 49},
		{Font: font(true), Border: thin, NumFmt: 49, Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}},
		{Font: font(false), Border: thin, NumFmt: 49, Alignment: &excelize.Alignment{Vertical: "top", WrapText: true}},
	} {
		if ids[i], err = f.NewStyle(&s); err != nil {
			return ids, err
		}
	}
	return ids, nil
}

// cellMost is as much text as one cell of a spreadsheet takes.
const cellMost = 32_767

func putRow(out *excelize.StreamWriter, line int, cells []string, style int) error {
	at, err := excelize.CoordinatesToCellName(1, line)
	if err != nil {
		return err
	}
	values := make([]any, len(cells))
	for i, c := range cells {
		if r := []rune(c); len(r) > cellMost {
			c = string(r[:cellMost-1]) + "…"
		}
		values[i] = excelize.Cell{StyleID: style, Value: c}
	}
	return out.SetRow(at, values)
}

// File writes the log of a period: "xlsx" or "pdf".
func (d *Desk) File(ctx context.Context, who org.Actor, p Period, ending string) (name string, content []byte, err error) {
	b, err := d.Whole(ctx, who, p)
	if err != nil {
		return "", nil, err
	}
	var out bytes.Buffer
	switch ending {
	case "xlsx":
		err = b.WriteWorkbook(&out)
	case "pdf":
		if len(b.Entries) > printMost {
			return "", nil, fault.New(fault.Invalid, "counter.period_long", "max", printMost).At("until")
		}
		err = b.print(&out, d.Fonts, d.Clock.Now())
	default:
		err = fault.New(fault.Missing, "counter.no_file")
	}
	return b.fileName(ending), out.Bytes(), err
}

func (b Book) fileName(ending string) string {
	return strings.Join([]string{"so-tiep-cong-dan", text.Fold(b.Council.Code), b.From.String(), b.Until.String()}, "-") + "." + ending
}
