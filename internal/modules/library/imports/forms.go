package imports

import (
	"context"
	"io"
	"net/http"

	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/web"
)

func (d *Desk) beginForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{Files: filesMost, FileBytes: fileBytesMost, TotalBytes: formBytesMost})
	var b Batch
	if err == nil {
		b, err = d.Begin(r.Context(), web.Actor(r), Upload{Name: form.Line("name"), Once: form.Once(), Files: uploads(form.Files("files"))})
	}
	if web.Mendable(err) {
		return d.showList(w, r, form, err)
	}
	return web.Done(w, r, err, "imports.begun", home+"/"+b.ID)
}

func uploads(files []web.File) []documents.Upload {
	all := make([]documents.Upload, len(files))
	for i, f := range files {
		all[i] = documents.Upload{Name: f.Name, Size: f.Size, Open: func() (io.ReadCloser, error) { return f.Open() }}
	}
	return all
}

// verb is what the buttons of a batch do.
func (d *Desk) verb(w http.ResponseWriter, r *http.Request, do func(context.Context, org.Actor, string) error, said string) error {
	if _, err := web.ReadForm(w, r, web.Limits{}); err != nil {
		return err
	}
	id := r.PathValue("batch")
	return web.Done(w, r, do(r.Context(), web.Actor(r), id), said, home+"/"+id)
}

func (d *Desk) pauseForm(w http.ResponseWriter, r *http.Request) error {
	return d.verb(w, r, d.Pause, "imports.was_paused")
}

func (d *Desk) resumeForm(w http.ResponseWriter, r *http.Request) error {
	return d.verb(w, r, d.Resume, "imports.was_resumed")
}

func (d *Desk) cancelForm(w http.ResponseWriter, r *http.Request) error {
	return d.verb(w, r, d.Cancel, "imports.was_cancelled")
}

func (d *Desk) retryForm(w http.ResponseWriter, r *http.Request) error {
	form, err := web.ReadForm(w, r, web.Limits{})
	if err != nil {
		return err
	}
	return d.verb(w, r, func(ctx context.Context, who org.Actor, id string) error {
		return d.Retry(ctx, who, id, form.Line("item"))
	}, "imports.was_retried")
}
