package share

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// A file is the bbolt database of one directory. It is open only for the length
// of an operation, so that a running server and a command, or two servers, can
// share it: bbolt locks it while it is open.
type file struct{ path string }

// record is a grant as it is stored.
type record struct {
	Grant
	Token     hash      // of the token
	Pass      string    // PHC string, empty for none
	RevokedAt time.Time // zero unless revoked
}

// session is a viewer's cookie as it is stored, under its hash.
type session struct {
	Grant   string
	Created time.Time
}

// contents is all that a file holds.
type contents struct {
	grants   map[string]record
	sessions map[hash]session
	stamp    fs.FileInfo // of the file, taken while it was locked; nil if it is missing
}

func noContents() contents {
	return contents{grants: map[string]record{}, sessions: map[hash]session{}}
}

var (
	grantBucket   = []byte("grants")
	sessionBucket = []byte("sessions")
)

// lockWait is how long another process may hold the file. Nobody holds it for
// longer than a transaction unless something is wrong.
const lockWait = 2 * time.Second

// maxRecords stops the reading of a file whose damage made a circle of it.
const maxRecords = 1_000_000

// errDamaged says that a file is no database, or one with a hole in it.
var errDamaged = errors.New("file is damaged")

// read returns the contents. A file that does not exist is empty.
func (f file) read() (c contents, err error) {
	err = f.open(true, func(db *bbolt.DB) error {
		return db.View(func(tx *bbolt.Tx) error {
			c, err = load(tx)
			return err
		})
	})
	if errors.Is(err, fs.ErrNotExist) {
		return noContents(), nil
	}
	return c, err
}

// update changes the contents in one transaction: either all of it is on disk
// when update returns, or nothing is. It returns what the file then holds.
func (f file) update(change func(*contents) error) (c contents, err error) {
	if err := f.create(); err != nil {
		return c, err
	}
	err = f.open(false, func(db *bbolt.DB) error {
		err := db.Update(func(tx *bbolt.Tx) error {
			if c, err = load(tx); err != nil {
				return err
			}
			if err := change(&c); err != nil {
				return err
			}
			return store(tx, c)
		})
		if err != nil {
			return err
		}
		c.stamp, err = os.Stat(f.path)
		return err
	})
	return c, err
}

// open opens the database, calls do and closes it. bbolt maps the file into
// memory and trusts it: with a hole in the file, looking at it faults. Faults and
// panics become errDamaged.
func (f file) open(readOnly bool, do func(*bbolt.DB) error) (err error) {
	if info, err := os.Stat(f.path); err != nil {
		return err
	} else if info.Size() == 0 { // bbolt would take it for a new one
		return fmt.Errorf("%w: it is empty", errDamaged)
	}
	var opened *os.File
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if p := recover(); p != nil {
			// The database cannot be closed in that state, but its lock must go.
			// What stays behind is one mapping, once per damaged file.
			_ = opened.Close()
			err = fmt.Errorf("%w: %v", errDamaged, p)
		}
	}()
	db, err := bbolt.Open(f.path, 0o600, &bbolt.Options{
		Timeout: lockWait, ReadOnly: readOnly, NoStatistics: true,
		OpenFile: func(name string, flag int, perm os.FileMode) (*os.File, error) {
			// Without O_CREATE: an empty file here would be one that another
			// process has just set aside.
			o, err := os.OpenFile(name, flag&^os.O_CREATE, perm)
			opened = o
			return o, err
		},
	})
	switch {
	case errors.Is(err, berrors.ErrTimeout):
		return fmt.Errorf("%w (%s)", ErrBusy, f.path)
	case errors.Is(err, berrors.ErrInvalid), errors.Is(err, berrors.ErrChecksum), errors.Is(err, berrors.ErrVersionMismatch):
		return fmt.Errorf("%w: %w", errDamaged, err)
	case err != nil:
		var path *fs.PathError
		if errors.As(err, &path) {
			return err
		}
		if _, e := os.ReadFile(f.path); e != nil {
			return err // the disk's fault, not the file's
		}
		return fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err := do(db); err != nil {
		_ = db.Close()
		return err
	}
	return db.Close()
}

