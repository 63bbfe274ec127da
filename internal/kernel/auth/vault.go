package auth

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"

	"golang.org/x/crypto/chacha20poly1305"
)

// keySize is the length of the installation's key in bytes.
const keySize = 32

// vault keeps what must be readable to us and to nobody who only has the
// database: the secrets of authenticator apps. It also makes the keyed digests
// of recovery codes and of logins that failed, which are short enough to be
// guessed from a plain hash.
type vault struct {
	box    cipher.AEAD
	digest []byte
}

func newVault(key []byte) (*vault, error) {
	if len(key) != keySize {
		return nil, fmt.Errorf("auth: the installation's key has %d bytes instead of %d", len(key), keySize)
	}
	seal, err := hkdf.Key(sha256.New, key, nil, "hdnd auth seal 1", chacha20poly1305.KeySize)
	if err != nil {
		return nil, err
	}
	digest, err := hkdf.Key(sha256.New, key, nil, "hdnd auth digest 1", sha256.Size)
	if err != nil {
		return nil, err
	}
	box, err := chacha20poly1305.NewX(seal)
	if err != nil {
		return nil, err
	}
	return &vault{box: box, digest: digest}, nil
}

// seal hides plain; it opens only with the same purpose and person.
func (v *vault) seal(purpose, personID string, plain []byte) string {
	nonce := make([]byte, v.box.NonceSize(), v.box.NonceSize()+len(plain)+v.box.Overhead())
	rand.Read(nonce)
	return base64.RawURLEncoding.EncodeToString(v.box.Seal(nonce, nonce, plain, []byte(purpose+"\x00"+personID)))
}

func (v *vault) open(purpose, personID, sealed string) ([]byte, bool) {
	b, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil || len(b) < v.box.NonceSize() {
		return nil, false
	}
	plain, err := v.box.Open(nil, b[:v.box.NonceSize()], b[v.box.NonceSize():], []byte(purpose+"\x00"+personID))
	return plain, err == nil
}

// sum is the keyed digest of value.
func (v *vault) sum(purpose, value string) string {
	mac := hmac.New(sha256.New, v.digest)
	mac.Write([]byte(purpose + "\x00" + value))
	return hex.EncodeToString(mac.Sum(nil))
}
