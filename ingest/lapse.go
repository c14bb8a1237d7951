package ingest

// parseISODuration reads PT5M, P1DT2H30M, PT1.5S, P2W in microseconds. Years and months have no fixed length and are
// refused.
func parseISODuration(b []byte) (int64, bool) {
	negative := false
	if len(b) > 0 && b[0] == '-' {
		negative, b = true, b[1:]
	}
	if len(b) < 3 || b[0] != 'P' {
		return 0, false
	}
	b = b[1:]
	var total float64
	timed, parts := false, 0
	for len(b) > 0 {
		if b[0] == 'T' && !timed {
			timed, b = true, b[1:]
			continue
		}
		var n number
		rest, ok := n.core(b, '.')
		if !ok || len(rest) == 0 || n.grouped || n.exponent {
			return 0, false
		}
		f, _ := n.float(0)
		switch c := rest[0]; {
		case !timed && c == 'W':
			f *= 7 * 86_400
		case !timed && c == 'D':
			f *= 86_400
		case timed && c == 'H':
			f *= 3600
		case timed && c == 'M':
			f *= 60
		case timed && c == 'S':
		default:
			return 0, false
		}
		total += f
		parts++
		b = rest[1:]
	}
	if parts == 0 || total > 9e12 {
		return 0, false
	}
	if negative {
		total = -total
	}
	return int64(total*1e6 + 0.5), true
}
