package imports

import (
	"context"
	"errors"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Upload is what a clerk sends.
//
// vi: -
type Upload struct {
	Name  string // of the batch; empty: made of the first file and the count
	Once  string // mark of the form: two sendings of one page begin once
	Files []documents.Upload
}

// Begin takes files in and has them read. A file that cannot be taken is an item of
// the batch that says why: one bad file does not keep back hundreds.
func (d *Desk) Begin(ctx context.Context, who org.Actor, u Upload) (b Batch, err error) {
	if !mayImport.Allows(who) {
		return b, fault.New(fault.Forbidden, "imports.not_yours")
	}
	if len(u.Files) == 0 {
		return b, fault.New(fault.Invalid, "imports.no_files").At("files")
	}
	if len(u.Files) > filesMost {
		return b, fault.New(fault.TooLarge, "imports.files_many", "max", filesMost, "count", len(u.Files)).At("files")
	}
	if u.Once != "" {
		if old, err := d.begun(ctx, who.CouncilID, u.Once); err != nil || old.ID != "" {
			return old, err
		}
	}
	b = Batch{CouncilID: who.CouncilID, BodyID: who.BodyID, Name: u.title(ctx), Source: "upload", Mark: u.Once, Actor: db.JSON[actorRow]{V: actorRow{who}}}
	return d.begin(ctx, who, b, u.Files)
}

func (d *Desk) begun(ctx context.Context, councilID, mark string) (b Batch, err error) {
	err = d.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := batchesMarked(ctx, tx, councilID, mark)
		if len(all) > 0 {
			b = all[0]
		}
		return err
	})
	return b, err
}

// title names a batch for lists.
func (u Upload) title(ctx context.Context) string {
	name := text.Line(u.Name)
	if name == "" {
		name = documents.CleanName(u.Files[0].Name)
		if n := len(u.Files); n > 1 {
			name = text.T(ctx, "imports.batch_name", "name", name, "more", n-1)
		}
	}
	return short(name, nameMax)
}

func short(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return s
}

// begin stores the bytes, then writes the batch and its items down in one
// transaction, with a paper of each so that its bytes stay.
func (d *Desk) begin(ctx context.Context, who org.Actor, b Batch, files []documents.Upload) (Batch, error) {
	now := d.Clock.Now()
	b.ID, b.State, b.CreatedAt = db.NewID(now), Running, db.At(now)
	items := make([]Item, 0, len(files))
	seen := map[string]int{}
	for n, f := range files {
		i, err := d.takeIn(ctx, f)
		if err != nil {
			return b, err
		}
		i.ID, i.BatchID, i.CouncilID, i.Number = db.NewID(now), b.ID, b.CouncilID, int64(n+1)
		i.Name = distinct(seen, i.Name)
		items = append(items, i)
	}
	err := d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := insertBatch(ctx, tx, b); err != nil {
			return err
		}
		for _, i := range items {
			if err := d.enter(ctx, tx, b, i, now); err != nil {
				return err
			}
		}
		if err := d.queue(ctx, tx, b); err != nil {
			return err
		}
		return d.record(ctx, tx, who, b, "library.begin_import", now, map[string]any{"files": len(items), "source": b.Source})
	})
	if db.Unique(err) && b.Mark != "" {
		return d.begun(ctx, b.CouncilID, b.Mark) // the second of two clicks
	}
	return b, err
}

// enter writes an item down; a paper of the registry keeps its bytes.
func (d *Desk) enter(ctx context.Context, tx *db.Tx, b Batch, i Item, now time.Time) error {
	if err := insertItem(ctx, tx, i); err != nil || i.Hash == "" {
		return err
	}
	_, err := d.Documents.Attach(ctx, tx, i.Draft(), documents.For{ID: "import-" + i.ID, CouncilID: b.CouncilID, BodyID: b.BodyID, Subject: i.subject(), Kind: "import", By: b.Actor.V.PersonID, At: now})
	return err
}