// create makes an empty database if there is no file. It is made whole under
// another name and then linked into place, which fails if another process was
// faster: either is fine.
func (f file) create() error {
	if _, err := os.Stat(f.path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	dir := filepath.Dir(f.path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp(dir, ".new-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	name := filepath.Join(tmp, "shares.db")
	db, err := bbolt.Open(name, 0o600, &bbolt.Options{Timeout: lockWait})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for _, b := range [][]byte{grantBucket, sessionBucket} {
			if _, err := tx.CreateBucketIfNotExists(b); err != nil {
				return err
			}
		}
		return nil
	})
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return place(name, f.path)
}

// place gives a finished file its name unless the name is taken.
func place(tmp, path string) error {
	if err := os.Link(tmp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		// A file system without links.
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		if err := os.Rename(tmp, path); err != nil {
			return err
		}
	}
	syncDir(filepath.Dir(path))
	return nil
}

// syncDir makes a new name last through a power cut, where the system can.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
}

// setAside renames the damaged file and returns its new name. It looks once more
// before it does: another process may have done it, and made a new file, since.
func (f file) setAside(now time.Time) (string, error) {
	if _, err := f.read(); !errors.Is(err, errDamaged) {
		return "gone", nil
	}
	to := f.path + ".damaged-" + now.UTC().Format("20060102T150405.000")
	return to, os.Rename(f.path, to)
}

// load reads everything and trusts nothing.
func load(tx *bbolt.Tx) (contents, error) {
	c := noContents()
	var err error
	if c.stamp, err = os.Stat(tx.DB().Path()); err != nil {
		return c, err
	}
	if c.stamp.Size() < tx.Size() {
		return c, fmt.Errorf("%w: %d bytes of %d", errDamaged, c.stamp.Size(), tx.Size())
	}
	records := 0
	each := func(bucket []byte, take func(k, v []byte) error) error {
		b := tx.Bucket(bucket)
		if b == nil {
			return fmt.Errorf("%w: no %s", errDamaged, bucket)
		}
		return b.ForEach(func(k, v []byte) error {
			if records++; records > maxRecords {
				return fmt.Errorf("%w: too many records", errDamaged)
			}
			body, ok := unseal(v)
			if !ok {
				return fmt.Errorf("%w: a record of %s does not match its checksum", errDamaged, bucket)
			}
			if err := take(k, body); err != nil {
				return fmt.Errorf("%w: a record of %s: %w", errDamaged, bucket, err)
			}
			return nil
		})
	}
	err = each(grantBucket, func(k, v []byte) error {
		var r record
		if err := json.Unmarshal(v, &r); err != nil {
			return err
		}
		if r.ID != string(k) {
			return errors.New("it stands under another's id")
		}
		c.grants[r.ID] = r
		return nil
	})
	if err != nil {
		return c, err
	}
	return c, each(sessionBucket, func(k, v []byte) error {
		var s session
		if len(k) != len(hash{}) {
			return errors.New("its key is no hash")
		}
		if err := json.Unmarshal(v, &s); err != nil {
			return err
		}
		c.sessions[hash(k)] = s
		return nil
	})
}

// store makes the file hold c. Records that are as they were are not written.
func store(tx *bbolt.Tx, c contents) error {
	grants := make(map[string][]byte, len(c.grants))
	for id, r := range c.grants {
		v, err := json.Marshal(r)
		if err != nil {
			return err
		}
		grants[id] = seal(v)
	}
	sessions := make(map[string][]byte, len(c.sessions))
	for h, s := range c.sessions {
		v, err := json.Marshal(s)
		if err != nil {
			return err
		}
		sessions[string(h[:])] = seal(v)
	}
	return errors.Join(replace(tx.Bucket(grantBucket), grants), replace(tx.Bucket(sessionBucket), sessions))
}

// replace makes a bucket hold what want says.
func replace(b *bbolt.Bucket, want map[string][]byte) error {
	var gone [][]byte // a bucket must not change under its iteration
	err := b.ForEach(func(k, v []byte) error {
		if w, ok := want[string(k)]; !ok {
			gone = append(gone, bytes.Clone(k))
		} else if bytes.Equal(v, w) {
			delete(want, string(k))
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, k := range gone {
		if err := b.Delete(k); err != nil {
			return err
		}
	}
	for k, v := range want {
		if err := b.Put([]byte(k), v); err != nil {
			return err
		}
	}
	return nil
}

// seal puts a checksum before a record: bbolt has one for its roots only.
func seal(body []byte) []byte {
	return append(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE(body)), body...)
}

func unseal(v []byte) ([]byte, bool) {
	if len(v) < 4 || crc32.ChecksumIEEE(v[4:]) != binary.BigEndian.Uint32(v) {
		return nil, false
	}
	return v[4:], true
}
