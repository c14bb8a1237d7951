package share

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
)

// hash is how a secret is kept and looked up.
type hash = [sha256.Size]byte

// newSecret returns 256 random bits as 43 letters of base64url.
func newSecret() string {
	var b [32]byte
	rand.Read(b[:]) // never fails: the runtime ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// digest hashes the spelling of a secret. Nothing is decoded, so that no second
// spelling of the same bytes is accepted.
func digest(secret string) hash { return sha256.Sum256([]byte(secret)) }

// same compares two secrets in a time that does not depend on where they differ.
func same(a, b string) bool {
	x, y := digest(a), digest(b)
	return subtle.ConstantTimeCompare(x[:], y[:]) == 1
}

// newID returns 8 random letters of [0-9a-z], about 41 bits.
func newID() string {
	const letters = "0123456789abcdefghijklmnopqrstuvwxyz"
	var b [8]byte
	rand.Read(b[:])
	n := binary.BigEndian.Uint64(b[:])
	for i := range b {
		b[i] = letters[n%36]
		n /= 36
	}
	return string(b[:])
}

// The parameters of argon2id that OWASP gives as its minimum: 19 MiB, two
// passes. The memory is what an attacker's hardware pays for; two computations at
// most run at once, so that guessing does not take the server's memory.
const (
	passTime, passMemory, passThreads = 2, 19 << 10, 1
	passSalt, passKey                 = 16, 32
)

// hashPassword returns the salted hash in the PHC string form.
func hashPassword(password string) string {
	salt := make([]byte, passSalt)
	rand.Read(salt)
	key := argon2.IDKey([]byte(password), salt, passTime, passMemory, passThreads, passKey)
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, passMemory, passTime, passThreads,
		b64.EncodeToString(salt), b64.EncodeToString(key))
}

// checkPassword reports whether password matches a string of hashPassword, whose
// parameters may be those of an earlier version within sane bounds.
func checkPassword(phc, password string) bool {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return false
	}
	var memory, time uint32
	var threads uint8
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &time, &threads); err != nil || n != 3 {
		return false
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false
	}
	key, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) < 16 || len(key) > 64 || memory > 1<<18 || time < 1 || time > 16 || threads < 1 {
		return false
	}
	got := argon2.IDKey([]byte(password), salt, time, memory, threads, uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1
}
