package vault_test

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/vault"
)

// chunkFull is what one box of the largest size holds.
const chunkFull = 1<<20 - 37 - 4

// TestChunks: whatever its size, an item comes back whole, in boxes of at most
// a megabyte.
func TestChunks(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", nil)
		for i, size := range []int{0, 1, 252, 253, 4096, chunkFull - 1, chunkFull, chunkFull + 1, 2 * chunkFull, 2*chunkFull + 1, 3 << 20} {
			name, plain := fmt.Sprintf("scan/%d", i), bytes.Repeat([]byte{byte(i + 1)}, size)
			must(t, h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", name, plain) }))
			got, err := h.reveal(h.as("reader"), "c1", name)
			must(t, err)
			same(t, got, map[string][]byte{name: plain})
			want := max(1, (size+chunkFull-1)/chunkFull)
			if n := h.count(`SELECT count(*) FROM vault_chunks WHERE item_id = (SELECT id FROM vault_items WHERE name = $1)`, name); n != want {
				t.Errorf("%d bytes lie in %d boxes, want %d", size, n, want)
			}
		}
		if n := h.count(`SELECT max(length(box)) FROM vault_chunks`); n != 1<<20 {
			t.Errorf("the largest box has %d bytes", n)
		}
		_, err := h.reveal(h.as("reader"), "c1", "scan/1", "scan/2", "scan/3", "scan/4", "scan/5")
		must(t, err)
		for i := range 3 { // three of the largest are more than one ask gives
			must(t, h.tx(func(tx *db.Tx) error {
				return h.Put(t.Context(), tx, "c1", fmt.Sprintf("large/%d", i), make([]byte, 25<<20))
			}))
		}
		_, err = h.reveal(h.as("reader"), "c1", "large/0", "large/1", "large/2")
		refused(t, err, "vault.ask_large")
		if fault.KindOf(err) != fault.TooLarge {
			t.Errorf("too large an ask is %v", err)
		}
	})
}

// box is a chunk with where it belongs.
type box struct {
	Compartment string `db:"compartment_id"`
	Name        string `db:"name"`
	ItemID      string `db:"item_id"`
	Index       int64  `db:"idx"`
	Box         []byte `db:"box"`
}

// TestSwapped: no two boxes can change places, and no byte of one can change.
func TestSwapped(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for _, id := range []string{"c1", "c2"} { // the same content everywhere: only the place differs
			h.seal(id, map[string][]byte{"name": []byte("Trần Văn Tố"), "contact": []byte("Trần Văn Tố"), "scan/1": make([]byte, chunkFull+1), "scan/2": make([]byte, 2*chunkFull)})
		}
		var all []box
		must(t, h.db.Read(t.Context(), func(tx *db.Tx) (err error) {
			all, err = db.All[box](t.Context(), tx, `SELECT i.compartment_id, i.name, k.item_id, k.idx, k.box FROM vault_items i JOIN vault_chunks k ON k.item_id = i.id`)
			return err
		}))
		put := func(to box, b []byte) {
			must(t, h.tx(func(tx *db.Tx) error {
				return tx.ExecOne(t.Context(), `UPDATE vault_chunks SET box = $1 WHERE item_id = $2 AND idx = $3`, b, to.ItemID, to.Index)
			}))
		}
		rapid.Check(t, func(rt *rapid.T) {
			to := rapid.SampledFrom(all).Draw(rt, "to")
			bad := bytes.Clone(rapid.SampledFrom(all).Draw(rt, "from").Box)
			if bytes.Equal(bad, to.Box) || rapid.Bool().Draw(rt, "flip") {
				bad = bytes.Clone(to.Box)
				bad[rapid.IntRange(0, len(bad)-1).Draw(rt, "at")] ^= 1 << rapid.IntRange(0, 7).Draw(rt, "bit")
			}
			put(to, bad)
			defer put(to, to.Box)
			if got, err := h.reveal(h.as("reader"), to.Compartment, to.Name); got != nil || !fault.Is(err, "vault.broken") {
				rt.Fatalf("%s of %s opens: %v", to.Name, to.Compartment, err)
			}
		})
		_, err := h.reveal(h.as("reader"), "c1", "name", "contact", "scan/1", "scan/2")
		must(t, err)
	})
}

// TestRevealPages: the security officer reads all asks, page by page, each once.
func TestRevealPages(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố")})
		const many = 130
		for range many {
			_, err := h.reveal(h.as("outsider"), "c1", "name")
			refused(t, err, "db.no_row")
		}
		seen, before := map[string]bool{}, ""
		for pages := 0; ; pages++ {
			page, err := h.Reveals(t.Context(), h.as("security"), "", before)
			must(t, err)
			if len(page) == 0 {
				break
			}
			for _, r := range page {
				if seen[r.ID] || r.Outcome != vault.Refused || r.Why != "vault.why_not_named" || r.Name != "Cán bộ outsider" {
					t.Fatalf("seen twice or wrong: %+v", r)
				}
				seen[r.ID], before = true, r.ID
			}
		}
		if len(seen) != many {
			t.Errorf("%d asks were listed, want %d", len(seen), many)
		}
		for _, who := range []string{"head", "keeper", "outsider", "admin"} {
			_, err := h.Reveals(t.Context(), h.as(who), "", "")
			refused(t, err, "db.no_row")
		}
		if page, err := h.Reveals(t.Context(), h.as("stranger"), "", ""); err != nil || len(page) != 0 {
			t.Errorf("another council's officer reads %d asks: %v", len(page), err)
		}
		_, err := h.Reveals(t.Context(), h.as("security"), "", "x\x00")
		refused(t, err, "db.no_row")
	})
}
