package ingest

import (
	"encoding/json"
	"math"
	"slices"
	"strconv"

	"github.com/dashira/dashira/table"
)

// misfit is a value that its column could not take; the cell is empty and the text is kept here.
type misfit struct {
	line  int32 // counted from the run's first
	value string
}

// misfits are the values of one run that did not fit.
type misfits struct {
	n      int
	first  []misfit // at most keptMisfits
	tokens map[string]int

	rounded rounding // numbers that did fit, but for their last digits
}

const (
	keptMisfits = 128
	keptTokens  = 256
)

func (m *misfits) add(line int, b []byte) {
	m.n++
	if len(m.first) < keptMisfits {
		m.first = append(m.first, misfit{line: int32(line), value: string(b)})
	}
	if m.tokens == nil {
		m.tokens = map[string]int{}
	}
	if _, ok := m.tokens[string(b)]; ok || len(m.tokens) < keptTokens {
		m.tokens[string(b)]++
	}
}

// bitmap marks the cells that are there; it stays nil while all are.
type bitmap struct {
	bits []byte
	n    int
}

func (v *bitmap) clear(row int) {
	if v.bits == nil {
		v.bits = make([]byte, (v.n+7)/8)
		for i := range v.bits {
			v.bits[i] = 0xFF
		}
		if rest := v.n % 8; rest > 0 {
			v.bits[len(v.bits)-1] = 1<<rest - 1
		}
	}
	v.bits[row/8] &^= 1 << (row % 8)
}

// builder reads the cells of runs into columns. It belongs to one goroutine.
type builder struct {
	words map[*table.Dict]*wordCache
	day   dayMemo
}

func newBuilder() *builder { return &builder{words: map[*table.Dict]*wordCache{}} }

// column reads one column of a grid.
func (b *builder) column(g *Grid, cells []Ref, d *decision, dict *table.Dict) (*table.Column, misfits) {
	var bad misfits
	if d.asked {
		cells = opened(cells)
	}
	valid := bitmap{n: len(cells)}
	switch d.read {
	case readNothing:
		for r, c := range cells {
			if c.Kind() != Absent && c.Kind() != Fault && !c.Empty() {
				bad.add(g.Line(r), c.In(g.Text))
			}
		}
		return table.NewNullColumn(d.typ, len(cells)), bad
	case readList:
		cells = lists(g, cells, &bad)
		return b.text(g, cells, d, dict), bad
	case readText:
		return b.text(g, cells, d, dict), bad
	case readTruth:
		bits := make([]byte, (len(cells)+7)/8)
		for r, c := range cells {
			text := c.In(g.Text)
			switch {
			case c.Kind() == Truth:
				if len(text) == 4 {
					bits[r/8] |= 1 << (r % 8)
				}
				continue
			case d.asked && len(text) == 1 && (text[0] == '0' || text[0] == '1'):
				bits[r/8] |= (text[0] - '0') << (r % 8)
				continue
			case c.Kind() == Raw:
				if t, ok := parseBool(text); ok && t.pairs&d.pairs != 0 {
					if t.value {
						bits[r/8] |= 1 << (r % 8)
					}
					continue
				}
			}
			valid.clear(r)
			refuse(&bad, g, r, c, text)
		}
		return table.NewBoolColumn(bits, len(cells), valid.bits), bad
	case readNumber:
		if d.typ == table.Float {
			return table.NewFloatColumn(floats(g, cells, d, &valid, &bad), valid.bits), bad
		}
		return table.NewIntColumn(table.Int, ints(g, cells, d, &valid, &bad), valid.bits), bad
	case readMoment:
		if d.typ == table.Date {
			days := make([]int32, len(cells))
			for r, c := range cells {
				text := c.In(g.Text)
				if len(text) == 10 && d.style.order == yearFirst {
					if day, ok := b.day.iso(text, d.style.sep); ok {
						days[r] = int32(day)
						continue
					}
				}
				if c.Kind() == Raw || c.Kind() == Moment || c.Kind() == Text || c.Kind() == Number && d.format != "" {
					if micros, ok := momentOf(text, d); ok {
						days[r] = int32(micros / dayMicros)
						if micros < 0 {
							days[r] = int32((micros - dayMicros + 1) / dayMicros)
						}
						continue
					}
				}
				valid.clear(r)
				refuse(&bad, g, r, c, text)
			}
			return table.NewDateColumn(days, valid.bits), bad
		}
	}
	values := make([]int64, len(cells))
	for r, c := range cells {
		text := c.In(g.Text)
		if d.read == readMoment && d.style.order == yearFirst && len(text) >= 19 {
			if micros, ok := b.day.isoTime(text, d); ok {
				values[r] = micros
				continue
			}
		}
		if v, ok := temporal(c.Kind(), text, d); ok {
			values[r] = v
			continue
		}
		valid.clear(r)
		refuse(&bad, g, r, c, text)
	}
	return table.NewIntColumn(d.typ, values, valid.bits), bad
}

