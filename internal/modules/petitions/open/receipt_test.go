package open_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/open"
)

// specimen is a receipt with what a check has to say of it.
type specimen struct {
	Name    string       `json:"name"`
	Text    string       `json:"text"`
	Verdict open.Verdict `json:"verdict"`
	Why     string       `json:"why"` // of the page without us; empty for a good one
	Exact   bool         `json:"-"`   // fit for the page without us, which mends nothing
}

// specimens are receipts of a log that has grown to every small size.
func specimens(t testing.TB, h *house) []specimen {
	t.Helper()
	promised := h.receipt(t, h.hand(t, petition{}).ID)
	var first string
	var all []specimen
	for i := range 9 {
		got := h.hand(t, petition{Steps: []string{"", "classify"}[i%2]})
		h.Work(t)
		r := h.receipt(t, got.ID)
		if first == "" {
			first = got.ID
		}
		all = append(all, specimen{Name: "proof in a log of " + r.Leaf.ID, Text: r.Text(), Verdict: open.Valid, Exact: true})
	}
	good := h.receipt(t, first).Text()
	leaf, proof, _ := strings.Cut(good, "\n")
	lines := strings.Split(proof, "\n")
	var wrapped []string
	for _, l := range append([]string{leaf}, lines...) {
		for len([]rune(l)) > 60 {
			wrapped, l = append(wrapped, "   "+string([]rune(l)[:60])), string([]rune(l)[60:])
		}
		wrapped = append(wrapped, "   "+l)
	}
	other := must(audit.NewKey("nhat-ky.khac.vn/so"))(t)
	foreign := audit.New(h.App.DB, h.Clock, other)
	of := func(name, s string, v open.Verdict, why string) { all = append(all, specimen{name, s, v, why, true}) }
	of("promise", promised.Text(), open.Valid, "")
	of("windows", "\ufeff"+strings.ReplaceAll(good, "\n", "\r\n")+"\r\n\r\n", open.Valid, "")
	of("another leaf", strings.Replace(leaf, "petitions.receive", "petitions.refuse", 1)+"\n"+proof, open.NotValid, "other_leaf")
	of("promise of another leaf", leaf+"\n"+promised.Proof, open.NotValid, "other_leaf")
	of("another index", leaf+"\n"+strings.Replace(proof, "\nindex ", "\nindex 1", 1), open.NotValid, "other_leaf")
	of("another log", leaf+"\n"+foreign.Promise(promised.Leaf), open.NotOurs, "other_log")
	of("cut off", good[:len(good)-40], open.Unreadable, "unreadable")
	of("nothing", "xin chào", open.Unreadable, "unreadable")
	of("a leaf alone", leaf, open.Unreadable, "unreadable")
	forged := strings.Replace(proof, "\n\n"+h.App.Audit.Origin()+"\n", "\n\n"+h.App.Audit.Origin()+"\n1", 1)
	of("another size", leaf+"\n"+forged, open.NotValid, "forged")
	all = append(all, specimen{Name: "out of a PDF", Text: "Chứng thực của nhật ký\n" + strings.Join(wrapped, "\n") + "\n\nTrang 1/1\n", Verdict: open.Valid},
		specimen{Name: "blank lines lost", Text: leaf + "\n" + strings.ReplaceAll(proof, "\n\n", "\n"), Verdict: open.Valid})
	return all
}

// receipt is the log's word for the first act of a petition.
func (h *house) receipt(t testing.TB, id string) audit.Receipt {
	t.Helper()
	var leaf string
	check(t, h.App.DB.Read(ctx, func(tx *db.Tx) (err error) {
		leaf, err = db.One[string](ctx, tx, `SELECT leaf_id FROM cases_acts WHERE case_id = $1 AND number = 1`, id)
		return err
	}))
	return must(h.App.Audit.Receipt(ctx, leaf))(t)
}

func TestCheckReceipt(t *testing.T) {
	h := oneHouse(t)
	title := map[open.Verdict]string{open.Valid: "Biên nhận đúng", open.NotValid: "Biên nhận không đúng", open.NotOurs: "không phải của chúng tôi", open.Unreadable: "Không đọc được"}
	for _, s := range specimens(t, h) {
		found := must(h.Check(s.Text))(t)
		if found.Verdict != s.Verdict || (found.Reason == nil) != (s.Verdict == open.Valid) {
			t.Errorf("%s: %+v\n%s", s.Name, found, s.Text)
			continue
		}
		pasted, sent := h.post(t, "/bien-nhan/kiem-tra", url.Values{"bien_nhan": {s.Text}}), h.upload(t, "/bien-nhan/kiem-tra", "tep", "bien-nhan.txt", []byte(s.Text))
		wants(t, s.Name+", pasted", pasted.Body.String(), title[s.Verdict])
		wants(t, s.Name+", sent", sent.Body.String(), title[s.Verdict])
		if (pasted.Code == http.StatusOK) != (s.Verdict == open.Valid) || pasted.Code != sent.Code {
			t.Errorf("%s: %d, %d", s.Name, pasted.Code, sent.Code)
		}
	}
	wants(t, "nothing", h.post(t, "/bien-nhan/kiem-tra", url.Values{}).Body.String(), "Ông/Bà chưa chọn tệp")
	wants(t, "a PDF", h.upload(t, "/bien-nhan/kiem-tra", "tep", "a.pdf", []byte("%PDF-1.7\n…")).Body.String(), "Không đọc được")
	wants(t, "form", h.good(t, "/bien-nhan/kiem-tra?lang=en"), "Check it without a network", h.App.Audit.PublicKey())
}

