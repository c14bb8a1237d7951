package share

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// OwnerToken proves to a running server that a command comes from the user who
// runs it: 256 random bits in a file that only this user can read, made when the
// store is first opened. If it cannot be stored it lives as long as the process.
func (s *Store) OwnerToken() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.owner
}

// IsOwner reports whether token is the owner's, in constant time.
func (s *Store) IsOwner(token string) bool { return same(token, s.OwnerToken()) }

// RotateOwner replaces the owner's token, for this process and in the file, and
// ends the owner's sessions and launch links.
func (s *Store) RotateOwner() error {
	token := newSecret()
	s.mu.Lock()
	s.owner, s.launch = token, launches{}
	s.mu.Unlock()
	if err := writeSecret(filepath.Join(s.dir, ownerName), token, true); err != nil {
		return fmt.Errorf("store the owner's token: %w", storageError(err))
	}
	return nil
}

func (s *Store) openOwner() {
	path := filepath.Join(s.dir, ownerName)
	token, err := readSecret(path)
	if err != nil {
		replace := !os.IsNotExist(err) // what is there is no token
		token = newSecret()
		if err = writeSecret(path, token, replace); err == nil {
			token, err = readSecret(path) // another process may have been faster
		}
		if err != nil {
			token = newSecret()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.owner = token
	if err != nil && s.problem == nil {
		s.problem = fmt.Errorf("store the owner's token: %w", storageError(err))
	}
}

// readSecret reads a token and takes away what others may do with its file.
func readSecret(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	token := strings.TrimSpace(string(b))
	if len(token) != 43 {
		return "", fmt.Errorf("%s holds no token", path)
	}
	if info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(path, 0o600) // on Windows the mode means nothing
	}
	return token, nil
}

// writeSecret writes a token whole or not at all.
func writeSecret(path, token string, replace bool) error {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }()
	_, err = f.WriteString(token + "\n")
	if err == nil {
		err = f.Sync()
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err != nil {
		return err
	}
	if !replace {
		return place(f.Name(), path)
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	syncDir(dir)
	return nil
}
