package watchlist

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// Open makes a list.
func (d *Desk) Open(ctx context.Context, who org.Actor, w Draw) (id string, err error) {
	now := d.Clock.Now()
	if !mayKeep.Allows(who) {
		return "", fault.New(fault.Forbidden, "watchlist.not_yours")
	}
	if err := w.tidy(); err != nil {
		return "", err
	}
	l := List{ID: db.NewID(now), CouncilID: who.CouncilID, State: open, MadeBy: who.PersonID, MadeName: who.Name, CreatedAt: db.At(now), Mark: w.Once}
	l.take(w)
	err = d.DB.Tx(ctx, func(tx *db.Tx) error {
		before, err := marked(ctx, tx, who.CouncilID, w.Once)
		if err != nil {
			return err
		}
		if len(before) > 0 {
			id = before[0]
			return nil
		}
		id = l.ID
		if err := insertList(ctx, tx, l); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, "reception.open_watchlist", now, false, map[string]any{"document": l.Document})
	})
	return id, err
}

func (l *List) take(w Draw) {
	l.Title, l.Theme, l.Basis, l.Document, l.From, l.Until = w.Title, w.Theme, w.Basis, w.Document, w.From, w.Until
}

// Change changes what a list is about while it is open.
func (d *Desk) Change(ctx context.Context, who org.Actor, id string, w Draw) error {
	if err := w.tidy(); err != nil {
		return err
	}
	return d.act(ctx, who, id, deed{verb: "reception.change_watchlist", needs: mayKeep, revision: w.Revision, do: func(_ *db.Tx, l *List) (map[string]any, error) {
		l.take(w)
		return map[string]any{"document": l.Document}, nil
	}})
}

// denunciation is why a denunciation is on no list.
func denunciation() error { return fault.New(fault.Refused, "watchlist.denunciation").At("letters") }

// Add puts letters of the book on a list. Those that are on it stay as they are;
// one denunciation among them, and none is added.
func (d *Desk) Add(ctx context.Context, who org.Actor, id string, letterIDs []string) (added int, err error) {
	if len(letterIDs) == 0 {
		return 0, fault.New(fault.Invalid, "watchlist.letters_none").At("letters")
	}
	if len(letterIDs) > lettersMax {
		return 0, fault.New(fault.Invalid, "watchlist.full", "max", lettersMax).At("letters")
	}
	now := d.Clock.Now()
	err = d.act(ctx, who, id, deed{verb: "reception.watch_letters", needs: mayKeep, sealed: true, quiet: func() bool { return added == 0 }, do: func(tx *db.Tx, l *List) (map[string]any, error) {
		added = 0
		known, err := d.Letters(ctx, tx, letterIDs)
		if err != nil {
			return nil, err
		}
		for _, letterID := range letterIDs {
			of, ok := known[letterID]
			switch {
			case !ok || of.CouncilID != l.CouncilID:
				return nil, fault.New(fault.Missing, "watchlist.no_letter")
			case of.Sealed:
				return nil, denunciation()
			}
			l.LastNumber++
			fresh, err := insertEntry(ctx, tx, Entry{ListID: l.ID, LetterID: letterID, Number: l.LastNumber, AddedName: who.Name, AddedAt: db.At(now)})
			if err != nil {
				return nil, err
			}
			if !fresh {
				l.LastNumber--
				continue
			}
			added++
		}
		size, err := sizes(ctx, tx, []string{l.ID})
		if err == nil && size[l.ID] > lettersMax {
			err = fault.New(fault.Invalid, "watchlist.full", "max", lettersMax).At("letters")
		}
		return map[string]any{"letters": letterIDs, "added": added}, err
	}})
	return added, err
}

// Remove takes a letter off a list.
func (d *Desk) Remove(ctx context.Context, who org.Actor, id, letterID string) error {
	return d.act(ctx, who, id, deed{verb: "reception.unwatch_letter", needs: mayKeep, sealed: true, do: func(tx *db.Tx, l *List) (map[string]any, error) {
		if _, err := entryOf(ctx, tx, l.ID, letterID); err != nil {
			return nil, err
		}
		return map[string]any{"letter": letterID}, dropEntry(ctx, tx, l.ID, letterID)
	}})
}

