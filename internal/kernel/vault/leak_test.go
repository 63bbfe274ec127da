package vault_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/unicode/norm"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/vault"
	"example.vn/hdnd/internal/testkit"
)

// planted are strings that stand nowhere else, in the items of the compartment.
var planted = map[string]string{
	"name": "Đặng Thị Kỳ Quặc", "address": "ngõ 77 Lạc Long Viễn", "contact": "0987 604 513", "content": "Ông Chủ tịch Quyền Biến nhận hối lộ ngày 3/3",
	"scan/1": strings.Repeat("%PDF chữ viết tay của bà Kỳ Quặc ", 50_000),
}

// TestLeakHunt lives through everything that can happen to a compartment, with
// people who type names where they should not, and then looks for what was
// planted in every column of every table, in what was told and in every error.
func TestLeakHunt(t *testing.T) {
	testkit.EachDatabase(t, func(t *testing.T, address string) {
		d, err := db.Open(t.Context(), address)
		must(t, err)
		h := newHouse(t, d)
		errs := h.live()
		heap := dump(t, d)
		if len(heap) < 2_000_000 || !bytes.Contains(heap, []byte(why)) {
			t.Errorf("the dump has %d bytes and is not whole", len(heap))
		}
		heap = append(heap, fmt.Sprint(h.told, errs)...)
		must(t, d.Close())
		if path, ok := strings.CutPrefix(address, "sqlite:"); ok { // the files themselves, with their free pages
			for _, name := range []string{path, path + "-wal"} {
				b, err := os.ReadFile(name)
				if err == nil {
					heap = append(heap, b...)
				} else if filepath.Ext(name) == ".db" {
					t.Fatal(err)
				}
			}
		}
		for item, s := range planted {
			s = strings.TrimSpace(s[:min(len(s), 47)])
			for _, piece := range []string{s, norm.NFD.String(s), strings.ToUpper(s), strings.ReplaceAll(s, " ", "")} {
				for form, trace := range traces([]byte(piece)) {
					if n := bytes.Count(heap, trace); n > 0 {
						t.Errorf("%s lies about %d times as %s: %q", item, n, form, piece)
					}
				}
			}
		}
	}, schemas...)
}

