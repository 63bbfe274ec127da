package library

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/akoma"
	"example.vn/hdnd/internal/modules/library/extract"
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/modules/library/validity"
)

// Parts are the schemas and sentences of the sub-packages.
func Parts() []db.Migrations { return []db.Migrations{imports.Migrations, validity.Migrations} }

// Sentences are those of the sub-packages that have no tables.
func Sentences() []fs.FS { return []fs.FS{extract.Files, akoma.Files} }

// assemble makes the sub-packages and plugs what they need of documents.
func (s *Service) assemble() (err error) {
	s.reader = extract.New(extract.Deps{Tools: s.Documents.Tools, Scratch: s.Documents.Scratch})
	s.imports = imports.New(imports.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Documents: s.Documents, Folders: s.Folders,
		Kind: kindOf, Read: s.readFile, Unpack: unpack, Accept: s.accept, Known: s.known, Address: address, Accepted: extract.Accepted()})
	s.validity, err = validity.Open(validity.Deps{DB: s.DB, Clock: s.Clock, Audit: s.Audit, Queue: s.Jobs, Read: mayRead,
		Documents: s.effective, Provisions: texts, ByKeys: bearers, Every: idsAfter, Sees: sees, Address: addressFor, MayEdit: mayEdit,
		Communes: s.communes, Ground: ground, Vanished: s.vanished})
	return err
}

// address is a document's page for officials.
func address(id string) string { return home + "/documents/" + id }

// effective shows documents to the part that works out what holds.
func (s *Service) effective(ctx context.Context, tx *db.Tx, ids []string) ([]validity.Document, error) {
	docs, err := documentsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	units, err := anchorsOf(ctx, tx, ids)
	if err != nil {
		return nil, err
	}
	anchors := map[string][]string{}
	for _, u := range units {
		anchors[u.DocumentID] = append(anchors[u.DocumentID], u.Anchor)
	}
	all := make([]validity.Document, 0, len(docs))
	for _, d := range docs {
		if d.State == Withdrawn {
			continue
		}
		at := ""
		if d.open() {
			at = d.permanent()
		}
		all = append(all, validity.Document{ID: d.ID, CouncilID: d.CouncilID, Symbol: d.Symbol, Key: d.SymbolKey, Kind: d.Kind, Title: d.Subject, Body: d.Issuer, Level: validity.Level(d.Level),
			Unit: d.Unit, Normative: d.Normative, Issued: d.IssuedOn, Effect: d.EffectiveOn, Expires: d.ExpiresOn, Anchors: anchors[d.ID], URL: at})
	}
	return all, nil
}

