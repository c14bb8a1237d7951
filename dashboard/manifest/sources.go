package manifest

// sourceSpec is what is said of a source.
type sourceSpec struct {
	name    *node
	columns []columnSpec
}

func (c *Config) readSource(name, n *node, p *problems) {
	s := sourceSpec{name: name}
	p.mapping(n, "a source", []key{
		{"columns", func(n *node) {
			var t tableSpec
			p.columns(&t, n)
			s.columns = t.columns
		}},
		{"path", nil}, {"key", nil}, {"delimiter", nil}, {"encoding", nil}, {"decimal", nil}, {"on_error", nil},
		{"sheet", nil}, {"range", nil}, {"header_rows", nil}, {"records", nil},
	})
	c.sources = append(c.sources, s)
}
