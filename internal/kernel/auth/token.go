package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
)

// tokenBytes is the chance in a token; nobody guesses 256 bits, so the
// database needs no slow hash of it.
const tokenBytes = 32

var tokenCode = base64.RawURLEncoding.Strict()

// newToken is a fresh secret for a cookie or a one-time address, and the hash
// under which the database knows it: who reads the database cannot sign in.
func newToken() (token, hash string) {
	var b [tokenBytes]byte
	rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	token = tokenCode.EncodeToString(b[:])
	return token, hashOf(b[:])
}

// tokenHash reads a token; anything else than one of ours is turned away
// without asking the database.
func tokenHash(token string) (hash string, ok bool) {
	if len(token) != tokenCode.EncodedLen(tokenBytes) {
		return "", false
	}
	b, err := tokenCode.DecodeString(token)
	if err != nil || len(b) != tokenBytes || tokenCode.EncodeToString(b) != token {
		return "", false
	}
	return hashOf(b), true
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
