package auth

import (
	"context"
	"time"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
)

// account is a person's login with what proves that it is they.
type account struct {
	PersonID     string  `db:"person_id"`
	CouncilID    string  `db:"council_id"` // whose administrator looks after it
	Login        string  `db:"login"`
	LoginKey     string  `db:"login_key"`
	PasswordHash string  `db:"password_hash"` // empty until the first password is set
	PasswordAt   db.Time `db:"password_at"`
	MustChange   bool    `db:"must_change"`
	DisabledAt   db.Time `db:"disabled_at"`
	TOTPSecret   string  `db:"totp_secret"` // sealed
	TOTPAt       db.Time `db:"totp_at"`
	TOTPStep     int64   `db:"totp_step"` // last 30-second step whose code was used
	CreatedAt    db.Time `db:"created_at"`
	Version      int64   `db:"version"`
}

func (acc account) totpOn() bool { return !acc.TOTPAt.IsZero() }

const accountColumns = `person_id, council_id, login, login_key, password_hash, password_at, must_change, disabled_at, totp_secret, totp_at, totp_step, created_at, version`

// accountOfLogin is the account of a login; the zero account when there is
// none, because the caller must go on as if there were.
func accountOfLogin(ctx context.Context, tx *db.Tx, key string) (account, error) {
	all, err := db.All[account](ctx, tx, `SELECT `+accountColumns+` FROM auth_accounts WHERE login_key = $1`, key)
	if err != nil || len(all) == 0 {
		return account{}, err
	}
	return all[0], nil
}

func accountOf(ctx context.Context, tx *db.Tx, personID string) (account, error) {
	acc, err := db.One[account](ctx, tx, `SELECT `+accountColumns+` FROM auth_accounts WHERE person_id = $1`, personID)
	if fault.Is(err, "db.no_row") {
		return account{}, fault.New(fault.Missing, "auth.no_account")
	}
	return acc, err
}

func anyAccount(ctx context.Context, tx *db.Tx) (bool, error) {
	all, err := db.All[string](ctx, tx, `SELECT person_id FROM auth_accounts LIMIT 1`)
	return len(all) > 0, err
}

func addAccount(ctx context.Context, tx *db.Tx, acc account) error {
	_, err := tx.Exec(ctx, `INSERT INTO auth_accounts (`+accountColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)`,
		acc.PersonID, acc.CouncilID, acc.Login, acc.LoginKey, acc.PasswordHash, acc.PasswordAt, acc.MustChange, acc.DisabledAt,
		acc.TOTPSecret, acc.TOTPAt, acc.TOTPStep, acc.CreatedAt)
	return err
}

// saveAccount writes what can change, if nobody else did meanwhile.
func saveAccount(ctx context.Context, tx *db.Tx, acc account) error {
	return tx.ExecOne(ctx, `UPDATE auth_accounts SET password_hash = $3, password_at = $4, must_change = $5, disabled_at = $6,
		totp_secret = $7, totp_at = $8, totp_step = $9, version = version + 1 WHERE person_id = $1 AND version = $2`,
		acc.PersonID, acc.Version, acc.PasswordHash, acc.PasswordAt, acc.MustChange, acc.DisabledAt, acc.TOTPSecret, acc.TOTPAt, acc.TOTPStep)
}

// AccountLine is an account in the administrator's list.
type AccountLine struct {
	PersonID   string  `db:"person_id"`
	Name       string  `db:"name"`
	Login      string  `db:"login"`
	LoginKey   string  `db:"login_key"` // pages continue after it
	Ready      bool    `db:"ready"`     // a password has been set
	TOTPAt     db.Time `db:"totp_at"`
	DisabledAt db.Time `db:"disabled_at"`
}

func accountLines(ctx context.Context, tx *db.Tx, councilID, after string, limit int) ([]AccountLine, error) {
	return db.All[AccountLine](ctx, tx, `SELECT a.person_id, p.name, a.login, a.login_key, a.password_hash <> '' AS ready, a.totp_at, a.disabled_at
		FROM auth_accounts a JOIN org_people p ON p.id = a.person_id
		WHERE a.council_id = $1 AND a.login_key > $2 ORDER BY a.login_key LIMIT $3`, councilID, after, limit)
}

func saveRecoveryCodes(ctx context.Context, tx *db.Tx, personID string, hashes []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM auth_recovery_codes WHERE person_id = $1`, personID); err != nil {
		return err
	}
	for _, h := range hashes {
		if _, err := tx.Exec(ctx, `INSERT INTO auth_recovery_codes (person_id, code_hash, used_at) VALUES ($1, $2, 0)`, personID, h); err != nil {
			return err
		}
	}
	return nil
}

