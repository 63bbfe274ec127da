package vault

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// The key file is text: what it is, the secret of digests, and the masters,
// oldest first, each with its id so that a damaged line is found.
const keyFileHead = `# The keys of sealed compartments. Whoever has this file and the database can
# read who denounced whom. Keep a copy apart from the database's copies: without
# this file nothing that is sealed can ever be read again.
hdnd-vault-key 1
`

// NewKey makes a fresh key that is kept nowhere, for tests.
func NewKey() (Key, error) { return parseKey(freshKey()) }

func freshKey() []byte {
	return fmt.Appendf(nil, "%sdigest %s\n%s", keyFileHead, base64.StdEncoding.EncodeToString(chance()), freshMaster())
}

func freshMaster() []byte {
	secret := chance()
	l, err := newLock(secret)
	if err != nil {
		panic(err) // a secret of the right size always makes a lock
	}
	return fmt.Appendf(nil, "seal %x %s\n", l.id, base64.StdEncoding.EncodeToString(secret))
}

func chance() []byte {
	b := make([]byte, secretSize)
	rand.Read(b) // never fails: crypto/rand ends the program instead
	return b
}

// LoadKey reads the key file at path, or makes one there when there is none.
// The file may be read by its owner alone; anything else is refused. A key
// made because the file was lost opens nothing that is there: see Check.
func LoadKey(path string) (Key, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		if err := createKey(path); err != nil {
			return Key{}, fmt.Errorf("vault: make key: %w", err)
		}
	}
	_, k, err := readKey(path)
	return k, err
}

func readKey(path string) ([]byte, Key, error) {
	st, err := os.Stat(path)
	if err != nil {
		return nil, Key{}, fmt.Errorf("vault: load key: %w", err)
	}
	if !st.Mode().IsRegular() || st.Mode().Perm()&0o077 != 0 {
		return nil, Key{}, fmt.Errorf("vault: key file %s may be read by others (mode %04o); make it 0600", path, st.Mode().Perm())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, Key{}, fmt.Errorf("vault: load key: %w", err)
	}
	k, err := parseKey(b)
	if err != nil {
		return nil, Key{}, fmt.Errorf("vault: key file %s: %w", path, err)
	}
	return b, k, nil
}

// createKey writes a new key under another name first, so that a crash leaves
// no half key; a key that another process put there meanwhile stays.
func createKey(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".vault-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.Write(freshKey())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(f.Name()))
}

// AddKey adds a new master to the key file; it seals from then on. The order
// of a rotation: AddKey, restart every process, Vault.Rewrap, seal anew what
// Key.Stale finds elsewhere, DropOldKeys.
func AddKey(path string) (Key, error) {
	b, _, err := readKey(path)
	if err != nil {
		return Key{}, err
	}
	return replaceKey(path, append(b, freshMaster()...))
}

// DropOldKeys leaves only the newest master in the key file. What only the
// older ones open is lost, in backups too: that is how what was destroyed
// leaves the backups.
func DropOldKeys(path string) (Key, error) {
	b, k, err := readKey(path)
	if err != nil {
		return Key{}, err
	}
	keep := fmt.Sprintf("seal %x ", k.newest().id)
	var left []byte
	for line := range bytes.Lines(b) {
		if !bytes.HasPrefix(line, []byte("seal ")) || bytes.HasPrefix(line, []byte(keep)) {
			left = append(left, line...)
		}
	}
	return replaceKey(path, left)
}

// replaceKey puts a checked file in the place of the old in one step. The new
// file's fixed name keeps a second change out meanwhile.
func replaceKey(path string, b []byte) (Key, error) {
	k, err := parseKey(b)
	if err != nil {
		return Key{}, fmt.Errorf("vault: key file %s: %w", path, err)
	}
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return Key{}, fmt.Errorf("vault: change key (is another change under way?): %w", err)
	}
	_, err = f.Write(b)
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("vault: change key: %w", errors.Join(err, os.Remove(f.Name())))
	}
	return k, nil
}

// parseKey reads a key file. Its errors name lines, never what stands in them.
func parseKey(b []byte) (Key, error) {
	r := &ring{}
	headed := false
	for i, line := range strings.Split(string(b), "\n") {
		words := strings.Fields(line)
		bad := fmt.Errorf("line %d is not of a key file", i+1)
		switch {
		case len(words) == 0 || strings.HasPrefix(words[0], "#"):
		case len(words) == 2 && words[0] == "hdnd-vault-key" && words[1] == "1" && !headed:
			headed = true
		case len(words) == 2 && words[0] == "digest" && headed && r.digest == nil:
			secret, err := base64.StdEncoding.DecodeString(words[1])
			if err != nil || len(secret) != secretSize {
				return Key{}, bad
			}
			r.digest = secret
		case len(words) == 3 && words[0] == "seal" && headed:
			m, err := parseMaster(words[1], words[2])
			if err != nil || (Key{r}).byID(m.id[:]) != nil {
				return Key{}, bad
			}
			r.masters = append(r.masters, m)
		default:
			return Key{}, bad
		}
	}
	if r.digest == nil || len(r.masters) == 0 {
		return Key{}, errors.New("the file is cut short: a key is missing")
	}
	return Key{r}, nil
}

func parseMaster(id, text string) (*lock, error) {
	secret, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errBox
	}
	l, err := newLock(secret)
	if err != nil || hex.EncodeToString(l.id[:]) != id {
		return nil, errBox
	}
	return l, nil
}