// TestOfflineAlgorithm runs the page's own check on every specimen with node,
// once with the engine's Ed25519 and once with the arithmetic in the file.
func TestOfflineAlgorithm(t *testing.T) {
	h := oneHouse(t)
	var all []specimen
	for _, s := range specimens(t, h) {
		if s.Exact {
			all = append(all, s)
		}
	}
	in := must(json.Marshal(map[string]any{"key": h.App.Audit.PublicKey(), "all": all}))(t)
	code := must(os.ReadFile("offline/verify.js"))(t)
	path := filepath.Join(t.TempDir(), "check.js")
	check(t, os.WriteFile(path, append(code, []byte(`
(async () => {
  const input = JSON.parse(require("fs").readFileSync(0, "utf8"));
  const run = async () => { const out = []; for (const s of input.all) out.push(await verifyReceipt(s.text, input.key)); return out; };
  const quick = await run();
  crypto.subtle.importKey = async () => { throw new Error("no Ed25519 here"); };
  const slow = await run();
  console.log(JSON.stringify({ quick, slow }));
})();`)...), 0o600))
	cmd := exec.Command("node", path)
	cmd.Stdin, cmd.Stderr = strings.NewReader(string(in)), os.Stderr
	out := must(cmd.Output())(t)
	var got map[string][]struct {
		OK  bool   `json:"ok"`
		Why string `json:"why"`
	}
	check(t, json.Unmarshal(out, &got))
	for _, how := range []string{"quick", "slow"} {
		if len(got[how]) != len(all) {
			t.Fatalf("%s: %d results for %d receipts", how, len(got[how]), len(all))
		}
		for i, r := range got[how] {
			if r.OK != (all[i].Verdict == open.Valid) || r.Why != all[i].Why {
				t.Errorf("%s, %s: %+v, want %q\n%s", how, all[i].Name, r, all[i].Why, all[i].Text)
			}
		}
	}
}

// TestOfflinePage saves the page and opens it from the disk in a browser, with
// no server there.
func TestOfflinePage(t *testing.T) {
	h := oneHouse(t)
	all := specimens(t, h)
	w := h.get(t, "/bien-nhan/kiem-tra-ngoai-tuyen.html")
	if w.Code != http.StatusOK || !strings.HasPrefix(w.Header().Get("Content-Disposition"), "attachment") {
		t.Fatalf("%d %v", w.Code, w.Header())
	}
	path := filepath.Join(t.TempDir(), "kiem-tra.html")
	check(t, os.WriteFile(path, w.Body.Bytes(), 0o600))
	alloc, stop := chromedp.NewExecAllocator(context.Background(), append(chromedp.DefaultExecAllocatorOptions[:], chromedp.NoSandbox, chromedp.Flag("disable-gpu", true))...)
	defer stop()
	tab, cancel := chromedp.NewContext(alloc)
	defer cancel()
	limited, end := context.WithTimeout(tab, 60*time.Second)
	defer end()
	check(t, chromedp.Do(limited, chromedp.Navigate("file://"+path), chromedp.WaitVisible("#receipt")))
	for _, s := range all {
		if !s.Exact {
			continue
		}
		typed := string(must(json.Marshal(s.Text))(t))
		said, err := chromedp.Run(limited, chromedp.Evaluate[string](`(async () => {
			const box = document.getElementById("verdict");
			box.hidden = true;
			document.getElementById("receipt").value = `+typed+`;
			document.getElementById("do").click();
			while (box.hidden) await new Promise((r) => setTimeout(r, 10));
			return box.className + "|" + box.textContent;
		})()`, chromedp.EvalAwaitPromise))
		check(t, err)
		if strings.HasPrefix(said, "good|ĐÚNG") != (s.Verdict == open.Valid) || s.Why == "other_log" && !strings.Contains(said, "KHÔNG PHẢI CỦA NHẬT KÝ NÀY") {
			t.Errorf("%s: %s", s.Name, said)
		}
	}
}
