package ingest

import (
	"encoding/binary"
	"unicode/utf8"
)

// InvalidUTF8 returns the offset of the first byte that is no UTF-8, -1 when there is none.
//
// Text of Western languages is ASCII with a letter of two or three bytes now and then, of which nobody can guess the
// next place: branches there cost more than the check. So 32 bytes are looked at together, and their letters, if there
// are any, without a branch: where the bytes that begin letters say that others must follow, and only there, those that
// follow must stand. Blocks with letters that need a closer look are decoded one by one.
func InvalidUTF8(b []byte) int {
	const highs = 0x8080808080808080
	i, open := 0, uint64(0) // open: which bytes of the next eight must go on with a letter
	for i+32 <= len(b) {
		block := b[i : i+32 : i+32]
		x := [4]uint64{binary.LittleEndian.Uint64(block), binary.LittleEndian.Uint64(block[8:]), binary.LittleEndian.Uint64(block[16:]), binary.LittleEndian.Uint64(block[24:])}
		if (x[0]|x[1]|x[2]|x[3])&highs|open == 0 {
			i += 32
			continue
		}
		before, wrong, three := open, uint64(0), uint64(0)
		for _, x := range x {
			second := x << 1
			lead := x & second & highs // 11xxxxxx
			third := x << 2
			lead3 := lead & third // 111xxxxx
			must := lead<<8 | lead3<<16 | open
			open = lead>>56 | lead3>>48
			// C0 and C1 begin letters that must be written shorter.
			wrong |= must ^ x&^second&highs | lead&^(third|x<<3|x<<4|x<<5|x<<6)
			three |= lead3
		}
		if three != 0 {
			// Letters of four bytes, and those whose second byte may not be just any: E0 and ED begin them.
			for _, x := range x {
				wrong |= x&(x<<1)&(x<<2)&(x<<3)&highs | byteIs(x, 0xE0) | byteIs(x, 0xED)
			}
		}
		if wrong == 0 {
			i += 32
			continue
		}
		until := i + 32
		for i = letterAt(b, i, before); i < until; {
			r, size := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && size == 1 {
				return i
			}
			i += size
		}
		open = 0
	}
	for i = letterAt(b, i, open); i < len(b); {
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// letterAt returns where the letter begins that goes on at i, if one does.
func letterAt(b []byte, i int, open uint64) int {
	if open == 0 {
		return i
	}
	for i--; b[i]&0xC0 == 0x80; i-- {
	}
	return i
}

// byteIs marks the bytes of x that are c with their highest bit.
func byteIs(x uint64, c byte) uint64 {
	y := x ^ uint64(c)*0x0101010101010101
	const lows = 0x7F7F7F7F7F7F7F7F
	return ^(y&lows + lows | y | lows)
}
