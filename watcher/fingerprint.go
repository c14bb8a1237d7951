package watcher

import (
	"io/fs"
	"os"
	"time"
)

// Fingerprint says which bytes a path stood for at one moment. Two equal fingerprints of one path mean the same content:
// ctime is part of it because a writer can set mtime back but not ctime. On systems without inode numbers or ctime the
// fields that are missing are zero, and equality is the weaker for it.
type Fingerprint struct {
	Dev, Ino uint64
	Size     int64
	Modified time.Time // mtime
	Changed  time.Time // ctime
}

// Equal compares instants, not the way they are written down.
func (f Fingerprint) Equal(g Fingerprint) bool {
	return f.Dev == g.Dev && f.Ino == g.Ino && f.Size == g.Size &&
		f.Modified.Equal(g.Modified) && f.Changed.Equal(g.Changed)
}

// IsZero reports whether f was never taken.
func (f Fingerprint) IsZero() bool { return f.Equal(Fingerprint{}) }

// sameFile reports whether f and g were very likely the same file under two names: an inode number alone is given out
// again within seconds, so size and mtime have to agree too. ctime cannot be asked for: renaming changes it.
func (f Fingerprint) sameFile(g Fingerprint) bool {
	return f.Ino != 0 && f.Dev == g.Dev && f.Ino == g.Ino && f.Size == g.Size && f.Modified.Equal(g.Modified)
}

// id is the identity of a directory.
type id struct{ dev, ino uint64 }

func (f Fingerprint) id() id { return id{f.Dev, f.Ino} }

// fingerprintOf reads the fingerprint out of what stat, lstat or fstat said.
func fingerprintOf(fi fs.FileInfo) Fingerprint {
	f := Fingerprint{Size: fi.Size(), Modified: fi.ModTime()}
	f.Dev, f.Ino, f.Changed = system(fi)
	return f
}

// fstat is the fingerprint of an open file.
func fstat(f *os.File) (Fingerprint, error) {
	fi, err := f.Stat()
	if err != nil {
		return Fingerprint{}, err
	}
	return fingerprintOf(fi), nil
}