// opened returns the cells with the type of texts open: whoever asks for another one knows better than the file.
func opened(cells []Ref) []Ref {
	if !slices.ContainsFunc(cells, func(c Ref) bool { return c.Kind() == Text }) {
		return cells
	}
	out := slices.Clone(cells)
	for i, c := range out {
		if c.Kind() == Text {
			out[i] = At(Raw, int(c.off), int(c.len&MaxCell))
		}
	}
	return out
}

// lists returns the cells of a column of JSON; what is none is refused, as it would be written to where JSON must stand.
func lists(g *Grid, cells []Ref, bad *misfits) []Ref {
	owned := false
	for r, c := range cells {
		if c.Kind() != Raw && c.Kind() != Text || c.Empty() || json.Valid(c.In(g.Text)) {
			continue
		}
		if !owned {
			cells, owned = slices.Clone(cells), true
		}
		if text := c.In(g.Text); !isNullSpelling(text) {
			bad.add(g.Line(r), text)
		}
		cells[r] = Ref{}
	}
	return cells
}

// refuse records a cell without a value: nothing for empty cells and null spellings, a misfit for the others.
func refuse(bad *misfits, g *Grid, row int, c Ref, text []byte) {
	switch c.Kind() {
	case Absent, Fault:
		return
	case Raw, Text:
		if isNullSpelling(text) {
			return
		}
	}
	bad.add(g.Line(row), text)
}

func temporal(kind Kind, text []byte, d *decision) (int64, bool) {
	if len(text) == 0 {
		return 0, false
	}
	switch d.read {
	case readEpoch:
		if kind == Raw || kind == Number {
			if n, ok := parseNumber(text, '.'); ok && n.isInt() && n.unit == "" {
				v, ok := n.int()
				scale := int64(1000)
				if d.scale == 6 {
					scale = 1_000_000
				}
				if ok && v < math.MaxInt64/scale && v > math.MinInt64/scale {
					return v * scale, true
				}
			}
		}
	case readMoment:
		if kind == Raw || kind == Moment || kind == Text {
			return momentOf(text, d)
		}
	case readClock:
		if kind == Raw || kind == Clock {
			micros, rest, ok := clockTime(text)
			return micros, ok && len(trimSpace(rest)) == 0 && micros < dayMicros
		}
	case readLapse:
		switch kind {
		case Raw:
			if micros, rest, ok := clockTime(text); ok {
				return micros, len(trimSpace(rest)) == 0
			}
			if micros, ok := parseISODuration(text); ok {
				return micros, true
			}
			fallthrough
		case Lapse, Number:
			if n, ok := parseNumber(text, '.'); ok && (kind == Lapse || d.decimal != 0) {
				f, ok := n.float(6)
				return int64(math.Round(f)), ok && math.Abs(f) < 9e18
			}
		}
	}
	return 0, false
}

// momentOf reads a date or timestamp of the column's format in microseconds.
func momentOf(text []byte, d *decision) (int64, bool) {
	if d.format != "" {
		return strftime(text, d.format)
	}
	m, ok := parseMoment(text)
	if !ok {
		return 0, false
	}
	want := d.style
	if want.order == dayFirst || want.order == monthFirst {
		want.order = partsFirst
	}
	if want.order == yearFirst && want.short {
		m.yearBefore()
	}
	if m.style != want || m.timed && m.zoned != d.instant || m.timed && d.typ == table.Date && !d.asked {
		return 0, false
	}
	days, ok := m.days(d.style.order)
	return days*dayMicros + m.micros, ok
}

func floats(g *Grid, cells []Ref, d *decision, valid *bitmap, bad *misfits) []float64 {
	values := make([]float64, len(cells))
	text := g.Text
	point := d.decimal == '.' && d.shift == 0
	for r, c := range cells {
		b := c.In(text)
		if point {
			if f, ok := plainFloat(b); ok && (c.Kind() == Raw || c.Kind() == Number) {
				values[r] = f
				continue
			}
		}
		if f, n, ok := floatOf(c.Kind(), b, d); ok {
			values[r] = f
			if n.suspect() {
				decimal := d.decimal
				if c.Kind() == Number {
					decimal = '.'
				}
				if f, _ := n.float(0); n.rounds(b, decimal, f) {
					bad.rounded.add(g.Line(r), b, n.isInt())
				}
			}
			continue
		}
		valid.clear(r)
		refuse(bad, g, r, c, b)
	}
	return values
}

