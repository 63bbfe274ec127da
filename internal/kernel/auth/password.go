package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	_ "embed" // common_passwords.txt
	"encoding/base64"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

//go:embed common_passwords.txt
var commonText string

var (
	phoneNumber = regexp.MustCompile(`^(0|84)\d{9,10}$`)
	common      = readCommon(commonText)
)

func readCommon(list string) map[string]bool {
	words := map[string]bool{}
	for line := range strings.Lines(list) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			words[line] = true
		}
	}
	return words
}

// distinctMin is how many different characters a password has at least:
// "aaaaaaaaaaaa" is long and no secret.
const distinctMin = 5

// checkPassword refuses passwords that are too short, or that somebody who
// knows the person or the usual lists would try first. It asks for no capital
// letters, digits or signs: such rules make people append "1!".
func (l Limits) checkPassword(password, login, name string) *fault.Fault {
	password = text.NFC(password)
	switch n := utf8.RuneCountInString(password); {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		return fault.New(fault.Invalid, "auth.password_characters").At("password")
	case n < l.PasswordMin:
		return fault.New(fault.Invalid, "auth.password_short", "min", l.PasswordMin, "typed", n).At("password")
	case n > l.PasswordMax:
		return fault.New(fault.Invalid, "auth.password_long", "max", l.PasswordMax).At("password")
	case easilyGuessed(password, login, name):
		return fault.New(fault.Invalid, "auth.password_common").At("password")
	}
	return nil
}

func easilyGuessed(password, login, name string) bool {
	seen := map[rune]bool{}
	for _, r := range password {
		seen[r] = true
	}
	bare := bareWord(password)
	if len(seen) < distinctMin || common[bare] || phoneNumber.MatchString(bare) {
		return true
	}
	core := strings.TrimFunc(bare, unicode.IsDigit)
	if core == "" {
		return false // digits only, and not one of the usual rows
	}
	loginName, _, _ := strings.Cut(login, "@")
	for _, own := range []string{bareWord(login), bareWord(loginName), bareWord(name)} {
		if core == own || bare == own {
			return true
		}
	}
	return common[core]
}

// bareWord is s without accents, capitals, spaces and signs.
func bareWord(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text.Fold(s))
}

// hasher computes argon2id hashes, few at a time: each takes a tenth of a
// second and 19 MiB, so that a flood of sign-ins would take the machine.
type hasher struct {
	limits  Limits
	free    chan struct{}
	waiting atomic.Int64
}

func newHasher(l Limits) *hasher {
	return &hasher{limits: l, free: make(chan struct{}, l.HashingParallel)}
}

// turn waits until a hash may be computed; the caller gives the turn back.
func (h *hasher) turn(ctx context.Context) (done func(), err error) {
	if h.waiting.Add(1) > int64(h.limits.HashingWaiting) {
		h.waiting.Add(-1)
		return nil, fault.New(fault.TooMany, "auth.busy")
	}
	defer h.waiting.Add(-1)
	select {
	case h.free <- struct{}{}:
		return func() { <-h.free }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

const (
	saltBytes = 16
	keyBytes  = 32
)

// hash makes the text that is stored: the parameters stand in it, so that they
// can be raised later.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	done, err := h.turn(ctx)
	if err != nil {
		return "", err
	}
	defer done()
	var salt [saltBytes]byte
	rand.Read(salt[:])
	rounds, kib := uint32(h.limits.HashingRounds), uint32(h.limits.HashingKiB)
	key := argon2.IDKey([]byte(text.NFC(password)), salt[:], rounds, kib, 1, keyBytes)
	return stored{rounds, kib, 1, salt[:], key}.String(), nil
}

// matches compares a password with a stored hash. With no stored hash it does
// the same work and says no, so that the time tells nothing about whether the
// login exists. stale says that the hash was made with other parameters.
func (h *hasher) matches(ctx context.Context, password, against string) (ok, stale bool, err error) {
	s := stored{rounds: uint32(h.limits.HashingRounds), kib: uint32(h.limits.HashingKiB), lanes: 1, salt: make([]byte, saltBytes)}
	known := against != ""
	if known {
		if s, err = parseStored(against); err != nil {
			return false, false, err
		}
	}
	done, err := h.turn(ctx)
	if err != nil {
		return false, false, err
	}
	defer done()
	if len(password) > 4*h.limits.PasswordMax {
		password = "" // nobody's: too long ones are refused when set
	}
	key := argon2.IDKey([]byte(text.NFC(password)), s.salt, s.rounds, s.kib, s.lanes, keyBytes)
	ok = subtle.ConstantTimeCompare(key, s.key) == 1 && known
	return ok, s.rounds != uint32(h.limits.HashingRounds) || s.kib != uint32(h.limits.HashingKiB), nil
}

// stored is a password hash in the usual text form of argon2.
type stored struct {
	rounds, kib uint32
	lanes       uint8
	salt, key   []byte
}

func (s stored) String() string {
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, s.kib, s.rounds, s.lanes,
		base64.RawStdEncoding.EncodeToString(s.salt), base64.RawStdEncoding.EncodeToString(s.key))
}

var errStored = errors.New("auth: the stored password hash cannot be read")

func parseStored(from string) (stored, error) {
	parts := strings.Split(from, "$")
	if len(parts) != 6 || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return stored{}, errStored
	}
	var s stored
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &s.kib, &s.rounds, &s.lanes); err != nil {
		return stored{}, errStored
	}
	var err error
	if s.salt, err = base64.RawStdEncoding.DecodeString(parts[4]); err != nil {
		return stored{}, errStored
	}
	if s.key, err = base64.RawStdEncoding.DecodeString(parts[5]); err != nil {
		return stored{}, errStored
	}
	if s.rounds == 0 || s.lanes == 0 || len(s.key) != keyBytes {
		return stored{}, errStored
	}
	return s, nil
}
