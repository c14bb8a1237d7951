package dashboard

import (
	"maps"
	"slices"
	"time"
)

// A list of the largest that changed its members with every update would jump under the eye. A challenger comes in when
// it is clearly larger than the least of those that stand, or has been larger for a while.
const (
	clearlyLarger = 1.05
	longEnough    = 30 * time.Second
)

// standing is who stands in a list of the largest, and since when others have been larger than one of them. It is
// immutable; each answer makes the next.
type standing struct {
	members []string
	since   map[string]time.Time // by challenger
}

// contender is a category of a ranking, by its key as text.
type contender struct {
	row   int64
	key   string
	value float64
}

// settle chooses who stands of the contenders, which come in the order of their rank, and keeps that order. Without a
// standing before, or where there is room for all, it is simply the first n.
func settle(before *standing, contenders []contender, n int, now time.Time) ([]contender, *standing) {
	n = min(n, len(contenders))
	ideal := contenders[:n]
	if before == nil || n == len(contenders) {
		return ideal, stand(ideal, nil)
	}
	var inside []contender
	for _, c := range contenders {
		if slices.Contains(before.members, c.key) && len(inside) < n {
			inside = append(inside, c)
		}
	}
	since := map[string]time.Time{}
	for _, c := range ideal {
		if slices.ContainsFunc(inside, func(i contender) bool { return i.key == c.key }) {
			continue
		}
		first, waited := before.since[c.key]
		if !waited {
			first = now
		}
		least := len(inside) - 1
		switch {
		case len(inside) < n:
			inside = append(inside, c)
		case larger(c.value, inside[least].value) || now.Sub(first) >= longEnough:
			inside[least] = c
		default:
			since[c.key] = first
			continue
		}
		slices.SortStableFunc(inside, func(a, b contender) int { return position(contenders, a) - position(contenders, b) })
	}
	return inside, stand(inside, since)
}

func stand(list []contender, since map[string]time.Time) *standing {
	s := &standing{since: maps.Clone(since)}
	for _, c := range list {
		s.members = append(s.members, c.key)
	}
	return s
}

func position(contenders []contender, c contender) int {
	return slices.IndexFunc(contenders, func(o contender) bool { return o.key == c.key })
}

// larger says whether a value is clearly above another, whatever their signs.
func larger(value, than float64) bool {
	gap := (clearlyLarger - 1) * than
	if gap < 0 {
		gap = -gap
	}
	return value > than+gap
}
