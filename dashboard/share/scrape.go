package share

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
)

// ScrapeToken lets a program read how the server does and nothing else, so that a monitoring system need not be given
// the owner's token. It is derived from that one: nothing more is stored, and rotating the owner's token ends it too.
func (s *Store) ScrapeToken() string {
	mac := hmac.New(sha256.New, []byte(s.OwnerToken()))
	mac.Write([]byte("dashira scrape"))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// IsScraper reports whether token is the one that ScrapeToken gives, in constant time.
func (s *Store) IsScraper(token string) bool { return same(token, s.ScrapeToken()) }
