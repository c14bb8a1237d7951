package manifest

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Slug returns the part of an address that stands for a name: lower-case letters and digits with single hyphens
// between, Latin letters without their marks. Letters of other scripts stay. It is never empty.
func Slug(s string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToLower(s) {
		latin := fold(r)
		if latin == "" {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte('-')
		}
		gap = false
		b.WriteString(latin)
	}
	if b.Len() == 0 {
		return "table"
	}
	return b.String()
}

// Slugs returns one slug for each name, all different. A name that is its own slug keeps it whatever else there is,
// and the order in which names are given decides nothing unless two are equal.
func Slugs(names []string) []string {
	order := make([]int, len(names))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		ownA, ownB := Slug(names[a]) == names[a], Slug(names[b]) == names[b]
		if ownA != ownB {
			if ownA {
				return -1
			}
			return 1
		}
		return strings.Compare(names[a], names[b])
	})
	slugs := make([]string, len(names))
	taken := map[string]bool{}
	for _, i := range order {
		slugs[i] = unique(Slug(names[i]), "-", taken)
	}
	return slugs
}

// unique returns the word, or the word with the lowest number from 2 that makes it new, and takes it.
func unique(word, join string, taken map[string]bool) string {
	name := word
	for n := 2; taken[name]; n++ {
		name = word + join + strconv.Itoa(n)
	}
	taken[name] = true
	return name
}

// identifier returns a name for a column of an answer: letters, digits and underscores, never a digit first.
func identifier(name string) string {
	id := strings.ReplaceAll(Slug(name), "-", "_")
	if id[0] >= '0' && id[0] <= '9' {
		return "_" + id
	}
	return id
}

// fold returns the plain spelling of a lower-case letter or digit, "" of anything else.
func fold(r rune) string {
	switch r {
	case 'ä', 'æ':
		return "ae"
	case 'ö', 'œ':
		return "oe"
	case 'ü':
		return "ue"
	case 'ß':
		return "ss"
	case 'á', 'à', 'â', 'ã', 'å', 'ā', 'ą', 'ă':
		return "a"
	case 'ç', 'ć', 'č':
		return "c"
	case 'ď', 'đ', 'ð':
		return "d"
	case 'é', 'è', 'ê', 'ë', 'ē', 'ę', 'ě':
		return "e"
	case 'ğ':
		return "g"
	case 'í', 'ì', 'î', 'ï', 'ī', 'ı':
		return "i"
	case 'ł', 'ľ':
		return "l"
	case 'ñ', 'ń', 'ň':
		return "n"
	case 'ó', 'ò', 'ô', 'õ', 'ø', 'ō', 'ő':
		return "o"
	case 'ř':
		return "r"
	case 'ś', 'š', 'ş', 'ș':
		return "s"
	case 'ť', 'ţ', 'ț':
		return "t"
	case 'ú', 'ù', 'û', 'ū', 'ů', 'ű':
		return "u"
	case 'ý', 'ÿ':
		return "y"
	case 'ź', 'ż', 'ž':
		return "z"
	case '&':
		return ""
	}
	if unicode.IsLetter(r) || unicode.IsDigit(r) {
		return string(r)
	}
	return ""
}
