package manifest

import (
	"fmt"
	"slices"
	"strings"
)

// Offer is a column that viewers are offered to filter by.
type Offer struct {
	Column  string
	Control string // multiselect: its values; range: from and to; empty: what the column suggests
}

// controls are the ways to choose a filter.
var controls = []string{"multiselect", "range"}

// offerSpec is an offer as written.
type offerSpec struct{ at, field, control *node }

// readOffer reads a filter, which is a column's name or a mapping.
func (p *problems) readOffer(n *node) (offerSpec, bool) {
	if n.kind == scalar {
		return offerSpec{at: n, field: n}, true
	}
	o := offerSpec{at: n}
	p.mapping(n, "a filter", []key{
		{"field", func(n *node) { p.scalar(n); o.field = n }},
		{"type", func(n *node) {
			if o.control = n; !slices.Contains(controls, p.scalar(n)) {
				p.unknown(n, n.text, "a kind of filter", controls)
			}
		}},
	})
	if n.kind == mapping && o.field == nil {
		p.at(n, "This filter does not say by which column.", "Write it as {field: region}.")
		return o, false
	}
	return o, n.kind == mapping
}

// offers checks the filters of a dashboard; nil where nothing is written of them, and every column is offered.
func (s *subject) offers(specs []offerSpec, p *problems) []Offer {
	if specs == nil {
		return nil
	}
	all := []Offer{}
	for _, spec := range specs {
		if !s.has(spec.field, spec.field.text, p) {
			continue
		}
		o := Offer{Column: spec.field.text}
		if slices.ContainsFunc(all, func(other Offer) bool { return other.Column == o.Column }) {
			p.at(spec.field, fmt.Sprintf("%q stands twice among the filters.", o.Column), "")
			continue
		}
		if spec.control != nil {
			o.Control = spec.control.text
			typ := s.Profiles[s.index(o.Column)].Field.Type
			if o.Control == "range" && !typ.Numeric() && !typ.Temporal() {
				p.at(spec.control, fmt.Sprintf("%q holds %s values, which have no range.", o.Column, typ), "Write multiselect, or leave the type out.")
			}
		}
		all = append(all, o)
	}
	return all
}

// offersText writes the filters of a dashboard.
func offersText(b *strings.Builder, all []Offer) {
	switch {
	case all == nil:
		return
	case len(all) == 0:
		b.WriteString("    filters: []\n")
		return
	}
	b.WriteString("    filters:\n")
	for _, o := range all {
		if o.Control == "" {
			fmt.Fprintf(b, "      - {field: %s}\n", quote(o.Column))
		} else {
			fmt.Fprintf(b, "      - {field: %s, type: %s}\n", quote(o.Column), o.Control)
		}
	}
}
