package manifest

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Look is how the page shows every dashboard of the folder, as a person wrote it; empty parts say nothing.
type Look struct {
	Locale   string   // a language tag of BCP 47, "en-GB", by which numbers and dates are written
	Mode     string   // "light", "dark"; empty: as the viewer's system has it
	Accent   string   // "#3b6cf6", of one series, of what is chosen and of the focus
	Palette  []string // of the series of a chart, in order of use
	Positive string
	Negative string
}

var (
	hexColor    = regexp.MustCompile(`^#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})$`)
	languageTag = regexp.MustCompile(`^[a-zA-Z]{2,3}(?:-[a-zA-Z0-9]{2,8})*$`)
)

// mostColors bounds a palette: a chart folds what is beyond into one.
const mostColors = 8

func (c *Config) readLocale(n *node, p *problems) {
	tag := p.scalar(n)
	switch {
	case tag == "auto":
	case !languageTag.MatchString(tag):
		p.at(n, fmt.Sprintf("%q is not a locale.", tag), "Write a tag such as \"en-GB\" or \"de-DE\", or \"auto\" for the viewer's own.")
	default:
		c.look().Locale = tag
	}
}

func (c *Config) readTheme(n *node, p *problems) {
	color := func(n *node) string {
		text := p.scalar(n)
		if !hexColor.MatchString(text) && n.kind == scalar {
			p.at(n, fmt.Sprintf("%q is not a colour.", text), "Write it in hexadecimal digits and in quotation marks, as in \"#3b6cf6\".")
			return ""
		}
		if len(text) == 4 { // "#38f" is "#3388ff"
			text = "#" + strings.Repeat(text[1:2], 2) + strings.Repeat(text[2:3], 2) + strings.Repeat(text[3:4], 2)
		}
		return strings.ToLower(text)
	}
	p.mapping(n, "the theme", []key{
		{"mode", func(n *node) {
			modes := []string{"auto", "light", "dark"}
			switch mode := p.scalar(n); {
			case !slices.Contains(modes, mode):
				p.unknown(n, mode, "a mode", modes)
			case mode != "auto":
				c.look().Mode = mode
			}
		}},
		{"accent", func(n *node) { c.look().Accent = color(n) }},
		{"positive", func(n *node) { c.look().Positive = color(n) }},
		{"negative", func(n *node) { c.look().Negative = color(n) }},
		{"palette", func(n *node) {
			for i, item := range p.list(n) {
				if i == mostColors {
					p.at(item, fmt.Sprintf("A palette has at most %d colours.", mostColors), "Charts fold what is beyond into one.")
					return
				}
				c.look().Palette = append(c.look().Palette, color(item))
			}
		}},
	})
}

// look returns what is said so far.
func (c *Config) look() *Look {
	if c.Look == nil {
		c.Look = &Look{}
	}
	return c.Look
}
