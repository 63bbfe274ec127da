package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base32"
	"encoding/binary"
	"strings"
	"time"
	"unicode"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	secretBytes   = 20               // RFC 4226: as long as the SHA-1 behind it
	codeDigits    = otp.DigitsSix    // what authenticator apps show
	codePeriod    = 30 * time.Second // RFC 6238
	stepsAround   = 1                // clocks of phones are off by some seconds
	recoveryCodes = 10
	recoveryChars = 12 // 60 bits; kept as keyed digests
)

var (
	secretCode   = base32.StdEncoding.WithPadding(base32.NoPadding)
	recoveryCode = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)
)

// Enrolment is an authenticator secret that is offered and not yet kept. It
// travels sealed in the form, so that merely looking at the page writes nothing.
type Enrolment struct {
	Sealed string
	Secret string // for typing into the app, in groups of four
	URL    string // for the square code
}

const (
	sealOffer  = "totp offer"
	sealSecret = "totp"
)

// OfferTOTP makes a fresh secret for the person's authenticator app.
func (a *Auth) OfferTOTP(ctx context.Context, who org.Actor) (Enrolment, error) {
	secret := make([]byte, 8, 8+secretBytes)
	binary.BigEndian.PutUint64(secret, uint64(a.Clock.Now().Add(a.Limits.Step).UnixMicro()))
	secret = secret[:8+secretBytes]
	rand.Read(secret[8:])
	return a.Offered(ctx, who, a.vault.seal(sealOffer, who.PersonID, secret))
}

