package auth_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"example.vn/hdnd/internal/kernel/auth"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/testkit"
)

func TestSecondStep(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		secret, codes := h.totpOn("clerk")
		if len(codes) != 10 || len(codes[0]) != 14 {
			t.Fatalf("recovery codes %v", codes)
		}
		code := h.code(secret)
		_, err := h.GiveCode(t.Context(), h.step("clerk"), code, auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.code_wrong") // that code turned the step on
		h.clock.Advance(30 * time.Second)
		step, code := h.step("clerk"), h.code(secret)
		out, err := h.GiveCode(t.Context(), step, code[:3]+" "+code[3:], auth.Browser{Address: "10.0.0.7"})
		must(t, err)
		p, err := h.Presence(t.Context(), out.Token)
		must(t, err)
		if p.SignIn.Assurance != auth.TwoFactors || !h.Strong(p.SignIn, h.clock.Now()) || h.Strong(p.SignIn, h.clock.Now().Add(time.Hour)) {
			t.Errorf("sign-in %+v", p.SignIn)
		}
		_, err = h.GiveCode(t.Context(), step, code, auth.Browser{})
		refused(t, err, "auth.step_over") // a step works once
		_, err = h.GiveCode(t.Context(), h.step("clerk"), code, auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.code_wrong") // replayed
		h.clock.Advance(30 * time.Second)
		previous := h.code(secret)
		h.clock.Advance(30 * time.Second)
		_, err = h.GiveCode(t.Context(), h.step("clerk"), previous, auth.Browser{Address: "10.0.0.7"})
		must(t, err) // a slow typist's code
		step = h.step("clerk")
		h.clock.Advance(10 * minute)
		_, err = h.GiveCode(t.Context(), step, h.code(secret), auth.Browser{})
		refused(t, err, "auth.step_over")
	})
}

func TestCodeReplayedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		secret, _ := h.totpOn("clerk")
		h.clock.Advance(time.Minute)
		code := h.code(secret)
		got := make([]error, 4)
		steps := make([]string, len(got))
		for i := range steps {
			steps[i] = h.step("clerk")
		}
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { _, got[i] = h.GiveCode(t.Context(), steps[i], code, auth.Browser{Address: "10.0.0.7"}) })
		}
		wg.Wait()
		won := 0
		for _, err := range got {
			if err == nil {
				won++
			}
		}
		if won != 1 {
			t.Errorf("one code let %d in: %v", won, got)
		}
	})
}

func TestCodesAreCounted(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		secret, _ := h.totpOn("clerk")
		h.clock.Advance(time.Minute)
		for range 4 { // giving the password anew does not buy new guesses
			_, err := h.GiveCode(t.Context(), h.step("clerk"), "000000", auth.Browser{Address: "10.0.0.7"})
			refused(t, err, "auth.code_wrong")
		}
		step := h.step("clerk")
		_, err := h.GiveCode(t.Context(), step, "000000", auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.locked")
		_, err = h.GiveCode(t.Context(), step, h.code(secret), auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.locked")
	})
}

func TestRecoveryCodes(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		_, codes := h.totpOn("clerk")
		out, err := h.GiveCode(t.Context(), h.step("clerk"), strings.ToUpper(codes[3]), auth.Browser{Address: "10.0.0.7"})
		must(t, err)
		_, err = h.GiveCode(t.Context(), h.step("clerk"), codes[3], auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.code_wrong") // once
		who, err := h.Actor(t.Context(), out.Token)
		must(t, err)
		s, err := h.Security(t.Context(), who)
		must(t, err)
		if s.RecoveryCodes != 9 || s.TOTPAt.IsZero() || s.Login != "clerk@Phường" {
			t.Errorf("security %+v", s)
		}
		fresh, err := h.RenewRecoveryCodes(t.Context(), who, password)
		must(t, err)
		_, err = h.GiveCode(t.Context(), h.step("clerk"), codes[5], auth.Browser{Address: "10.0.0.7"})
		refused(t, err, "auth.code_wrong")
		_, err = h.GiveCode(t.Context(), h.step("clerk"), fresh[0], auth.Browser{Address: "10.0.0.7"})
		must(t, err)
		refused(t, h.TurnOffTOTP(t.Context(), who, "sai"), "auth.wrong_current")
		must(t, h.TurnOffTOTP(t.Context(), who, password))
		refused(t, h.TurnOffTOTP(t.Context(), who, password), "auth.totp_not_on")
		h.in("clerk")
		if h.logged("auth.recovery_code_used") != 2 || h.logged("auth.totp_on") != 1 || h.logged("auth.totp_off") != 1 {
			t.Error("not every act is in the log")
		}
	})
}