// useRecoveryCode crosses a code off; false when it is none of the person's unused ones.
func useRecoveryCode(ctx context.Context, tx *db.Tx, personID, hash string, now time.Time) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE auth_recovery_codes SET used_at = $3 WHERE person_id = $1 AND code_hash = $2 AND used_at = 0`, personID, hash, db.At(now))
	return n == 1, err
}

func recoveryCodesLeft(ctx context.Context, tx *db.Tx, personID string) (int, error) {
	return db.One[int](ctx, tx, `SELECT count(*) FROM auth_recovery_codes WHERE person_id = $1 AND used_at = 0`, personID)
}

const signInColumns = `id, person_id, post_id, delegation_id, method, assurance, strong_at, created_at, seen_at, expires_at, address, agent, ended_at, ended_by`

func addSignIn(ctx context.Context, tx *db.Tx, s SignIn, tokenHash string) error {
	_, err := tx.Exec(ctx, `INSERT INTO auth_sign_ins (`+signInColumns+`, token_hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', $13)`,
		s.ID, s.PersonID, s.PostID, s.DelegationID, s.Method, s.Assurance, s.StrongAt, s.CreatedAt, s.SeenAt, s.ExpiresAt, s.Address, s.Agent, tokenHash)
	return err
}

func signInOfToken(ctx context.Context, tx *db.Tx, tokenHash string) (SignIn, error) {
	s, err := db.One[SignIn](ctx, tx, `SELECT `+signInColumns+` FROM auth_sign_ins WHERE token_hash = $1`, tokenHash)
	if fault.Is(err, "db.no_row") {
		return SignIn{}, fault.New(fault.SignIn, "auth.not_signed_in")
	}
	return s, err
}

func signInOf(ctx context.Context, tx *db.Tx, id string) (SignIn, error) {
	return db.One[SignIn](ctx, tx, `SELECT `+signInColumns+` FROM auth_sign_ins WHERE id = $1`, id)
}

func signInsOf(ctx context.Context, tx *db.Tx, personID string, limit int) ([]SignIn, error) {
	return db.All[SignIn](ctx, tx, `SELECT `+signInColumns+` FROM auth_sign_ins WHERE person_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2`, personID, limit)
}

// lastPost is the person's own post that they signed in with, or changed to, last.
func lastPost(ctx context.Context, tx *db.Tx, personID string) (string, error) {
	all, err := db.All[string](ctx, tx, `SELECT post_id FROM auth_sign_ins WHERE person_id = $1 AND delegation_id = '' ORDER BY created_at DESC, id DESC LIMIT 1`, personID)
	if err != nil || len(all) == 0 {
		return "", err
	}
	return all[0], nil
}

func touchSignIn(ctx context.Context, tx *db.Tx, id string, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE auth_sign_ins SET seen_at = $2 WHERE id = $1 AND seen_at < $2 AND ended_at = 0`, id, db.At(now))
	return err
}

// rotateSignIn gives the sign-in a new token and post, if it still has the old token.
func rotateSignIn(ctx context.Context, tx *db.Tx, s SignIn, oldHash, newHash string, now time.Time) error {
	return tx.ExecOne(ctx, `UPDATE auth_sign_ins SET token_hash = $3, post_id = $4, delegation_id = $5, seen_at = $6 WHERE id = $1 AND token_hash = $2 AND ended_at = 0`,
		s.ID, oldHash, newHash, s.PostID, s.DelegationID, db.At(now))
}

func strengthenSignIn(ctx context.Context, tx *db.Tx, id string, assurance Assurance, now time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE auth_sign_ins SET strong_at = $2, assurance = CASE WHEN assurance < $3 THEN $3 ELSE assurance END WHERE id = $1 AND ended_at = 0`,
		id, db.At(now), assurance)
	return err
}

// endSignIns ends the live sign-ins of a person, but for the one to keep.
func endSignIns(ctx context.Context, tx *db.Tx, personID, keep, by string, now time.Time) (int64, error) {
	return tx.Exec(ctx, `UPDATE auth_sign_ins SET ended_at = $4, ended_by = $3 WHERE person_id = $1 AND id <> $2 AND ended_at = 0 AND expires_at > $4`,
		personID, keep, by, db.At(now))
}

