package gate

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

const fine = "Đã đọc: đều là kiến nghị thật của tổ dân phố"

func (w *world) releases(t testing.TB) int {
	t.Helper()
	return w.count(t, `SELECT COUNT(*) FROM audit_entries WHERE verb = 'petitions.release'`)
}

// Several held petitions go on by one act with one reason; each has its own
// entry in the log, and the second click does nothing.
func TestReleaseAll(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		ctx := context.Background()
		var ids []string
		for range 5 {
			ids = append(ids, w.held(t))
		}
		for _, who := range []org.Actor{agency, auditor, deputy, {}} {
			_, err := w.ReleaseAll(ctx, who, ids, fine)
			wants(t, err, fault.Forbidden)
		}
		_, err := w.ReleaseAll(ctx, ward, ids, fine)
		wants(t, err, fault.Missing)
		_, err = w.ReleaseAll(ctx, clerk, nil, fine)
		wants(t, err, fault.Invalid)
		_, err = w.ReleaseAll(ctx, clerk, ids, " ngắn ")
		wants(t, err, fault.Invalid)
		_, err = w.ReleaseAll(ctx, clerk, append(slices.Clone(ids), "không-có"), fine)
		wants(t, err, fault.Missing)
		var many []string
		for i := range releaseMost + 1 {
			many = append(many, fmt.Sprint(i))
		}
		_, err = w.ReleaseAll(ctx, clerk, many, fine)
		wants(t, err, fault.TooLarge)
		if n := w.releases(t); n != 0 || len(w.released) != 0 {
			t.Fatalf("%d were let go by acts that failed", n)
		}
		if err := w.Release(ctx, head, ids[0]); err != nil {
			t.Fatal(err)
		}
		if err := w.Invalidate(ctx, head, ids[1], Reasons()[0], grounds); err != nil {
			t.Fatal(err)
		}
		f, err := w.ReleaseAll(ctx, clerk, append(slices.Clone(ids), ids[2]), fine)
		if err != nil || f != (Freed{Now: 3, Before: 1, Ended: 1}) {
			t.Errorf("%v %+v", err, f)
		}
		if f, err = w.ReleaseAll(ctx, clerk, ids, fine); err != nil || f != (Freed{Before: 4, Ended: 1}) {
			t.Errorf("the second click: %v %+v", err, f)
		}
		if n := w.releases(t); n != 4 || len(w.released) != 4 {
			t.Errorf("%d entries, search was told of %d", n, len(w.released))
		}
		if got := w.one(t, `SELECT state FROM petitions_held WHERE petition_id = $1`, ids[1]); got != string(Invalidated) {
			t.Errorf("what was taken out is %s", got)
		}
	})
}

// Two clicks at once, and two people at once, let each petition go once.
func TestReleaseAllAtOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		var ids []string
		for range 6 {
			ids = append(ids, w.held(t))
		}
		var both sync.WaitGroup
		var done [3]Freed
		var errs [3]error
		for i, who := range []org.Actor{clerk, clerk, head} {
			both.Go(func() { done[i], errs[i] = w.ReleaseAll(context.Background(), who, ids, fine) })
		}
		both.Wait()
		if now := done[0].Now + done[1].Now + done[2].Now; now != 6 || errs != [3]error{} || w.releases(t) != 6 {
			t.Errorf("%+v, %v, %d entries", done, errs, w.releases(t))
		}
	})
}

func TestReleasePages(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		h := w.house(t)
		ids := []string{w.held(t), w.held(t), w.held(t)}
		list := ask(t, h, "clerk", heldPath, nil)
		if !strings.Contains(list.body, "Cho qua các kiến nghị đã chọn") || !strings.Contains(list.body, `name="id" value="`+ids[0]+`"`) {
			t.Fatalf("the list has no boxes: %d", list.status)
		}
		if p := ask(t, h, "clerk", releasesPath, url.Values{}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "Chưa chọn kiến nghị nào") {
			t.Errorf("nothing chosen: %d", p.status)
		}
		p := ask(t, h, "clerk", releasesPath, url.Values{"id": ids[:2]})
		if p.status != http.StatusOK || !strings.Contains(p.body, "Kiến nghị đã chọn (2)") || w.releases(t) != 0 {
			t.Fatalf("the page that asks why: %d", p.status)
		}
		if p = ask(t, h, "clerk", releasesPath, url.Values{"id": ids[:2], "note": {"ngắn"}}); p.status != http.StatusUnprocessableEntity || !strings.Contains(p.body, "ngắn</textarea>") {
			t.Errorf("too short a reason: %d", p.status)
		}
		for range 2 {
			if p = ask(t, h, "clerk", releasesPath, url.Values{"id": ids[:2], "note": {fine}}); p.status != http.StatusSeeOther || p.location != heldPath {
				t.Errorf("%d %s", p.status, p.location)
			}
		}
		if w.releases(t) != 2 {
			t.Errorf("%d entries", w.releases(t))
		}
		if p = ask(t, h, "clerk", releasesPath, url.Values{"id": ids[:2]}); p.status != http.StatusSeeOther {
			t.Errorf("nothing is left to ask about: %d", p.status)
		}
		if p = ask(t, h, "ward", releasesPath, url.Values{"id": ids[2:], "note": {fine}}); p.status != http.StatusNotFound {
			t.Errorf("another council: %d", p.status)
		}
		if p = ask(t, h, "deputy", releasesPath, url.Values{"id": ids[2:], "note": {fine}}); p.status/100 != 4 {
			t.Errorf("a deputy: %d", p.status)
		}
	})
}