func TestOffers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		h.account("head")
		clerk := h.actor("clerk")
		offer, err := h.OfferTOTP(t.Context(), clerk)
		must(t, err)
		if !strings.HasPrefix(offer.URL, "otpauth://totp/") || !strings.Contains(offer.URL, "issuer=") {
			t.Errorf("URL %s", offer.URL)
		}
		again, err := h.Offered(t.Context(), clerk, offer.Sealed)
		must(t, err)
		if again != offer {
			t.Error("read back differently")
		}
		secret := strings.ReplaceAll(offer.Secret, " ", "")
		_, err = h.TurnOnTOTP(t.Context(), clerk, offer.Sealed, password, "123")
		refused(t, err, "auth.code_mismatch")
		_, err = h.TurnOnTOTP(t.Context(), h.actor("head"), offer.Sealed, password, h.code(secret))
		refused(t, err, "auth.offer_over") // made for somebody else
		h.clock.Advance(11 * minute)
		_, err = h.TurnOnTOTP(t.Context(), clerk, offer.Sealed, password, h.code(secret))
		refused(t, err, "auth.offer_over")
	})
}

func TestLostPhone(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		h.totpOn("clerk")
		for _, nosy := range []string{"admin", "stranger", "head", "clerk"} {
			refused(t, h.RemoveTOTP(t.Context(), h.actor(nosy), "clerk"), "db.no_row")
		}
		must(t, h.RemoveTOTP(t.Context(), h.actor("security"), "clerk"))
		h.in("clerk")
	})
}

func TestPasswordRules(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		token, other := h.in("clerk"), h.in("clerk")
		who, err := h.Actor(t.Context(), token)
		must(t, err)
		for pw, key := range map[string]string{
			"ngắn":                        "auth.password_short",
			"một hai b":                   "auth.password_short",
			strings.Repeat("ạ", 257):      "auth.password_long",
			"Password123!":                "auth.password_common",
			"Mật Khẩu 2026":               "auth.password_common",
			"hà nội 1234":                 "auth.password_common",
			"qwertyuiop":                  "auth.password_common",
			"0912 345 678":                "auth.password_common",
			"aaaaaaaaaaaaaaa":             "auth.password_common",
			"Nguyễn Thị Hường 99":         "auth.password_common",
			"clerk@phường":                "auth.password_common",
			"xuống\x00dòng\x01nhiều":      "auth.password_characters",
			"sai \xff\xfe byte lung tung": "auth.password_characters",
			password:                      "auth.password_same",
		} {
			refused(t, h.ChangePassword(t.Context(), who, password, pw), key)
		}
		refused(t, h.ChangePassword(t.Context(), who, "không phải", "gió thổi qua sông"), "auth.wrong_current")
		const next = "gió thổi qua sông"
		must(t, h.ChangePassword(t.Context(), who, password, next))
		_, err = h.Actor(t.Context(), token)
		must(t, err)
		_, err = h.Actor(t.Context(), other)
		refused(t, err, "auth.ended") // whoever had the old password is out
		refused(t, second(h.attempt("clerk", password, "10.0.0.7")), "auth.wrong")
		_, err = h.attempt("clerk", next, "10.0.0.7")
		must(t, err)
		must(t, h.Confirm(t.Context(), who, next))
	})
}

func TestAccounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		admin := h.actor("admin")
		for _, nosy := range []string{"stranger", "head", "security"} {
			_, err := h.OpenAccount(t.Context(), h.actor(nosy), "clerk", "clerk")
			refused(t, err, "db.no_row")
		}
		_, err := h.OpenAccount(t.Context(), admin, "clerk", "có dấu cách")
		refused(t, err, "auth.login_form")
		secret, err := h.OpenAccount(t.Context(), admin, "clerk", "clerk@Phường")
		must(t, err)
		_, err = h.OpenAccount(t.Context(), admin, "clerk", "clerk-2")
		refused(t, err, "auth.has_account")
		_, err = h.OpenAccount(t.Context(), admin, "head", "CLERK@phường")
		refused(t, err, "auth.login_taken")
		refused(t, second(h.attempt("clerk", "", "10.0.0.7")), "auth.wrong") // no password yet is not an empty password
		login, err := h.Redeemable(t.Context(), secret)
		must(t, err)
		if login != "clerk@Phường" {
			t.Errorf("login %q", login)
		}
		refused(t, h.Redeem(t.Context(), secret, "ngắn", auth.Browser{}), "auth.password_short")
		must(t, h.Redeem(t.Context(), secret, password, auth.Browser{}))
		refused(t, h.Redeem(t.Context(), secret, "gió thổi qua sông", auth.Browser{}), "auth.address_over")
		h.in("clerk")

		refused(t, second2(h.ResetPassword(t.Context(), h.actor("stranger"), "clerk")), "db.no_row")
		first, err := h.ResetPassword(t.Context(), admin, "clerk")
		must(t, err)
		latest, err := h.ResetPassword(t.Context(), admin, "clerk")
		must(t, err)
		_, err = h.Redeemable(t.Context(), first)
		refused(t, err, "auth.address_over")
		h.clock.Advance(24 * time.Hour)
		_, err = h.Redeemable(t.Context(), latest)
		refused(t, err, "auth.address_over")

		token := h.in("clerk")
		latest, err = h.ResetPassword(t.Context(), admin, "clerk")
		must(t, err)
		must(t, h.CloseAccount(t.Context(), admin, "clerk"))
		_, err = h.Actor(t.Context(), token)
		refused(t, err, "auth.ended")
		refused(t, second(h.attempt("clerk", password, "10.0.0.7")), "auth.disabled")
		refused(t, second(h.attempt("clerk", "đoán mò", "10.0.0.7")), "auth.wrong") // only the right password learns of it
		_, err = h.Redeemable(t.Context(), latest)
		refused(t, err, "auth.address_over")
		must(t, h.ReopenAccount(t.Context(), admin, "clerk"))
		h.in("clerk")
		lines, err := h.Accounts(t.Context(), admin, "")
		must(t, err)
		if len(lines) != 1 || lines[0].Name != "Nguyễn Thị Hường" || !lines[0].Ready {
			t.Errorf("accounts %+v", lines)
		}
		if _, err := h.Accounts(t.Context(), h.actor("head"), ""); fault.KindOf(err) != fault.Missing {
			t.Errorf("a stranger's list: %v", err)
		}
	})
}

func second2(_ string, err error) error { return err }

func TestMustChange(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		h.account("clerk")
		must(t, h.DemandNewPassword(t.Context(), h.actor("admin"), "clerk"))
		out, err := h.attempt("clerk", password, "10.0.0.7")
		must(t, err)
		if out.Needs != auth.NeedsPassword || out.Token != "" {
			t.Fatalf("outcome %+v", out)
		}
		refused(t, second(h.GiveCode(t.Context(), out.Step, "000000", auth.Browser{})), "auth.step_over") // a step has one use
		refused(t, second(h.GivePassword(t.Context(), out.Step, password, auth.Browser{})), "auth.password_same")
		in, err := h.GivePassword(t.Context(), out.Step, "gió thổi qua sông", auth.Browser{})
		must(t, err)
		_, err = h.Actor(t.Context(), in.Token)
		must(t, err)
		refused(t, second(h.GivePassword(t.Context(), out.Step, "nắng trải khắp đồng", auth.Browser{})), "auth.step_over")
	})
}

func TestRehash(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d).people()
		h.account("clerk")
		stored := func() (s string) {
			must(t, d.Read(t.Context(), func(tx *db.Tx) (err error) {
				s, err = db.One[string](t.Context(), tx, `SELECT password_hash FROM auth_accounts WHERE person_id = 'clerk'`)
				return err
			}))
			return s
		}
		if s := stored(); !strings.HasPrefix(s, "$argon2id$v=19$m=64,t=1,p=1$") {
			t.Fatalf("stored %s", s)
		}
		h2 := newHouse(t, d, func(deps *auth.Deps) { deps.Limits.HashingKiB = 128 })
		h2.in("clerk")
		if s := stored(); !strings.HasPrefix(s, "$argon2id$v=19$m=128,t=1,p=1$") {
			t.Errorf("not renewed: %s", s)
		}
		h2.in("clerk")
	}, schemas...)
}

