package vault

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
)

// secretSize is the length of every secret: masters, data keys, digest.
const secretSize = 32

// A box is a version, the id of its key, a random nonce, the padded content
// and the tag of AES-256-GCM. Version and id are authenticated with the rest.
const (
	boxVersion  = 1
	idSize      = 8
	headSize    = 1 + idSize
	boxOverhead = headSize + 12 + 16
	lengthSize  = 4   // before the content: how much of what follows is not padding
	padSmallest = 256 // names, addresses, numbers all give boxes of one size
)

// errBox says no more: which byte was wrong helps only who changed it.
var errBox = errors.New("vault: the box does not open: it was changed, or belongs elsewhere")

// lock is one secret made ready for use.
type lock struct {
	id   [idSize]byte
	aead cipher.AEAD
}

func newLock(secret []byte) (*lock, error) {
	if len(secret) != secretSize {
		return nil, fmt.Errorf("vault: a secret has %d bytes instead of %d", len(secret), secretSize)
	}
	seal, err := hkdf.Key(sha256.New, secret, nil, "hdnd vault seal 1", secretSize)
	if err != nil {
		return nil, err
	}
	id, err := hkdf.Key(sha256.New, secret, nil, "hdnd vault id 1", idSize)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(seal)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	return &lock{id: [idSize]byte(id), aead: aead}, err
}

// padded is how many bytes length and content take in a box: the next power of
// two, or what fills a chunk.
func padded(n int) int {
	size := padSmallest
	for size < n {
		size *= 2
	}
	if full := chunkMax - boxOverhead; size > full && n <= full {
		return full
	}
	return size
}

func (l *lock) seal(plain, context []byte) []byte {
	inner := make([]byte, padded(lengthSize+len(plain)))
	binary.BigEndian.PutUint32(inner, uint32(len(plain)))
	copy(inner[lengthSize:], plain)
	box := make([]byte, headSize, boxOverhead+len(inner))
	box[0] = boxVersion
	copy(box[1:], l.id[:])
	box = l.aead.Seal(box, nil, inner, bind(string(box), string(context)))
	clear(inner)
	return box
}

func (l *lock) open(box, context []byte) ([]byte, error) {
	if len(box) < boxOverhead+padSmallest || box[0] != boxVersion || [idSize]byte(box[1:headSize]) != l.id {
		return nil, errBox
	}
	inner, err := l.aead.Open(nil, nil, box[headSize:], bind(string(box[:headSize]), string(context)))
	if err != nil {
		return nil, errBox
	}
	n := binary.BigEndian.Uint32(inner)
	if uint64(n) > uint64(len(inner)-lengthSize) {
		return nil, errBox
	}
	return inner[lengthSize:][:n:n], nil
}

// bind joins parts so that no two lists of parts make the same bytes.
func bind(parts ...string) []byte {
	var to []byte
	for _, p := range parts {
		to = binary.AppendUvarint(to, uint64(len(p)))
		to = append(to, p...)
	}
	return to
}

// Key is the installation's key: several masters, of which the newest seals
// and all open, and a secret for digests that stays when masters change. It
// prints as a mark.
//
// vi: khoá niêm phong
type Key struct{ ring *ring }

type ring struct {
	digest  []byte
	masters []*lock // oldest first; never empty
}

func (k Key) newest() *lock { return k.ring.masters[len(k.ring.masters)-1] }

func (k Key) byID(id []byte) *lock {
	for _, m := range k.ring.masters {
		if string(m.id[:]) == string(id) {
			return m
		}
	}
	return nil
}

// Seal closes plain in a box that opens only with the same context, such as
// "reception.visitor/id/number". Boxes of short contents have one size.
func (k Key) Seal(plain []byte, context string) []byte {
	return k.newest().seal(plain, bind("box", context))
}

// Open opens a box of Seal.
func (k Key) Open(box []byte, context string) ([]byte, error) {
	return k.openAs(box, bind("box", context))
}

func (k Key) openAs(box, context []byte) ([]byte, error) {
	if len(box) < headSize {
		return nil, errBox
	}
	l := k.byID(box[1:headSize])
	if l == nil {
		return nil, fmt.Errorf("%w: the key file has no key %x", errBox, box[1:headSize])
	}
	return l.open(box, context)
}

// Stale reports whether a box was sealed with a master that is not the newest.
// Whoever keeps boxes of Seal seals such ones again before DropOldKeys.
func (k Key) Stale(box []byte) bool {
	return len(box) < headSize || string(box[1:headSize]) != string(k.newest().id[:])
}

// Digest is a keyed hash of value, to find equal values without keeping any.
// The same value gives different digests for different purposes. Whoever
// compares folds the value first.
func (k Key) Digest(purpose, value string) string {
	mac := hmac.New(sha256.New, k.ring.digest)
	mac.Write(bind("hdnd vault digest 1", purpose, value))
	return hex.EncodeToString(mac.Sum(nil))
}

// String implements fmt.Stringer with a mark.
func (k Key) String() string { return mark }

// Format implements fmt.Formatter with a mark, whatever the verb.
func (k Key) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, mark) // fmt has nobody to tell that its buffer failed
}

// MarshalJSON implements json.Marshaler with a mark.
func (k Key) MarshalJSON() ([]byte, error) { return []byte(`"` + mark + `"`), nil }

// LogValue implements slog.LogValuer with a mark.
func (k Key) LogValue() slog.Value { return slog.StringValue(mark) }
