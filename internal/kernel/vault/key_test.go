package vault_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/kernel/vault"
)

func TestSealOpens(t *testing.T) {
	k, err := vault.NewKey()
	must(t, err)
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 3000).Draw(t, "plain")
		place := rapid.String().Draw(t, "context")
		box := k.Seal(plain, place)
		if got, err := k.Open(box, place); err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("a box does not give back what was put in: %v", err)
		}
		if other := rapid.String().Draw(t, "other"); other != place {
			if _, err := k.Open(box, other); err == nil {
				t.Fatal("a box opens in another context")
			}
		}
		if bytes.Equal(box, k.Seal(plain, place)) {
			t.Fatal("the same content gives the same box")
		}
	})
}

// TestEachByteCounts: no byte of a box may change, and none may be missing.
func TestEachByteCounts(t *testing.T) {
	k, err := vault.NewKey()
	must(t, err)
	box := k.Seal([]byte("Trần Văn Tố"), "name")
	for i := range box {
		for _, flip := range []byte{1, 0x80, 0xff} {
			bad := bytes.Clone(box)
			bad[i] ^= flip
			if got, err := k.Open(bad, "name"); err == nil || got != nil {
				t.Fatalf("byte %d of %d can be changed", i, len(box))
			}
		}
		if _, err := k.Open(box[:i], "name"); err == nil {
			t.Fatalf("the box opens cut to %d bytes", i)
		}
	}
	if _, err := k.Open(append(bytes.Clone(box), 0), "name"); err == nil {
		t.Fatal("a longer box opens")
	}
}

// TestSizesSayNothing: all short fields make boxes of one size.
func TestSizesSayNothing(t *testing.T) {
	k, err := vault.NewKey()
	must(t, err)
	sizes := map[int]bool{}
	for n := range 253 {
		sizes[len(k.Seal(make([]byte, n), ""))] = true
	}
	if len(sizes) != 1 {
		t.Errorf("short fields make boxes of %d sizes", len(sizes))
	}
	for n := 253; n < 40_000; n += 7 {
		sizes[len(k.Seal(make([]byte, n), ""))] = true
	}
	if len(sizes) > 9 {
		t.Errorf("contents up to 40,000 bytes make boxes of %d sizes", len(sizes))
	}
}

func TestDigest(t *testing.T) {
	k, err := vault.NewKey()
	must(t, err)
	other, err := vault.NewKey()
	must(t, err)
	seen := map[string]string{}
	for _, p := range [][2]string{{"number", "001"}, {"number", "002"}, {"phone", "001"}, {"number0", "01"}, {"", "number001"}, {"number001", ""}} {
		d := k.Digest(p[0], p[1])
		if seen[d] != "" || len(d) != 64 || d != k.Digest(p[0], p[1]) || d == other.Digest(p[0], p[1]) {
			t.Errorf("the digest of %v is not its own", p)
		}
		seen[d] = p[1]
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "data", "vault.key")
	var keys [8]vault.Key
	var wait sync.WaitGroup
	for i := range keys { // processes that start at once share one key
		wait.Go(func() {
			k, err := vault.LoadKey(path)
			if err != nil {
				t.Error(err)
			}
			keys[i] = k
		})
	}
	wait.Wait()
	box := keys[0].Seal([]byte("x"), "a")
	for _, k := range keys {
		if _, err := k.Open(box, "a"); err != nil {
			t.Fatal("two processes have two keys")
		}
	}
	st, err := os.Stat(path)
	must(t, err)
	if st.Mode().Perm() != 0o600 {
		t.Errorf("the key file has the mode %o", st.Mode().Perm())
	}
	for _, mode := range []os.FileMode{0o640, 0o604, 0o660, 0o601} {
		must(t, os.Chmod(path, mode))
		if _, err := vault.LoadKey(path); err == nil {
			t.Errorf("a key file of mode %o is taken", mode)
		}
	}
	must(t, os.Chmod(path, 0o600))
	whole, err := os.ReadFile(path)
	must(t, err)
	secrets := strings.Fields(string(whole[bytes.Index(whole, []byte("digest")):]))
	for n := range len(whole) - 1 { // a file cut short, by whatever, is not a key
		must(t, os.WriteFile(path, whole[:n], 0o600))
		_, err := vault.LoadKey(path)
		if err == nil {
			t.Fatalf("a key file cut to %d of %d bytes is taken", n, len(whole))
		}
		for _, s := range secrets {
			if len(s) > 20 && strings.Contains(err.Error(), s) {
				t.Fatal("the error prints the key")
			}
		}
	}
	for _, bad := range []string{string(whole) + "seal 00 00\n", string(whole) + string(whole), strings.Replace(string(whole), "key 1", "key 2", 1), string(whole) + "\x00"} {
		must(t, os.WriteFile(path, []byte(bad), 0o600))
		if _, err := vault.LoadKey(path); err == nil {
			t.Errorf("taken as a key file: %q", bad)
		}
	}
	if _, err := vault.LoadKey(t.TempDir()); err == nil {
		t.Error("a folder is taken as a key file")
	}
}

