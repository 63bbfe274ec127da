// Package e2e drives the whole product from outside: a real browser on the real
// router, and the real program under kill.
package e2e_test

import (
	"os"
	"regexp"
	"testing"
)

func TestMain(m *testing.M) {
	code := m.Run()
	if program.stop != nil {
		program.stop()
	}
	os.Exit(code)
}

// receipt is the address of a receipt page.
var receipt = regexp.MustCompile(`/kien-nghi/bien-nhan/([A-Z0-9-]+)\?key=`)

// hexHash is a SHA-256 as a page shows it.
var hexHash = regexp.MustCompile(`\b[0-9a-f]{64}\b`)
