package watcher

import "golang.org/x/sys/unix"

// kindOf names the file system of a directory, by the magic numbers of statfs(2). Those below announce only what is
// changed through this very mount.
func kindOf(dir string) fsKind {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil {
		return fsKind{}
	}
	switch uint32(s.Type) {
	case 0x6969:
		return fsKind{name: "NFS", poll: true, blind: true, deaf: true}
	case 0xFF534D42, 0xFE534D42, 0x517B:
		return fsKind{name: "a Windows share", poll: true, blind: true, deaf: true}
	case 0x01021997:
		return fsKind{name: "a 9p mount (a Windows drive under WSL)", poll: true, blind: true, deaf: true}
	case 0x786f4256:
		return fsKind{name: "a VirtualBox shared folder", poll: true, blind: true, deaf: true}
	case 0x00c36400:
		return fsKind{name: "Ceph", poll: true, blind: true, deaf: true}
	case 0x65735546:
		return fsKind{name: "a FUSE mount", poll: true, blind: true}
	case 0x794c7630:
		return fsKind{name: "an overlay mount", poll: true}
	}
	return fsKind{}
}