// TestKeysChange: a new master seals, the old ones open until they are
// dropped, and digests stay.
func TestKeysChange(t *testing.T) {
	path := filepath.Join(t.TempDir(), "vault.key")
	first, err := vault.LoadKey(path)
	must(t, err)
	digest, old := first.Digest("number", "001"), first.Seal([]byte("cũ"), "a")
	second, err := vault.AddKey(path)
	must(t, err)
	fresh := second.Seal([]byte("mới"), "a")
	if first.Stale(old) || !second.Stale(old) || second.Stale(fresh) || second.Digest("number", "001") != digest {
		t.Error("after a change of keys the newest does not seal, or digests have changed")
	}
	if _, err := second.Open(old, "a"); err != nil {
		t.Error("the old box does not open any more")
	}
	if _, err := first.Open(fresh, "a"); err == nil {
		t.Error("the old key opens a new box")
	}
	third, err := vault.DropOldKeys(path)
	must(t, err)
	loaded, err := vault.LoadKey(path)
	must(t, err)
	for _, k := range []vault.Key{third, loaded} {
		if _, err := k.Open(fresh, "a"); err != nil {
			t.Error("the newest key was dropped")
		}
		if _, err := k.Open(old, "a"); err == nil {
			t.Error("an old key was kept")
		}
		if k.Digest("number", "001") != digest {
			t.Error("digests have changed")
		}
	}
	must(t, os.WriteFile(path+".new", nil, 0o600))
	if _, err := vault.AddKey(path); err == nil {
		t.Error("two changes of the key file at once")
	}
}

// TestPrintsNothing: neither content nor keys come out of any usual way of printing.
func TestPrintsNothing(t *testing.T) {
	const secret = "Trần Văn Tố ở ngõ 12"
	each(t, func(t *testing.T, h *house) {
		h.seal("c1", map[string][]byte{"name": []byte(secret)})
		got, err := h.reveal(h.as("reader"), "c1", "name")
		must(t, err)
		type page struct {
			Shown  vault.Plain
			hidden vault.Plain
			key    vault.Key
			all    map[string]vault.Plain
			at     *vault.Plain
		}
		p := got["name"]
		file := filepath.Join(t.TempDir(), "vault.key")
		key, err := vault.LoadKey(file)
		must(t, err)
		raw, err := os.ReadFile(file)
		must(t, err)
		keyText := strings.Fields(string(raw[bytes.LastIndexByte(raw[:len(raw)-1], ' '):]))[0]
		keyBytes, err := base64.StdEncoding.DecodeString(keyText)
		must(t, err)
		box := page{p, p, key, got, &p}
		var out bytes.Buffer
		for _, v := range []any{p, &p, got, box, &box, []vault.Plain{p}, key, &key, h.Vault, vault.Deps{Key: key}} {
			for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%b", "%o", "%t", "%T", "%p"} {
				fmt.Fprintf(&out, verb+"\n", v)
			}
			fmt.Fprintln(&out, v, fmt.Errorf("e: %v", v))
			slog.New(slog.NewTextHandler(&out, nil)).Info("m", "v", v)
			slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "v", v)
		}
		for _, v := range []any{p, &p, got, box, key} {
			b, err := json.Marshal(v)
			must(t, err)
			out.Write(b)
		}
		func() {
			defer func() { fmt.Fprintln(&out, recover()) }()
			panic(fmt.Sprint(box))
		}()
		for _, planted := range [][]byte{[]byte(secret), []byte("Trần Văn"), keyBytes, []byte(keyText)} {
			for form, trace := range traces(planted) {
				if bytes.Contains(out.Bytes(), trace) {
					t.Errorf("%q is printed as %s", planted, form)
				}
			}
		}
		if p.Text() != secret || !strings.Contains(out.String(), "niêm phong") {
			t.Error("the content is not there, or nothing was printed")
		}
	})
}

// traces are the forms in which content could lie about.
func traces(b []byte) map[string][]byte {
	decimal := strings.Trim(fmt.Sprint(b), "[]")
	return map[string][]byte{
		"text": b, "hex": []byte(hex.EncodeToString(b)), "HEX": []byte(strings.ToUpper(hex.EncodeToString(b))), "decimal": []byte(decimal),
		"base64": []byte(base64.RawStdEncoding.EncodeToString(b)), "base64 url": []byte(base64.RawURLEncoding.EncodeToString(b)),
		"json": bytes.Trim(fmt.Appendf(nil, "%+q", b), `"`),
	}
}
