package table

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

const (
	similarSample = 1000 // rows that are compared to see whether a column was renamed
	similarEnough = 0.6
)

// reshape says how the columns moved. A column that is gone and one that is new are taken as one renamed column where
// name and values are alike; each is used once, the most alike first.
func reshape(from, to *Table) *Reshape {
	r := &Reshape{}
	var gone, come []int
	for i, f := range from.schema.fields {
		j := to.schema.Index(f.Name)
		if j < 0 {
			gone = append(gone, i)
			continue
		}
		if g := to.schema.fields[j]; f.Type != g.Type || f.Unit != g.Unit || f.Instant != g.Instant {
			r.Retyped = append(r.Retyped, f.Name)
		}
	}
	for j, f := range to.schema.fields {
		if from.schema.Index(f.Name) < 0 {
			come = append(come, j)
		}
	}
	type candidate struct {
		i, j  int
		alike float64
	}
	var pairs []candidate
	for _, i := range gone {
		for _, j := range come {
			if s := similarity(from, i, to, j); s >= similarEnough {
				pairs = append(pairs, candidate{i, j, s})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b candidate) int { return cmp.Compare(b.alike, a.alike) })
	usedFrom, usedTo := map[int]bool{}, map[int]bool{}
	for _, p := range pairs {
		if usedFrom[p.i] || usedTo[p.j] {
			continue
		}
		usedFrom[p.i], usedTo[p.j] = true, true
		r.Renamed = append(r.Renamed, Rename{From: from.schema.fields[p.i].Name, To: to.schema.fields[p.j].Name, Similarity: p.alike})
	}
	for _, i := range gone {
		if !usedFrom[i] {
			r.Removed = append(r.Removed, from.schema.fields[i].Name)
		}
	}
	for _, j := range come {
		if !usedTo[j] {
			r.Added = append(r.Added, to.schema.fields[j].Name)
		}
	}
	return r
}

// similarity says from 0 to 1 how likely column j of one table is column i of another under a new name. Columns whose
// first rows agree cell by cell, and are not one value all along, are alike whatever their names are.
func similarity(from *Table, i int, to *Table, j int) float64 {
	f, g := from.schema.fields[i], to.schema.fields[j]
	if f.Type != g.Type {
		return 0
	}
	name := nameSimilarity(f.Name, g.Name)
	rows := min(from.Rows(), to.Rows(), similarSample)
	if rows == 0 {
		return name
	}
	same := 0
	counts := map[Value]int{}
	for r := range rows {
		v, w := from.Value(r, i), to.Value(r, j)
		if v.Equal(w) {
			same++
		}
		counts[v]++
	}
	if len(counts) > 1 && float64(same) >= 0.98*float64(rows) {
		return 0.8 + 0.2*name
	}
	common := 0
	for r := range rows {
		if v := to.Value(r, j); counts[v] > 0 {
			counts[v]--
			common++
		}
	}
	return 0.5*name + 0.5*float64(common)/float64(rows)
}

// nameSimilarity is the share of letter pairs that two names have in common (Dice's coefficient), or how much of the
// longer one the shorter is, whichever is more.
func nameSimilarity(a, b string) float64 {
	a, b = plainName(a), plainName(b)
	if a == b {
		return 1
	}
	if a == "" || b == "" {
		return 0
	}
	pairs := map[[2]rune]int{}
	total := 0
	each := func(s string, f func(p [2]rune)) {
		last := rune(0)
		for _, r := range s {
			if last != 0 {
				total++
				f([2]rune{last, r})
			}
			last = r
		}
	}
	common := 0
	each(a, func(p [2]rune) { pairs[p]++ })
	each(b, func(p [2]rune) {
		if pairs[p] > 0 {
			pairs[p]--
			common++
		}
	})
	dice := 0.0
	if total > 0 {
		dice = 2 * float64(common) / float64(total)
	}
	if strings.Contains(a, b) || strings.Contains(b, a) {
		dice = max(dice, float64(min(len(a), len(b)))/float64(max(len(a), len(b))))
	}
	return dice
}

func plainName(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}