// distinct gives two files of one name two names.
func distinct(seen map[string]int, name string) string {
	seen[name]++
	if seen[name] == 1 {
		return name
	}
	end := path.Ext(name)
	for {
		other := strings.TrimSuffix(name, end) + " (" + strconv.Itoa(seen[name]) + ")" + end
		if seen[other] == 0 {
			seen[other] = 1
			return other
		}
		seen[name]++
	}
}

// checkedKinds are those the registry itself knows how to check for programs,
// passwords and bombs inside. It would draw pictures anew and refuse old encodings,
// so those are kept as they came.
func checkedKinds() []string { return []string{"pdf", "docx", "odt"} }

// takeIn checks a file and stores its bytes. A refusal makes an item that failed;
// only trouble of ours is an error.
func (d *Desk) takeIn(ctx context.Context, u documents.Upload) (i Item, err error) {
	i = Item{Name: short(text.Line(strings.ReplaceAll(u.Name, `\`, "/")), 2*nameMax), State: Waiting, Size: u.Size, Confidence: 1}
	refused := func(err error) (Item, error) {
		switch fault.KindOf(err) {
		case fault.Internal, fault.Unavailable:
			return i, err
		}
		i.State, i.Problem.V, i.EndedAt = Failed, problemOf(err), db.At(d.Clock.Now())
		return i, nil
	}
	if documents.FindMark(strings.TrimSuffix(path.Base(i.Name), path.Ext(i.Name))) != "" {
		return refused(documents.RefuseMark(strings.TrimSuffix(path.Base(i.Name), path.Ext(i.Name))))
	}
	spooled, size, err := d.spool(u)
	if spooled != "" {
		defer func() { err = errors.Join(err, os.Remove(spooled)) }()
	}
	if err != nil {
		return refused(err)
	}
	i.Size = size
	if i.Kind, i.MediaType, err = d.Kind(spooled, i.Name); err != nil {
		return refused(err)
	}
	open := func() (io.ReadCloser, error) { return os.Open(spooled) }
	if slices.Contains(checkedKinds(), i.Kind) {
		// By its kind, whatever its name says: the name of a scan's file tells little.
		draft, err := d.Documents.Take(ctx, documents.Upload{Name: "tệp." + i.Kind, Size: size, Open: open}, documents.Limits{SizeMaxBytes: fileBytesMost, UnpackedMaxBytes: 4 * fileBytesMost})
		if err != nil {
			return refused(named(err, i.Name))
		}
		i.Hash, i.Pages = draft.Hash, int64(draft.Pages)
		return i, nil
	}
	f, err := open()
	if err != nil {
		return i, err
	}
	blob, err := d.Documents.Blobs.Put(ctx, f)
	i.Hash = blob.Hash
	return i, errors.Join(err, f.Close())
}

// named puts the file's own name into a refusal.
func named(err error, name string) error {
	f := *fault.Of(err)
	if _, has := f.Args["name"]; has {
		args := map[string]any{}
		for k, v := range f.Args {
			args[k] = v
		}
		args["name"] = name
		f.Args = args
	}
	return &f
}

// spool copies a file to the scratch folder, and never more of it than is taken.
func (d *Desk) spool(u documents.Upload) (name string, size int64, err error) {
	if u.Size > fileBytesMost {
		return "", 0, fault.New(fault.TooLarge, "documents.too_large", "name", u.Name, "max", fileBytesMost>>20)
	}
	from, err := u.Open()
	if err != nil {
		return "", 0, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := os.CreateTemp(d.Documents.Scratch, "hdnd-import-*")
	if err != nil {
		return "", 0, err
	}
	size, err = io.Copy(to, io.LimitReader(from, fileBytesMost+1))
	if err = errors.Join(err, to.Close()); err == nil && size > fileBytesMost {
		err = fault.New(fault.TooLarge, "documents.too_large", "name", u.Name, "max", fileBytesMost>>20)
	}
	return to.Name(), size, err
}
