package figures

import (
	"context"
	"net/http"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/kernel/web"
)

const (
	schemaPath  = home + "/records.schema.json"
	recordsTime = 10 * time.Minute // a million rows over a slow line
)

// recordsPage sends the rows behind a made report.
func (d *Desk) recordsPage(w http.ResponseWriter, r *http.Request) error {
	ctx := r.Context()
	made, err := d.TakeAlong(ctx, web.Actor(r), r.PathValue("report"))
	if err != nil {
		return err
	}
	name := strings.NewReplacer("/", "-", " ", "-").Replace(strings.ToLower(made.Form)) + "-" + made.Period.V.From.String() + "-" + made.Period.V.Until.String() + ".jsonl"
	w.Header().Set("Content-Type", "application/jsonl; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	w.Header().Set("Cache-Control", "no-store")
	_, err = d.records(ctx, made, w, nil)
	return err
}

// schemaPage sends what a line may hold, for who reads the lines.
func (d *Desk) schemaPage(w http.ResponseWriter, _ *http.Request) error {
	b, err := Files.ReadFile("schemas/records-1.schema.json")
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/schema+json; charset=utf-8")
	_, err = w.Write(b)
	return err
}

// recordsWords tells what the rows come to.
func (v reportView) recordsWords(ctx context.Context) string {
	n := v.Table.V.Records
	return text.T(ctx, "figures.records_words", "rows", text.Number(text.LangOf(ctx), n.Rows), "left", text.Number(text.LangOf(ctx), n.LeftOut), "hash", n.Hash)
}
