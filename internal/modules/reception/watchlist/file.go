package watchlist

import (
	"context"
	"io"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/text"
)

// workbook writes the list: what it is, its letters, and the figures by body.
func (v Sheet) workbook(ctx context.Context, w io.Writer) error {
	b := documents.NewWorkbook(text.T(ctx, "watchlist.sheet"))
	for i, line := range []string{v.Title, v.period(ctx), v.Document, v.Basis} {
		b.Set(1, i+1, line)
	}
	const head = 6
	columns := v.columns(ctx)
	for x, c := range columns {
		b.Set(x+1, head, c.title)
		for y, l := range v.Lines {
			b.Set(x+1, head+1+y, c.of(l))
		}
	}
	at := head + 2 + len(v.Lines)
	b.Set(1, at, text.T(ctx, "watchlist.by_body"))
	b.Set(2, at, text.T(ctx, "watchlist.letters"))
	b.Set(3, at, text.T(ctx, "watchlist.late"))
	for x, p := range steps() {
		b.Set(4+x, at, text.T(ctx, "watchlist.progress_"+string(p)))
	}
	for i, t := range v.Bodies {
		b.Set(1, at+1+i, t.name(ctx))
		b.Number(2, at+1+i, t.All)
		b.Number(3, at+1+i, t.Late)
		for x, p := range steps() {
			b.Number(4+x, at+1+i, t.Count[p])
		}
	}
	b.Wide(1, len(columns), 22)
	return b.Write(w)
}

type column struct {
	title string
	of    func(l Line) string
}

func (v Sheet) columns(ctx context.Context) []column {
	return []column{
		{text.T(ctx, "watchlist.letter"), func(l Line) string { return l.Letter.Title }},
		{text.T(ctx, "watchlist.received_on"), func(l Line) string { return l.Letter.ReceivedOn.VN() }},
		{text.T(ctx, "watchlist.kind"), func(l Line) string { return l.Letter.Kind }},
		{text.T(ctx, "watchlist.sender"), func(l Line) string { return l.Letter.Sender }},
		{text.T(ctx, "watchlist.summary"), func(l Line) string { return l.Letter.Summary }},
		{text.T(ctx, "watchlist.unit"), func(l Line) string { return l.Letter.Unit }},
		{text.T(ctx, "watchlist.body"), func(l Line) string { return l.Letter.Body }},
		{text.T(ctx, "watchlist.state"), func(l Line) string { return l.Letter.State }},
		{text.T(ctx, "watchlist.note"), func(l Line) string { return l.Note }},
		{text.T(ctx, "watchlist.asked"), func(l Line) string { return dated(l.Asked, l.AskedOn) }},
		{text.T(ctx, "watchlist.answer"), func(l Line) string { return dated(l.AnswerDocument+" "+l.Answer, l.AnsweredOn) }},
		{text.T(ctx, "watchlist.progress"), func(l Line) string { return text.T(ctx, "watchlist.progress_"+string(l.progress())) }},
		{text.T(ctx, "watchlist.finding"), func(l Line) string { return l.finding(ctx) }},
		{text.T(ctx, "watchlist.conclusion"), func(l Line) string { return l.Conclusion }},
	}
}

func dated(words string, on clock.Date) string {
	if on.IsZero() {
		return text.Clean(words)
	}
	return text.Clean(words + " (" + on.VN() + ")")
}
