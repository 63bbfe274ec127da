package auth

import (
	_ "embed" // limits.toml
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Limits are the numbers of this package: how long a sign-in lasts, how many
// wrong guesses are taken. See limits.toml.
type Limits struct {
	Idle      time.Duration `toml:"idle"`
	Absolute  time.Duration `toml:"absolute"`
	SeenEvery time.Duration `toml:"seen_every"`
	Step      time.Duration `toml:"step"`
	Address   time.Duration `toml:"address"`
	Strong    time.Duration `toml:"strong"`

	FailuresAccount int           `toml:"failures_account"`
	FailuresAddress int           `toml:"failures_address"`
	FailuresWindow  time.Duration `toml:"failures_window"`
	Lock            time.Duration `toml:"lock"`

	PasswordMin     int `toml:"password_min"`
	PasswordMax     int `toml:"password_max"`
	HashingRounds   int `toml:"hashing_rounds"`
	HashingKiB      int `toml:"hashing_kib"`
	HashingParallel int `toml:"hashing_parallel"`
	HashingWaiting  int `toml:"hashing_waiting"`

	SignInsKept time.Duration `toml:"sign_ins_kept"`
}

//go:embed limits.toml
var limitsText string

// DefaultLimits are those of limits.toml.
func DefaultLimits() (Limits, error) {
	var l Limits
	md, err := toml.Decode(limitsText, &l)
	if err != nil {
		return Limits{}, fmt.Errorf("auth: limits.toml: %w", err)
	}
	if left := md.Undecoded(); len(left) > 0 {
		return Limits{}, fmt.Errorf("auth: limits.toml: unknown %v", left)
	}
	return l, l.check()
}

func (l Limits) check() error {
	var wrong []string
	for name, d := range map[string]time.Duration{"idle": l.Idle, "absolute": l.Absolute, "seen_every": l.SeenEvery, "step": l.Step,
		"address": l.Address, "strong": l.Strong, "failures_window": l.FailuresWindow, "lock": l.Lock, "sign_ins_kept": l.SignInsKept} {
		if d <= 0 {
			wrong = append(wrong, name)
		}
	}
	for name, n := range map[string]int{"failures_account": l.FailuresAccount, "failures_address": l.FailuresAddress,
		"password_min": l.PasswordMin, "hashing_rounds": l.HashingRounds, "hashing_kib": l.HashingKiB,
		"hashing_parallel": l.HashingParallel, "hashing_waiting": l.HashingWaiting} {
		if n <= 0 {
			wrong = append(wrong, name)
		}
	}
	if l.PasswordMax < l.PasswordMin {
		wrong = append(wrong, "password_max")
	}
	if l.SeenEvery >= l.Idle {
		wrong = append(wrong, "seen_every is not below idle")
	}
	if len(wrong) > 0 {
		return errors.New("auth: limits: " + strings.Join(wrong, ", "))
	}
	return nil
}