// Note keeps what was asked about a letter, what came of it and what the council
// concludes.
func (d *Desk) Note(ctx context.Context, who org.Actor, e Entry) error {
	if err := e.tidy(clock.Today(d.Clock)); err != nil {
		return err
	}
	return d.act(ctx, who, e.ListID, deed{verb: "reception.note_watched", needs: mayKeep, sealed: true, do: func(tx *db.Tx, l *List) (map[string]any, error) {
		was, err := entryOf(ctx, tx, l.ID, e.LetterID)
		if err != nil {
			return nil, err
		}
		if e.Revision != 0 && e.Revision != was.Revision {
			return nil, fault.New(fault.Conflict, "db.stale")
		}
		now := e
		now.Revision = was.Revision
		return map[string]any{"letter": e.LetterID, "progress": string(now.progress()), "finding": string(now.Finding)}, updateEntry(ctx, tx, now)
	}})
}

// Closing ends a list.
//
// vi: kết thúc danh sách giám sát
type Closing struct {
	Document   string // the conclusion, the report or the resolution
	On         clock.Date
	Conclusion string
	Revision   int64
}

// Close ends a list with the document that concludes the supervision.
func (d *Desk) Close(ctx context.Context, who org.Actor, id string, c Closing) error {
	c.Document, c.Conclusion = text.Line(c.Document), text.Clean(c.Conclusion)
	today := clock.Today(d.Clock)
	if c.On.IsZero() {
		c.On = today
	}
	faults := long(map[string]string{"document": c.Document}, lineMax, long(map[string]string{"conclusion": c.Conclusion}, wordsMax, nil))
	if c.Document == "" {
		faults = append(faults, fault.New(fault.Invalid, "watchlist.conclusion_document_empty").At("document"))
	}
	if c.On.After(today) {
		faults = append(faults, fault.New(fault.Invalid, "watchlist.day_future", "day", c.On.VN()).At("on"))
	}
	if err := fault.Join(faults...); err != nil {
		return err
	}
	return d.act(ctx, who, id, deed{verb: "reception.close_watchlist", needs: mayClose, revision: c.Revision, do: func(_ *db.Tx, l *List) (map[string]any, error) {
		l.State, l.Conclusion, l.ConclusionDocument, l.ConclusionOn, l.ClosedName = closed, c.Conclusion, c.Document, c.On, who.Name
		return map[string]any{"document": c.Document}, nil
	}})
}

// deed is what one verb on a list does.
type deed struct {
	verb     string
	needs    auth.Permission
	revision int64 // that the person looked at; 0 does not ask
	sealed   bool  // of the log's entry: it names letters
	quiet    func() bool
	do       func(tx *db.Tx, l *List) (map[string]any, error)
}

// act is what all verbs on a list share. One transaction, one entry in the log.
func (d *Desk) act(ctx context.Context, who org.Actor, id string, w deed) error {
	now := d.Clock.Now()
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		l, err := listOf(ctx, tx, id)
		switch {
		case err != nil:
			return err
		case !l.seenBy(who):
			return noList()
		case !w.needs.Allows(who):
			return fault.New(fault.Forbidden, "watchlist.not_yours")
		case !l.open():
			return fault.New(fault.Refused, "watchlist.is_closed")
		case w.revision != 0 && w.revision != l.Revision:
			return fault.New(fault.Conflict, "db.stale")
		}
		details, err := w.do(tx, &l)
		if err != nil || w.quiet != nil && w.quiet() {
			return err
		}
		if err := updateList(ctx, tx, l); err != nil {
			return err
		}
		return d.note(ctx, tx, who, l, w.verb, now, w.sealed, details)
	})
}

func (d *Desk) note(ctx context.Context, tx *db.Tx, who org.Actor, l List, verb string, now time.Time, sealed bool, details map[string]any) error {
	d.Live.PublishAfter(tx, "council:"+l.CouncilID)
	_, err := d.Audit.Append(ctx, tx, audit.Entry{CouncilID: l.CouncilID, Subject: l.ID, Ref: l.ID, Verb: verb, At: now, Who: who, Details: details, Sealed: sealed})
	return err
}