func TestSetUp(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		form := auth.SetUp{Founding: org.Founding{CouncilName: "Hội đồng nhân dân phường Láng", Level: org.Commune, UnitCode: "00199", Term: "2026–2031", AdminName: "Đỗ Thu Hà"}, Login: "hà", Password: password}
		first, needed, err := h.FirstAddress(t.Context())
		must(t, err)
		if !needed {
			t.Fatal("an empty installation needs setting up")
		}
		secret, _, err := h.FirstAddress(t.Context())
		must(t, err)
		refused(t, h.SetUpOpen(t.Context(), first), "auth.address_over")
		refused(t, second(h.SetUp(t.Context(), first, form, auth.Browser{})), "auth.address_over")
		refused(t, second(h.SetUp(t.Context(), "đoán", form, auth.Browser{})), "auth.address_over")
		for _, key := range []string{"auth.login_form", "auth.password_short", "auth.setup_council", "auth.setup_level", "auth.setup_unit", "auth.setup_name"} {
			refused(t, second(h.SetUp(t.Context(), secret, auth.SetUp{}, auth.Browser{})), key) // all at once
		}
		form.Login = "hà.đỗ"
		var wg sync.WaitGroup
		outs, errs := make([]auth.Outcome, 4), make([]error, 4)
		for i := range outs {
			wg.Go(func() { outs[i], errs[i] = h.SetUp(t.Context(), secret, form, auth.Browser{Address: "10.0.0.1"}) })
		}
		wg.Wait()
		var token string
		for i, err := range errs {
			if err == nil && token != "" {
				t.Error("set up twice")
			} else if err == nil {
				token = outs[i].Token
			}
		}
		who, err := h.Actor(t.Context(), token)
		must(t, err)
		if !who.Has(org.Admin) || who.Level != org.Commune || who.Name != "Đỗ Thu Hà" {
			t.Errorf("administrator %+v", who)
		}
		refused(t, second(h.SetUp(t.Context(), secret, form, auth.Browser{})), "auth.address_over")
		_, needed, err = h.FirstAddress(t.Context())
		must(t, err)
		if needed || h.logged("auth.set_up") != 1 {
			t.Error("set up, and yet not")
		}
	}, schemas...)
}

func TestSetUpAddressExpires(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		h := newHouse(t, d)
		secret, _, err := h.FirstAddress(t.Context())
		must(t, err)
		h.clock.Advance(24 * time.Hour)
		refused(t, h.SetUpOpen(t.Context(), secret), "auth.address_over")
	}, schemas...)
}

func TestDemonstration(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		demo := newHouse(t, d, func(deps *auth.Deps) { deps.Demonstration = true }).people()
		out, err := demo.DemoSignIn(t.Context(), "clerk", auth.Browser{Address: "127.0.0.1"})
		must(t, err)
		p, err := demo.Presence(t.Context(), out.Token)
		must(t, err)
		if p.Actor.PersonID != "clerk" || p.SignIn.Assurance != auth.NoAssurance || p.SignIn.Method != auth.ByDemonstration || demo.Strong(p.SignIn, demo.clock.Now()) {
			t.Errorf("presence %+v", p)
		}
		for _, id := range []string{"", "nobody", "security"} { // the last is no invented person
			refused(t, second(demo.DemoSignIn(t.Context(), id, auth.Browser{})), "auth.demo_nobody")
		}
		people, err := demo.DemoPeople(t.Context())
		must(t, err)
		if len(people) < 5 {
			t.Errorf("people %+v", people)
		}
		refused(t, demo.ChangePassword(t.Context(), p.Actor, "", "gió thổi qua sông"), "auth.no_account")
		must(t, demo.EndAllSignIns(t.Context(), p.Actor, "clerk"))
		if _, needed, err := demo.FirstAddress(t.Context()); needed || err != nil {
			t.Errorf("a demonstration is not set up: %v %v", needed, err)
		}

		real := newHouse(t, d) // the same data, served in earnest
		_, err = real.Actor(t.Context(), out.Token)
		refused(t, err, "auth.not_signed_in")
		refused(t, second(real.DemoSignIn(t.Context(), "clerk", auth.Browser{})), "db.no_row")
		_, err = real.DemoPeople(t.Context())
		refused(t, err, "db.no_row")
	}, schemas...)
}

func TestNewRefuses(t *testing.T) {
	d := testkit.OpenSQLite(t, schemas...)
	h := newHouse(t, d)
	for name, spoil := range map[string]func(*auth.Deps){
		"short key": func(deps *auth.Deps) { deps.Key = []byte("short") },
		"no log":    func(deps *auth.Deps) { deps.Audit = nil },
		"limits":    func(deps *auth.Deps) { deps.Limits = auth.Limits{Idle: time.Hour} },
	} {
		deps := h.Deps
		spoil(&deps)
		if _, err := auth.New(deps); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
}
