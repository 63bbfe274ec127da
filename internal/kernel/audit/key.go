package audit

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

// Key is the log's Ed25519 key and name. Who has it can sign another history,
// so it lives in a file of its own beside the database, not in it.
type Key struct {
	origin string
	secret string // "PRIVATE+KEY+name+hash+…"
	public string // "name+hash+…", the verifier key of a signed note
	signer note.Signer
	policy torchwood.Policy
	mac    []byte
}

// NewKey makes a fresh key for a log with this name, such as
// "hdnd.hanoi.gov.vn/nhat-ky". The name has no spaces and no "+".
func NewKey(origin string) (Key, error) {
	secret, _, err := note.GenerateKey(rand.Reader, origin)
	if err != nil {
		return Key{}, fmt.Errorf("audit: new key: %w", err)
	}
	return parseKey(secret)
}

// LoadKey reads the key at path, or makes one there when there is none. The
// file may be read by its owner alone; anything else is refused, and so is a
// key of another log.
func LoadKey(path, origin string) (Key, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err := createKey(path, origin); err != nil {
			return Key{}, fmt.Errorf("audit: make key: %w", err)
		}
		st, err = os.Stat(path)
	}
	if err != nil {
		return Key{}, fmt.Errorf("audit: load key: %w", err)
	}
	if st.Mode().Perm()&0o077 != 0 {
		return Key{}, fmt.Errorf("audit: key file %s may be read by others (mode %04o); make it 0600", path, st.Mode().Perm())
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return Key{}, fmt.Errorf("audit: load key: %w", err)
	}
	k, err := parseKey(strings.TrimSpace(string(b)))
	if err != nil {
		return Key{}, fmt.Errorf("audit: key file %s: %w", path, err)
	}
	if k.origin != origin {
		return Key{}, fmt.Errorf("audit: key file %s belongs to the log %q, not %q", path, k.origin, origin)
	}
	return k, nil
}

// createKey writes a new key under another name first, so that a crash leaves
// no half key; a key that another process put there meanwhile stays.
func createKey(path, origin string) error {
	k, err := NewKey(origin)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // made with mode 0600
	if err != nil {
		return err
	}
	_, err = f.WriteString(k.secret + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		if err = os.Link(f.Name(), path); errors.Is(err, fs.ErrExist) {
			err = nil
		}
	}
	return errors.Join(err, os.Remove(f.Name()))
}

func parseKey(secret string) (Key, error) {
	signer, err := note.NewSigner(secret)
	if err != nil {
		return Key{}, err
	}
	public, err := publicKey(signer.Name(), secret)
	if err != nil {
		return Key{}, err
	}
	verifier, err := note.NewVerifier(public)
	if err != nil {
		return Key{}, err
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("hdnd audit entry v1"))
	return Key{origin: signer.Name(), secret: secret, public: public, signer: signer,
		policy: logPolicy(verifier), mac: mac.Sum(nil)}, nil
}

// publicKey is the half of a signer key that everybody may know.
func publicKey(name, secret string) (string, error) {
	b, err := base64.StdEncoding.DecodeString(secret[len("PRIVATE+KEY+")+len(name)+len("+01234567+"):])
	if err != nil || len(b) != 1+ed25519.SeedSize {
		return "", errors.New("malformed signer key")
	}
	return note.NewEd25519VerifierKey(name, ed25519.NewKeyFromSeed(b[1:]).Public().(ed25519.PublicKey))
}

// logPolicy asks for a signature of the log and for its name on the first line.
func logPolicy(v note.Verifier) torchwood.Policy {
	return torchwood.ThresholdPolicy(2, torchwood.OriginPolicy(v.Name()), torchwood.SingleVerifierPolicy(v))
}

// code proves that this program wrote an entry: whoever can write to the
// database but has no key cannot put an entry into the log that Verify takes.
func (k Key) code(id string, hash tlog.Hash) []byte {
	mac := hmac.New(sha256.New, k.mac)
	mac.Write([]byte(id))
	mac.Write(hash[:])
	return mac.Sum(nil)
}

func (k Key) wrote(id string, hash tlog.Hash, code []byte) bool {
	return hmac.Equal(k.code(id, hash), code)
}

// sign makes a signed note. The text and the name are ours and well formed,
// and an Ed25519 signature needs nothing from outside, so it cannot fail.
func (k Key) sign(text string) string {
	b, err := note.Sign(&note.Note{Text: text}, k.signer)
	if err != nil {
		panic(fmt.Sprintf("audit: sign %q: %v", text, err))
	}
	return string(b)
}
