package dashboard

import (
	"strings"

	"github.com/dashira/dashira/dashboard/manifest"
	"github.com/dashira/dashira/dashboard/wire"
)

// wordsWire says what a panel's title, labels and reasons are made of, for pages in other languages than English; nil
// where a person wrote them all.
func wordsWire(p manifest.Panel) *wire.Words {
	w := wire.Words{Why: reasonsWire(p.Reasons)}
	if h := p.Heading; h != nil && (h.What != "" || len(h.By) > 0 || h.Time || len(h.Terms) > 0 && h.Terms[0].Word != "") {
		w.Title = headingWire(h)
	}
	measures := []manifest.Measure{p.Measure, p.Line}
	if t := p.Target; t != nil && t.Value == nil && t.Measure.Words != nil {
		measures = append(measures, t.Measure)
		term := termWire(*t.Measure.Words)
		w.Target = &term
	}
	for _, m := range measures {
		if m.Words != nil {
			term := termWire(*m.Words)
			term.Name = m.Name
			w.Measures = append(w.Measures, term)
		}
	}
	if m := p.Measure; m.Name != "" && strings.EqualFold(m.Noun, m.Label) {
		term := termWire(m.Term())
		w.Noun = &term
	}
	if w.Title == nil && w.Measures == nil && w.Noun == nil && w.Why == nil {
		return nil
	}
	return &w
}

func headingWire(h *manifest.Heading) *wire.Heading {
	w := &wire.Heading{What: h.What, Terms: termsWire(h.Terms), By: termsWire(h.By), Time: h.Time}
	if h.Each != nil {
		each := termWire(*h.Each)
		w.Each = &each
	}
	return w
}

func termsWire(all []manifest.Term) []wire.Term {
	var w []wire.Term
	for _, t := range all {
		w = append(w, termWire(t))
	}
	return w
}

func termWire(t manifest.Term) wire.Term {
	w := wire.Term{Word: t.Word, Label: t.Label, P: t.P, Window: t.Window, Year: t.Year}
	if t.Of != nil {
		of := termWire(*t.Of)
		w.Of = &of
	}
	return w
}

func reasonsWire(all []manifest.Reason) []wire.Reason {
	var w []wire.Reason
	for _, r := range all {
		w = append(w, wire.Reason{Code: r.Code, Values: r.Values})
	}
	return w
}