// texts is the whole text of one document, unit by unit.
func texts(ctx context.Context, tx *db.Tx, id string) ([]validity.Provision, error) {
	t, err := textOf(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	units, err := provisionsOf(ctx, tx, []string{id})
	all := make([]validity.Provision, len(units))
	for i, u := range units {
		heading := label(ctx, u)
		if u.Heading != "" {
			heading += ". " + u.Heading
		}
		all[i] = validity.Provision{Anchor: u.Anchor, Heading: heading, Text: ownText(t.Body, units, i)}
	}
	return all, err
}

// ownText is a unit's text without its heading and without the units below it.
func ownText(body string, units []Provision, i int) string {
	u := units[i]
	to := u.To
	if i+1 < len(units) && units[i+1].Parent == u.Seq {
		to = units[i+1].From
	}
	from := clamp(int(u.Body), body)
	return strings.TrimSpace(body[from:max(from, clamp(int(to), body))])
}

func bearers(ctx context.Context, tx *db.Tx, councilID string, keys []string) (map[string][]string, error) {
	all, err := byKeys(ctx, tx, councilID, keys)
	of := map[string][]string{}
	for _, k := range all {
		of[k.Key] = append(of[k.Key], k.ID)
	}
	return of, err
}

func sees(ctx context.Context, tx *db.Tx, who org.Actor, ids []string) (map[string]bool, error) {
	docs, err := documentsOf(ctx, tx, ids)
	can := map[string]bool{}
	for _, d := range docs {
		can[d.ID] = d.seenBy(who)
	}
	return can, err
}

func mayEdit(ctx context.Context, tx *db.Tx, who org.Actor, id string) (bool, error) {
	d, err := documentOf(ctx, tx, id)
	return err == nil && d.seenBy(who) && d.keptBy(who), err
}

// addressFor is a document's page for a person: officials have theirs, everybody
// else the public one.
func addressFor(who org.Actor, d validity.Document) string {
	if who.SignedIn() {
		return address(d.ID)
	}
	return d.URL
}

// communes are today's units on the ground of a former one.
func (s *Service) communes(ctx context.Context, tx *db.Tx, oldUnit string) ([]validity.Heir, error) {
	heirs, err := org.HeirsOf(ctx, tx, []string{text.Fold(oldUnit)}, clock.Today(s.Clock))
	all := make([]validity.Heir, len(heirs))
	for i, h := range heirs {
		all[i] = validity.Heir{Code: h.Code, Name: h.FullName}
	}
	return all, err
}

// ground is the unit whose texts a person looks after; a city's sees all.
func ground(ctx context.Context, tx *db.Tx, who org.Actor) (string, error) {
	if who.Level == org.City {
		return "", nil
	}
	c, err := org.CouncilOf(ctx, tx, who.CouncilID)
	return c.UnitCode, err
}

// vanished finds the units that are no more by their names, folded.
func (s *Service) vanished(ctx context.Context, tx *db.Tx, folded []string) ([]validity.Vanished, error) {
	heirs, err := org.HeirsOf(ctx, tx, folded, clock.Today(s.Clock))
	var all []validity.Vanished
	for _, h := range heirs {
		i := slices.IndexFunc(all, func(v validity.Vanished) bool { return v.Name == h.OldName && v.Since == h.Since })
		if i < 0 {
			i = len(all)
			all = append(all, validity.Vanished{Name: h.OldName, Since: h.Since})
		}
		all[i].Now = append(all[i].Now, h.FullName)
	}
	return all, err
}

func kindOf(path, name string) (kind, media string, err error) {
	k, err := extract.KindOf(path, name)
	return string(k), k.Media(), err
}

// readFile reads a file for the imports.
func (s *Service) readFile(ctx context.Context, path, name string, from int, each func(imports.Page) error, counted func(int) error) (imports.Reading, error) {
	r, err := s.reader.Read(ctx, path, name, extract.Request{From: from, Counted: counted, Each: func(p extract.Page) error {
		return each(imports.Page{Number: p.Number, Text: p.Text, How: string(p.How), Confidence: p.Confidence, Width: p.Width, Height: p.Height, DPI: p.DPI, Turned: p.Turned, Blank: p.Blank, Notes: notes(p.Warnings)})
	}})
	return imports.Reading{PageCount: r.PageCount, Notes: notes(r.Warnings)}, err
}

func notes(all []extract.Warning) []imports.Note {
	var out []imports.Note
	for _, w := range all {
		out = append(out, imports.Note{Key: w.Key, Args: w.Args, Page: w.Page})
	}
	return out
}

// unpack hands the files of a ZIP to the imports.
func unpack(_ context.Context, path, name string, each func(imports.Member) error) (err error) {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	all, err := extract.Members(f, info.Size(), name, extract.FolderLimits{})
	for _, m := range all {
		if err == nil {
			err = each(imports.Member{Name: m.Name, Size: m.Size, Wrong: m.Wrong, Open: m.Open})
		}
	}
	return err
}

// Imports are the batches by which files come in.
func (s *Service) Imports() *imports.Desk { return s.imports }

// Validity is what works out which text holds.
func (s *Service) Validity() *validity.Desk { return s.validity }