func endSignIn(ctx context.Context, tx *db.Tx, id, by string, now time.Time) error {
	return tx.ExecOne(ctx, `UPDATE auth_sign_ins SET ended_at = $3, ended_by = $2 WHERE id = $1 AND ended_at = 0`, id, by, db.At(now))
}

// pass is a one-time secret: an address sent to somebody, or the step between
// the password and the code.
type pass struct {
	Kind      passKind  `db:"kind"`
	PersonID  string    `db:"person_id"`
	Method    Method    `db:"method"`
	Assurance Assurance `db:"assurance"`
	CreatedAt db.Time   `db:"created_at"`
	ExpiresAt db.Time   `db:"expires_at"`
	UsedAt    db.Time   `db:"used_at"`
}

type passKind string

const (
	setUpPass       passKind = "setup"        // sets up the installation
	resetPass       passKind = "reset"        // sets a first or forgotten password
	codePass        passKind = "code"         // password given, code still to come
	newPasswordPass passKind = "new_password" // signed in as soon as a new password is set
)

const passColumns = `kind, person_id, method, assurance, created_at, expires_at, used_at`

// addPass saves p. A new address voids the earlier ones; steps of a sign-in
// stand beside each other, one for each browser.
func addPass(ctx context.Context, tx *db.Tx, p pass, hash string) error {
	if p.Kind == setUpPass || p.Kind == resetPass {
		if _, err := tx.Exec(ctx, `DELETE FROM auth_tokens WHERE kind = $1 AND person_id = $2 AND used_at = 0`, p.Kind, p.PersonID); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `INSERT INTO auth_tokens (`+passColumns+`, token_hash) VALUES ($1, $2, $3, $4, $5, $6, 0, $7)`,
		p.Kind, p.PersonID, p.Method, p.Assurance, p.CreatedAt, p.ExpiresAt, hash)
	return err
}

func passOf(ctx context.Context, tx *db.Tx, hash string) (pass, error) {
	return db.One[pass](ctx, tx, `SELECT `+passColumns+` FROM auth_tokens WHERE token_hash = $1`, hash)
}

func usePass(ctx context.Context, tx *db.Tx, hash string, now time.Time) error {
	return tx.ExecOne(ctx, `UPDATE auth_tokens SET used_at = $2 WHERE token_hash = $1 AND used_at = 0`, hash, db.At(now))
}

// dropPasses voids a person's unused one-time secrets.
func dropPasses(ctx context.Context, tx *db.Tx, personID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM auth_tokens WHERE kind IN ('reset', 'code', 'new_password') AND person_id = $1 AND used_at = 0`, personID)
	return err
}

// tally counts wrong guesses for one login or from one address.
type tally struct {
	Kind        string  `db:"kind"`
	Subject     string  `db:"subject"`
	Failures    int     `db:"failures"`
	Since       db.Time `db:"since"`
	LockedUntil db.Time `db:"locked_until"`
}

func tallies(ctx context.Context, tx *db.Tx, account, address string) ([]tally, error) {
	return db.All[tally](ctx, tx, `SELECT kind, subject, failures, since, locked_until FROM auth_failures
		WHERE (kind = 'account' AND subject = $1) OR (kind = 'address' AND subject = $2)`, account, address)
}

func saveTally(ctx context.Context, tx *db.Tx, t tally) error {
	_, err := tx.Exec(ctx, `INSERT INTO auth_failures (kind, subject, failures, since, locked_until) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (kind, subject) DO UPDATE SET failures = excluded.failures, since = excluded.since, locked_until = excluded.locked_until`,
		t.Kind, t.Subject, t.Failures, t.Since, t.LockedUntil)
	return err
}

func clearTally(ctx context.Context, tx *db.Tx, kind, subject string) error {
	_, err := tx.Exec(ctx, `DELETE FROM auth_failures WHERE kind = $1 AND subject = $2`, kind, subject)
	return err
}

// purge removes what no longer matters to anybody.
func purge(ctx context.Context, tx *db.Tx, now time.Time, kept, window time.Duration) error {
	old := db.At(now.Add(-kept))
	for _, step := range []struct {
		q    string
		args []any
	}{
		{`DELETE FROM auth_sign_ins WHERE expires_at < $1`, []any{old}},
		{`DELETE FROM auth_tokens WHERE expires_at < $1`, []any{old}},
		{`DELETE FROM auth_failures WHERE since < $1 AND locked_until < $2`, []any{db.At(now.Add(-window)), db.At(now)}},
	} {
		if _, err := tx.Exec(ctx, step.q, step.args...); err != nil {
			return err
		}
	}
	return nil
}
