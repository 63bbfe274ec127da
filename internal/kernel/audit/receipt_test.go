package audit_test

import (
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/testkit"
)

// TestBadReceipts gives the sentence for each way in which a receipt can be wrong.
func TestBadReceipts(t *testing.T) {
	b := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	other := newBench(t, testkit.OpenSQLite(t, audit.Migrations))
	leaves := b.acts(t, 4)
	b.sequence(t)
	other.acts(t, 4)
	other.sequence(t)
	proof, err := b.Proof(t.Context(), leaves[1].ID)
	if err != nil {
		t.Fatal(err)
	}
	promise := b.Promise(leaves[1])
	point, err := b.Checkpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	leaf, mine, theirs := leaves[1].JSON, []string{b.PublicKey()}, []string{other.PublicKey()}
	if _, err := audit.VerifyReceipt(append(theirs, mine[0], mine[0]), leaf, proof); err != nil {
		t.Errorf("one of several keys: %v", err)
	}
	for name, c := range map[string]struct {
		keys        []string
		leaf, proof string
		want        string
	}{
		"another leaf":           {mine, leaves[2].JSON, proof, "audit.receipt_other_leaf"},
		"another leaf, promised": {mine, leaves[2].JSON, promise, "audit.receipt_other_leaf"},
		"leaf edited":            {mine, strings.Replace(leaf, "receive", "dismiss", 1), proof, "audit.receipt_other_leaf"},
		"leaf with a space":      {mine, strings.Replace(leaf, ":", ": ", 1), proof, "audit.leaf_malformed"},
		"leaf with a key twice":  {mine, strings.Replace(leaf, "{", `{"v":1,`, 1), proof, "audit.leaf_malformed"},
		"leaf of another kind":   {mine, `{"v":2}`, proof, "audit.leaf_malformed"},
		"index edited":           {mine, leaf, strings.Replace(proof, "index 1", "index 2", 1), "audit.receipt_other_leaf"},
		"index beyond":           {mine, leaf, strings.Replace(proof, "index 1", "index 9", 1), "audit.receipt_other_leaf"},
		"size edited":            {mine, leaf, strings.Replace(proof, "\n4\n", "\n5\n", 1), "audit.receipt_forged"},
		"time edited":            {mine, leaf, strings.Replace(promise, "2026", "2025", 1), "audit.receipt_forged"},
		"origin edited":          {mine, leaf, strings.Replace(promise, "origin h", "origin g", 1), "audit.receipt_forged"},
		"another log":            {theirs, leaf, proof, "audit.receipt_other_log"},
		"another log, promised":  {theirs, leaf, promise, "audit.receipt_other_log"},
		"no key":                 {nil, leaf, proof, "audit.no_key"},
		"half a key":             {[]string{mine[0][:40]}, leaf, proof, "audit.key_malformed"},
		"empty":                  {mine, leaf, "", "audit.receipt_malformed"},
		"a checkpoint":           {mine, leaf, point, "audit.receipt_malformed"},
		"cut short":              {mine, leaf, proof[:len(proof)/2], "audit.receipt_malformed"},
		"huge":                   {mine, leaf, strings.Repeat("x", 1<<20), "audit.receipt_malformed"},
		"not text":               {mine, leaf, "\x00\xff", "audit.receipt_malformed"},
	} {
		if _, err := audit.VerifyReceipt(c.keys, c.leaf, c.proof); !fault.Is(err, c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
	for _, text := range []string{"", "\n", "no leaf\nproof", leaf, strings.Repeat("{", 1<<20)} {
		if _, _, err := audit.ParseReceipt(text); !fault.Is(err, "audit.receipt_malformed") {
			t.Errorf("%.20q: %v", text, err)
		}
	}
}

// FuzzVerifyReceipt: no text makes the reader fall over, and none but the
// given leaf is ever proven.
func FuzzVerifyReceipt(f *testing.F) {
	b := newBench(f, testkit.OpenSQLite(f, audit.Migrations))
	var leaf audit.Leaf
	if err := b.db.Tx(f.Context(), func(tx *db.Tx) (err error) {
		leaf, err = b.Append(f.Context(), tx, b.entry("1"))
		return err
	}); err != nil {
		f.Fatal(err)
	}
	b.sequence(f)
	proof, err := b.Proof(f.Context(), leaf.ID)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(leaf.JSON + "\n" + proof)
	f.Add(leaf.JSON + "\n" + b.Promise(leaf))
	f.Add("{}\nc2sp.org/tlog-proof@v1\nextra AA==\nindex 0\n\n")
	f.Add("{\nhdnd-promise@v1\norigin x\nleaf y\nat z\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		got, proof, err := audit.ParseReceipt(text)
		if err != nil {
			return
		}
		if _, err := audit.VerifyReceipt([]string{b.PublicKey()}, got, proof); err == nil && got != leaf.JSON {
			t.Errorf("took %q", text)
		}
	})
}
