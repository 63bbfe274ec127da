package gate

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"net/netip"
	"time"
)

const (
	secretLeast = 32 // bytes
	markBytes   = 12 // of a hash that is kept: 96 bits
	sealBytes   = 24 // of a signature
	onceBytes   = 16
	bitsMost    = 28               // of work; more than a telephone does in minutes
	waitMost    = 10 * time.Minute // without JavaScript
	nonceMost   = 20               // characters of a solution
)

// keys are drawn from the installation's secret, one for each purpose.
type keys struct{ marks, drawn, challenges []byte }

func newKeys(secret []byte) keys {
	derive := func(purpose string) []byte { return sum(secret, []byte("hdnd petitions gate v1 "+purpose)) }
	return keys{derive("marks"), derive("drawn"), derive("challenges")}
}

func sum(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	// A hash's Write never fails.
	_, _ = h.Write(message)
	return h.Sum(nil)
}

// mark is what is kept instead of an address or a contact.
func (k keys) mark(scope Scope, value string) string {
	if value == "" {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(sum(k.marks, []byte(string(scope)+"\x00"+value))[:markBytes])
}

// signed joins a message and its signature.
func signed(key, message []byte) string {
	return base64.RawURLEncoding.EncodeToString(append(message, sum(key, message)[:sealBytes]...))
}

// opened gives a message of exactly so many bytes back when its signature is ours.
func opened(key []byte, token string, size int) ([]byte, bool) {
	if len(token) != base64.RawURLEncoding.EncodedLen(size+sealBytes) {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil {
		return nil, false
	}
	return b[:size], hmac.Equal(b[size:], sum(key, b[:size])[:sealBytes])
}

// Draw signs the moment at which a form is drawn, for Honey.
func (d *Desk) Draw() string {
	return signed(d.keys.drawn, binary.BigEndian.AppendUint64(nil, uint64(d.Clock.Now().UnixMilli())))
}

// drawnAt reads what Draw wrote.
func (k keys) drawnAt(token string) (time.Time, bool) {
	b, ok := opened(k.drawn, token, 8)
	if !ok {
		return time.Time{}, false
	}
	return time.UnixMilli(int64(binary.BigEndian.Uint64(b))), true
}

// Challenge is what is asked of a sender who may be a machine.
//
// vi: bước xác minh không phải máy
type Challenge struct {
	Token string
	Once  string        // the mark of the form that it is bound to
	Seed  string        // what the browser works upon
	Bits  int           // leading zero bits of SHA-256(Seed ":" nonce)
	Wait  time.Duration // how long to wait without JavaScript
	Left  time.Duration // how much of it is left; negative when over
	Early bool          // the form was sent before the proof was there

	issued  time.Time
	council [8]byte
}

// challengeBytes: bits, seconds to wait, moment, council, mark.
const challengeBytes = 1 + 2 + 8 + 8 + onceBytes

func councilBytes(id string) (b [8]byte) {
	h := sha256.Sum256([]byte(id))
	copy(b[:], h[:])
	return b
}

// challenge makes a fresh one.
func (k keys) challenge(w Work, councilID string, now time.Time) *Challenge {
	var once [onceBytes]byte
	rand.Read(once[:]) // never fails: crypto/rand ends the program instead
	council := councilBytes(councilID)
	b := append(make([]byte, 0, challengeBytes+sealBytes), byte(w.Bits))
	b = binary.BigEndian.AppendUint16(b, uint16(w.Wait/time.Second))
	b = binary.BigEndian.AppendUint64(b, uint64(now.UnixMilli()))
	b = append(append(b, council[:]...), once[:]...)
	return readChallenge(signed(k.challenges, b), b)
}

// readChallenge takes a message whose signature is known to be good apart.
func readChallenge(token string, b []byte) *Challenge {
	c := &Challenge{Token: token, Seed: token[len(token)-base64.RawURLEncoding.EncodedLen(sealBytes):], Bits: int(b[0]), Wait: time.Duration(binary.BigEndian.Uint16(b[1:])) * time.Second,
		issued: time.UnixMilli(int64(binary.BigEndian.Uint64(b[3:]))), Once: base64.RawURLEncoding.EncodeToString(b[19 : 19+onceBytes])}
	copy(c.council[:], b[11:19])
	c.Left = c.Wait
	return c
}

// challenged reads a challenge that is ours, of this form and council, and of
// this hour.
func (k keys) challenged(p Solution, once, councilID string, now time.Time, l Limits) (*Challenge, bool) {
	b, ok := opened(k.challenges, p.Token, challengeBytes)
	if !ok {
		return nil, false
	}
	c := readChallenge(p.Token, b)
	age := now.Sub(c.issued)
	if c.Once != once || c.council != councilBytes(councilID) || age < -l.Skew || age > l.ChallengeLasts {
		return nil, false
	}
	c.Left = c.Wait - age
	return c, true
}

// met reports whether the work was done, or the time waited.
func (c *Challenge) met(nonce string) bool { return c.Left <= 0 || c.solved(nonce) }

func (c *Challenge) solved(nonce string) bool {
	return nonce != "" && len(nonce) <= nonceMost && zeroBits(sha256.Sum256([]byte(c.Seed+":"+nonce))) >= c.Bits
}

func zeroBits(h [sha256.Size]byte) int {
	if n := bits.LeadingZeros64(binary.BigEndian.Uint64(h[:])); n < 64 {
		return n
	}
	return 64
}

// network is the addresses that one household or customer has: an IPv6 address
// counts by its /64, and IPv4 addresses written as IPv6 are IPv4.
func network(a netip.Addr) (address, around netip.Prefix) {
	a = a.Unmap().WithZone("")
	bits, wide := 32, 24
	if a.Is6() {
		bits, wide = 64, 48
	}
	// Neither fails: the address is valid and the bits are within it.
	address, _ = a.Prefix(bits)
	around, _ = a.Prefix(wide)
	return address, around
}