// plainFloat reads digits with at most one point that a float64 holds exactly before it is divided.
func plainFloat(b []byte) (float64, bool) {
	i, neg := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, neg = 1, true
	}
	if len(b)-i > 16 {
		return 0, false
	}
	start := i
	var m uint64
	for i < len(b) && b[i]-'0' <= 9 {
		m = m*10 + uint64(b[i]-'0')
		i++
	}
	if i == start {
		return 0, false
	}
	if b[start] == '0' && i-start > 1 {
		return 0, false
	}
	scale := 0
	if i < len(b) && b[i] == '.' {
		i++
		first := i
		for i < len(b) && b[i]-'0' <= 9 {
			m = m*10 + uint64(b[i]-'0')
			i++
		}
		if scale = i - first; scale == 0 {
			return 0, false
		}
	}
	if i < len(b) || m >= 1<<53 {
		return 0, false
	}
	f := float64(m) / pow10[scale]
	if neg {
		f = -f
	}
	return f, true
}

func floatOf(kind Kind, b []byte, d *decision) (f float64, n number, ok bool) {
	if len(b) == 0 || kind != Raw && kind != Number && kind != Text {
		return 0, n, false
	}
	decimal, shift := d.decimal, d.shift
	if kind == Number {
		decimal = '.'
	}
	n, ok = parseNumber(b, decimal)
	if !ok || n.unit != "" && n.unit != d.unit || kind == Text || n.leading && n.unit == "" && !d.asked {
		return 0, n, false
	}
	if n.digits > mantissaDigits && !n.exponent {
		// More digits than the mantissa has decide only between two neighbours, but the nearest is wanted.
		text := append(digitsOf(b, decimal), 'e')
		f, err := strconv.ParseFloat(string(strconv.AppendInt(text, int64(shift), 10)), 64)
		if n.negative {
			f = -f
		}
		return f, n, err == nil
	}
	f, ok = n.float(int(shift))
	return f, n, ok
}

func ints(g *Grid, cells []Ref, d *decision, valid *bitmap, bad *misfits) []int64 {
	values := make([]int64, len(cells))
	text := g.Text
	for r, c := range cells {
		b := c.In(text)
		if v, ok := plainInt(b); ok && c.Kind() <= Raw || ok && c.Kind() == Number {
			values[r] = v
			continue
		}
		if len(b) > 0 && (c.Kind() == Raw || c.Kind() == Number) {
			if n, ok := parseNumber(b, d.decimal); ok && n.isInt() && (n.unit == "" || n.unit == d.unit) && (!n.leading || n.unit != "" || d.asked) {
				if v, ok := n.int(); ok {
					values[r] = v
					continue
				}
			}
		}
		valid.clear(r)
		refuse(bad, g, r, c, b)
	}
	return values
}

// plainInt reads up to 18 digits with an optional minus and no leading zeros.
func plainInt(b []byte) (int64, bool) {
	i, neg := 0, false
	if len(b) > 0 && b[0] == '-' {
		i, neg = 1, true
	}
	if n := len(b) - i; n == 0 || n > 18 || b[i] == '0' && n > 1 {
		return 0, false
	}
	var m int64
	for ; i < len(b); i++ {
		d := b[i] - '0'
		if d > 9 {
			return 0, false
		}
		m = m*10 + int64(d)
	}
	if neg {
		m = -m
	}
	return m, true
}

func (b *builder) text(g *Grid, cells []Ref, d *decision, dict *table.Dict) *table.Column {
	valid := bitmap{n: len(cells)}
	if d.plain {
		size := 0
		for _, c := range cells {
			size += int(c.len & MaxCell)
		}
		text := make([]byte, 0, size)
		offsets := make([]int32, 1, len(cells)+1)
		for r, c := range cells {
			if c.Empty() || c.Kind() == Fault {
				valid.clear(r)
			} else {
				text = append(text, c.In(g.Text)...)
			}
			offsets = append(offsets, int32(len(text)))
		}
		return table.NewTextColumn(d.typ, offsets, text, valid.bits)
	}
	cache := b.words[dict]
	if cache == nil {
		cache = newWordCache(dict)
		b.words[dict] = cache
	}
	codes := make([]uint32, len(cells))
	for r, c := range cells {
		if c.Empty() || c.Kind() == Fault {
			valid.clear(r)
			continue
		}
		codes[r] = cache.code(c.In(g.Text))
	}
	return table.NewCodeColumn(d.typ, codes, dict, valid.bits)
}