// live is the life of a compartment. It gives the errors people have seen.
func (h *house) live() (errs []error) {
	t, name := h.t, planted["name"]
	items := map[string][]byte{}
	for k, v := range planted {
		items[k] = []byte(v)
	}
	h.seal("c1", items)
	h.seal("c2", items)
	note := func(err error) { errs = append(errs, err) }
	ask := func(who, reason string, items ...string) {
		_, err := h.Reveal(t.Context(), h.as(who), vault.Ask{Compartment: "c1", Items: items, Reason: reason})
		note(err)
	}
	ask("reader", why, "name", "scan/1")
	for _, who := range []string{"reader", "outsider", "head", "security"} {
		ask(who, "Gọi cho bà "+strings.ToUpper(name)+" để hẹn", "name")
		ask(who, why, name)
		ask(who, name+" "+planted["contact"], "name", name)
	}
	note(h.Admit(t.Context(), h.as("keeper"), vault.Admission{Compartment: "c1", PersonID: "outsider", Reason: "Tiếp bà " + name}))
	note(h.Admit(t.Context(), h.as("keeper"), vault.Admission{Compartment: "c1", PersonID: name, Reason: why}))
	note(h.admit("keeper", "outsider", false))
	note(h.Dismiss(t.Context(), h.as("keeper"), vault.Dismissal{Compartment: "c1", PersonID: "outsider", Reason: "Là người quen của bà " + name}))
	note(h.dismiss("keeper", "outsider"))
	id, err := h.askGlass(h.as("head"), "Bà "+name+" đang bị đe doạ")
	note(err)
	_, err = h.GrantGlass(t.Context(), h.as("security"), id)
	note(err)
	ask("head", why, "address")
	note(h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", name, []byte(name)) }))
	note(h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", "name", []byte(name)) }))
	note(h.tx(func(tx *db.Tx) error {
		return h.Destroy(t.Context(), tx, h.as("keeper"), vault.Destruction{Compartment: "c1", Document: "Đơn của bà " + name})
	}))
	must(t, h.tx(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE vault_chunks SET idx = idx + 5 WHERE item_id IN (SELECT id FROM vault_items WHERE compartment_id = 'c2')`)
		return err
	}))
	_, err = h.reveal(h.as("reader"), "c2", "name")
	note(err)
	must(t, h.tx(func(tx *db.Tx) error {
		return h.Destroy(t.Context(), tx, h.as("keeper"), vault.Destruction{Compartment: "c2", Document: "QĐ 12/QĐ-HĐND ngày 16/11/2026"})
	}))
	_, err = h.log.Sequence(t.Context())
	must(t, err)
	return errs
}

// dump is every column of every table as text, hex of bytes and all.
func dump(t testing.TB, d *db.DB) []byte {
	t.Helper()
	var heap bytes.Buffer
	list, columns := `SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name`, `SELECT name FROM pragma_table_info($1)`
	raw := `SELECT CAST(%s AS BLOB) FROM %s`
	if d.Dialect() == db.Postgres {
		list = `SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1`
		columns = `SELECT column_name::text FROM information_schema.columns WHERE table_schema = 'public' AND table_name = $1`
		raw = `SELECT CASE WHEN pg_typeof(%[1]s)::text = 'bytea' THEN decode(right(%[1]s::text, -2), 'hex') ELSE convert_to(%[1]s::text, 'UTF8') END FROM %[2]s`
	}
	must(t, d.Read(t.Context(), func(tx *db.Tx) error {
		tables, err := db.All[string](t.Context(), tx, list)
		if err != nil {
			return err
		}
		for _, table := range tables {
			names, err := db.All[string](t.Context(), tx, columns, table)
			if err != nil || len(names) == 0 {
				return fmt.Errorf("no columns of %s: %w", table, err)
			}
			for _, c := range names {
				cells, err := db.All[[]byte](t.Context(), tx, fmt.Sprintf(raw, `"`+c+`"`, `"`+table+`"`))
				if err != nil {
					return err
				}
				for _, b := range cells {
					heap.Write(b)
					heap.WriteByte('\n')
				}
			}
		}
		return nil
	}))
	return heap.Bytes()
}

func TestDestroy(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte("Trần Văn Tố"), "scan/1": make([]byte, 2<<20)})
		h.seal("c2", map[string][]byte{"name": []byte("Trần Văn Tố")})
		destroy := func(who, document string) error {
			return h.tx(func(tx *db.Tx) error {
				return h.Destroy(t.Context(), tx, h.as(who), vault.Destruction{Compartment: "c1", Document: document})
			})
		}
		const paper = "QĐ 12/QĐ-HĐND ngày 16/11/2026"
		for _, who := range []string{"outsider", "head", "security", "stranger"} {
			refused(t, destroy(who, paper), "db.no_row")
		}
		refused(t, destroy("reader", paper), "vault.not_keeper")
		refused(t, destroy("keeper", " … "), "vault.no_document")
		refused(t, destroy("keeper", "Đơn của Trần Văn Tố"), "vault.reason_names")
		must(t, destroy("keeper", paper))
		refused(t, destroy("keeper", paper), "vault.destroyed")
		_, err := h.reveal(h.as("reader"), "c1", "name")
		refused(t, err, "vault.destroyed")
		_, err = h.reveal(h.as("outsider"), "c1", "name")
		refused(t, err, "db.no_row")
		refused(t, h.tx(func(tx *db.Tx) error { return h.Put(t.Context(), tx, "c1", "name", nil) }), "vault.destroyed")
		refused(t, h.admit("keeper", "outsider", false), "vault.destroyed")
		_, err = h.askGlass(h.as("head"), why)
		refused(t, err, "vault.destroyed")
		if n := h.count(`SELECT count(*) FROM vault_compartments WHERE id = 'c1' AND document = $1 AND length(wrapped) = 0 AND key_id = ''`, paper); n != 1 {
			t.Error("no row says what was destroyed on which document")
		}
		if h.count(`SELECT count(*) FROM vault_chunks`) != 1 || h.logged("vault.destroy") != 1 || h.heard("vault.told_destroyed") != 1 {
			t.Error("boxes were left, or another's taken, or nothing was said")
		}
		_, err = h.reveal(h.as("reader"), "c2", "name")
		must(t, err)
		must(t, h.Check(t.Context()))
		byProgram := func(councilID string) error { // the time of keeping is over
			return h.tx(func(tx *db.Tx) error {
				return h.Destroy(t.Context(), tx, org.System(councilID), vault.Destruction{Compartment: "c2", Document: paper})
			})
		}
		refused(t, byProgram("other"), "db.no_row")
		must(t, byProgram("ward"))
	})
}

// TestRotation: compartments go over to a new key, open meanwhile and after,
// and do not open with the old key alone.
func TestRotation(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		path := filepath.Join(t.TempDir(), "vault.key")
		key, err := vault.LoadKey(path)
		must(t, err)
		h.Vault = h.vault(key)
		const many = 230 // more than one transaction takes
		for i := range many {
			h.seal(fmt.Sprintf("r%d", i), map[string][]byte{"name": fmt.Appendf(nil, "Người %d", i)})
		}
		opens := func(v *vault.Vault) error {
			h.clock.Advance(time.Second)
			for _, i := range []int{0, 199, 200, many - 1} {
				got, err := v.Reveal(t.Context(), h.as("reader"), vault.Ask{Compartment: fmt.Sprintf("r%d", i), Items: []string{"name"}, Reason: why})
				if err != nil {
					return err
				}
				same(t, got, map[string][]byte{"name": fmt.Appendf(nil, "Người %d", i)})
			}
			return nil
		}
		newer, err := vault.AddKey(path)
		must(t, err)
		next := h.vault(newer)
		must(t, opens(next))
		n, err := next.Rewrap(t.Context(), h.as("admin"))
		must(t, err)
		if n != many {
			t.Fatalf("%d compartments went over, want %d", n, many)
		}
		if n, err = next.Rewrap(t.Context(), h.as("admin")); n != 0 || err != nil {
			t.Errorf("a second round found %d: %v", n, err)
		}
		must(t, opens(next))
		if err := opens(h.Vault); fault.KindOf(err) != fault.Internal {
			t.Errorf("the old key alone still opens: %v", err)
		}
		only, err := vault.DropOldKeys(path)
		must(t, err)
		must(t, opens(h.vault(only)))
		must(t, h.vault(only).Check(t.Context()))
		if err := h.Vault.Check(t.Context()); err == nil || !strings.Contains(err.Error(), "230") {
			t.Errorf("a wrong key file is not told: %v", err)
		}
	})
}
