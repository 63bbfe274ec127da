package library

import (
	"context"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/documents"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/jobs"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
	"example.vn/hdnd/internal/modules/library/imports"
)

// readKind is the job that reads what a new document is.
const readKind = "library.read"

type readArgs struct{ Document, Council string }

// accept makes a document of a file whose text was read, in the transaction of
// the import. What the text says is read by a job of its own: that takes longer
// than a transaction should.
func (s *Service) accept(ctx context.Context, tx *db.Tx, who org.Actor, item imports.Item, content imports.Text) (string, error) {
	body := joined(content)
	if mark := documents.FindMark(body); mark != "" {
		return "", fault.New(fault.Refused, "library.secret", "mark", mark)
	}
	now := item.BegunAt.Time
	d := Document{ID: item.ID, CouncilID: item.CouncilID, BodyID: who.BodyID, State: Unread, Access: Internal, ReadHow: how(content), Confidence: content.Confidence,
		FileHash: item.Hash, FileName: documents.CleanName(item.Name), MediaType: item.MediaType, Pages: item.Pages, CreatedAt: db.At(now), ChangedAt: db.At(now), Revision: 1}
	paper, err := s.Documents.Attach(ctx, tx, item.Draft(), documents.For{ID: "library-" + d.ID, CouncilID: d.CouncilID, BodyID: d.BodyID, Subject: documents.Subject{Kind: "library_document", ID: d.ID}, Kind: "library", By: who.PersonID, At: now})
	if err != nil {
		return "", err
	}
	d.PaperID = paper.ID
	if err := insertDocument(ctx, tx, d); err != nil {
		return "", err
	}
	if err := insertText(ctx, tx, written{DocumentID: d.ID, Body: body}); err != nil {
		return "", err
	}
	if err := s.Jobs.Enqueue(ctx, tx, jobs.Job{Kind: readKind, Key: d.ID, Args: readArgs{d.ID, d.CouncilID}, CouncilID: d.CouncilID}); err != nil {
		return "", err
	}
	_, err = s.Audit.Append(ctx, tx, audit.Entry{CouncilID: d.CouncilID, Subject: d.ID, Ref: d.ID, Verb: "library.take", At: now, Who: who, Papers: []string{d.FileHash}, Details: map[string]any{"file": d.FileName}})
	return d.ID, err
}

// known finds the document that was made of exactly these bytes.
func (s *Service) known(ctx context.Context, tx *db.Tx, councilID, hash string) (string, bool, error) {
	ids, err := byFile(ctx, tx, councilID, hash)
	if err != nil || len(ids) == 0 {
		return "", false, err
	}
	return ids[0], true, nil
}

// joined is the text of all pages, with a form feed between them.
func joined(content imports.Text) string {
	all := make([]string, len(content.Pages))
	for i, p := range content.Pages {
		all[i] = strings.ReplaceAll(p.Text, "\f", "\n")
	}
	return text.NFC(strings.Join(all, "\f"))
}

// how tells by which way most pages were read.
func how(content imports.Text) string {
	count := map[string]int{}
	best := ""
	for _, p := range content.Pages {
		if count[p.How]++; count[p.How] > count[best] {
			best = p.How
		}
	}
	return best
}