// Offered reads an offer back, to show it again when the code was mistyped.
func (a *Auth) Offered(ctx context.Context, who org.Actor, sealed string) (Enrolment, error) {
	secret, err := a.offered(who, sealed)
	if err != nil {
		return Enrolment{}, err
	}
	var acc account
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		acc, err = accountOf(ctx, tx, who.PersonID)
		return err
	})
	if err != nil {
		return Enrolment{}, err
	}
	key, err := totp.Generate(totp.GenerateOpts{Issuer: a.Issuer, AccountName: acc.Login, Secret: secret, SecretSize: secretBytes,
		Period: uint(codePeriod / time.Second), Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
	if err != nil {
		return Enrolment{}, err
	}
	return Enrolment{Sealed: sealed, Secret: grouped(secretCode.EncodeToString(secret), " "), URL: key.URL()}, nil
}

func (a *Auth) offered(who org.Actor, sealed string) ([]byte, error) {
	plain, ok := a.vault.open(sealOffer, who.PersonID, sealed)
	if !ok || len(plain) != 8+secretBytes || a.Clock.Now().UnixMicro() >= int64(binary.BigEndian.Uint64(plain)) {
		return nil, fault.New(fault.Refused, "auth.offer_over")
	}
	return plain[8:], nil
}

// grouped writes s in groups of four.
func grouped(s, between string) string {
	var parts []string
	for len(s) > 4 {
		parts, s = append(parts, s[:4]), s[4:]
	}
	return strings.Join(append(parts, s), between)
}

// TurnOnTOTP keeps the offered secret once a code shows that the app has it,
// and gives the recovery codes, which are never shown again.
func (a *Auth) TurnOnTOTP(ctx context.Context, who org.Actor, sealed, current, code string) ([]string, error) {
	secret, err := a.offered(who, sealed)
	if err != nil {
		return nil, err
	}
	step, ok := stepOf(secret, tidyCode(code), a.Clock.Now(), 0)
	if !ok {
		return nil, fault.New(fault.Invalid, "auth.code_mismatch").At("otp")
	}
	codes, hashes := a.newRecoveryCodes(who.PersonID)
	err = a.withPassword(ctx, who, current, func(tx *db.Tx, acc account, f fresh) error {
		if acc.totpOn() {
			return fault.New(fault.Refused, "auth.totp_already_on")
		}
		acc.TOTPSecret, acc.TOTPAt, acc.TOTPStep = a.vault.seal(sealSecret, acc.PersonID, secret), db.At(f.now), step
		if err := saveAccount(ctx, tx, acc); err != nil {
			return err
		}
		if err := saveRecoveryCodes(ctx, tx, acc.PersonID, hashes); err != nil {
			return err
		}
		if err := strengthenSignIn(ctx, tx, who.SignInID, TwoFactors, f.now); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.totp_on", councilID: acc.CouncilID, personID: acc.PersonID, who: who, at: f.now})
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// TurnOffTOTP removes one's own second step.
func (a *Auth) TurnOffTOTP(ctx context.Context, who org.Actor, current string) error {
	return a.withPassword(ctx, who, current, func(tx *db.Tx, acc account, f fresh) error {
		return a.dropTOTP(ctx, tx, acc, f, who)
	})
}

// RemoveTOTP removes the second step of somebody of the same council who lost
// the phone and the recovery codes; see RemoveSecondStep.
func (a *Auth) RemoveTOTP(ctx context.Context, who org.Actor, personID string) error {
	f := a.fresh(Browser{Address: who.Address})
	return a.DB.Tx(ctx, func(tx *db.Tx) error {
		acc, err := accountOf(ctx, tx, personID)
		if err != nil {
			return err
		}
		if !RemoveSecondStep.Allows(who) || who.CouncilID != acc.CouncilID {
			return missing()
		}
		if who.PersonID == personID {
			return fault.New(fault.Refused, "auth.not_yourself")
		}
		return a.dropTOTP(ctx, tx, acc, f, who)
	})
}

func (a *Auth) dropTOTP(ctx context.Context, tx *db.Tx, acc account, f fresh, who org.Actor) error {
	if !acc.totpOn() {
		return fault.New(fault.Refused, "auth.totp_not_on")
	}
	acc.TOTPSecret, acc.TOTPAt, acc.TOTPStep = "", db.Time{}, 0
	if err := saveAccount(ctx, tx, acc); err != nil {
		return err
	}
	if err := saveRecoveryCodes(ctx, tx, acc.PersonID, nil); err != nil {
		return err
	}
	return a.record(ctx, tx, act{verb: "auth.totp_off", councilID: acc.CouncilID, personID: acc.PersonID, who: who, at: f.now})
}

// RenewRecoveryCodes voids the old recovery codes and gives new ones.
func (a *Auth) RenewRecoveryCodes(ctx context.Context, who org.Actor, current string) ([]string, error) {
	codes, hashes := a.newRecoveryCodes(who.PersonID)
	err := a.withPassword(ctx, who, current, func(tx *db.Tx, acc account, f fresh) error {
		if !acc.totpOn() {
			return fault.New(fault.Refused, "auth.totp_not_on")
		}
		if err := saveRecoveryCodes(ctx, tx, acc.PersonID, hashes); err != nil {
			return err
		}
		return a.record(ctx, tx, act{verb: "auth.recovery_codes_renewed", councilID: acc.CouncilID, personID: acc.PersonID, who: who, at: f.now})
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

func (a *Auth) newRecoveryCodes(personID string) (codes, hashes []string) {
	for range recoveryCodes {
		var b [8]byte
		rand.Read(b[:])
		code := recoveryCode.EncodeToString(b[:])[:recoveryChars]
		codes = append(codes, grouped(code, "-"))
		hashes = append(hashes, a.recoveryHash(personID, code))
	}
	return codes, hashes
}

func (a *Auth) recoveryHash(personID, code string) string {
	return a.vault.sum("recovery", personID+"\x00"+code)
}

// tidyCode takes the spaces and dashes out that people type as they read.
func tidyCode(code string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) {
			return -1
		}
		return r
	}, text.NFC(code)))
}

// stepOf finds the half minute that a code belongs to, among those around now
// that come after the last one used: a code that was looked at over a shoulder
// is worth nothing once its owner has used it.
func stepOf(secret []byte, code string, now time.Time, last int64) (step int64, ok bool) {
	at := now.Unix() / int64(codePeriod/time.Second)
	for s := at - stepsAround; s <= at+stepsAround; s++ {
		want, err := hotp.GenerateCodeCustom(secretCode.EncodeToString(secret), uint64(s), hotp.ValidateOpts{Digits: codeDigits, Algorithm: otp.AlgorithmSHA1})
		if err == nil && s > last && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			step, ok = s, true
		}
	}
	return step, ok
}

// codeFits checks and uses up a code of the app or a recovery code.
func (a *Auth) codeFits(ctx context.Context, tx *db.Tx, acc account, code string, f fresh) (bool, account, error) {
	code = tidyCode(code)
	if len(code) == recoveryChars {
		ok, err := useRecoveryCode(ctx, tx, acc.PersonID, a.recoveryHash(acc.PersonID, code), f.now)
		if err != nil || !ok {
			return false, acc, err
		}
		err = a.record(ctx, tx, act{verb: "auth.recovery_code_used", councilID: acc.CouncilID, personID: acc.PersonID,
			who: org.Actor{PersonID: acc.PersonID, Address: f.from.Address}, at: f.now})
		return true, acc, err
	}
	secret, opened := a.vault.open(sealSecret, acc.PersonID, acc.TOTPSecret)
	if !opened {
		return false, acc, fault.New(fault.Internal, "auth.totp_unreadable")
	}
	step, ok := stepOf(secret, code, f.now, acc.TOTPStep)
	if !ok {
		return false, acc, nil
	}
	acc.TOTPStep = step
	if err := saveAccount(ctx, tx, acc); err != nil {
		return false, acc, err
	}
	acc.Version++
	return true, acc, nil
}

// Security is what a person sees of their own account.
type Security struct {
	Login         string
	HasAccount    bool // the demonstration's people have none
	PasswordAt    time.Time
	TOTPAt        time.Time // zero: off
	RecoveryCodes int       // still unused
}

// Security shows the person's own account.
func (a *Auth) Security(ctx context.Context, who org.Actor) (Security, error) {
	var s Security
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		s = Security{}
		acc, err := accountOf(ctx, tx, who.PersonID)
		if fault.Is(err, "auth.no_account") {
			return nil
		}
		if err != nil {
			return err
		}
		left, err := recoveryCodesLeft(ctx, tx, acc.PersonID)
		s = Security{Login: acc.Login, HasAccount: true, PasswordAt: acc.PasswordAt.Time, TOTPAt: acc.TOTPAt.Time, RecoveryCodes: left}
		return err
	})
	return s, err
}
