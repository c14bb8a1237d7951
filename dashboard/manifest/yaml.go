package manifest

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// This file is the one door to the YAML library: behind it there are only nodes with their places.

// node is a value of a YAML document.
type node struct {
	line, column int // 1-based
	path         string
	kind         kind
	text         string // of a scalar, as written without quotes
	quoted       bool
	pairs        []pair  // of a mapping
	items        []*node // of a list
}

// pair is a key of a mapping and its value.
type pair struct{ key, value *node }

type kind uint8

const (
	nothing kind = iota // null, or no value after the colon
	scalar
	mapping
	sequence
)

func (k kind) String() string { return [...]string{"nothing", "a value", "a mapping", "a list"}[k] }

// Bounds of a document. A dashboard of any sense stays far below; a hostile or mistaken file must not cost memory.
const (
	MostBytes = 256 << 10
	mostDepth = 40
)

// document reads a YAML text into nodes; nil where it is empty.
func document(data []byte, p *problems) (root *node) {
	whole := &node{}
	switch {
	case len(data) > MostBytes:
		p.at(whole, fmt.Sprintf("The file is larger than %d kB.", MostBytes>>10), "")
		return nil
	case !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0:
		p.at(whole, "The file is not UTF-8 text.", "Save it as UTF-8.")
		return nil
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if line := tooDeep(data); line > 0 {
		p.at(&node{line: line, column: 1}, "The file is nested too deeply to be meant.", "")
		return nil
	}
	// A parser that stumbles over its input must not take the server with it: the file is a user's.
	defer func() {
		if r := recover(); r != nil {
			p.at(whole, fmt.Sprintf("The file is not YAML that can be read: %v.", r), "")
			root = nil
		}
	}()
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		place := whole
		message := err.Error()
		var at yaml.Error
		if errors.As(err, &at) {
			message = at.GetMessage()
			if t := at.GetToken(); t != nil && t.Position != nil {
				place = &node{line: t.Position.Line, column: t.Position.Column}
			}
		}
		p.at(place, fmt.Sprintf("This is not YAML: %s.", message), "")
		return nil
	}
	for _, doc := range file.Docs {
		if doc.Body == nil {
			continue
		}
		n := convert(doc.Body, "", 0, p)
		if root != nil {
			p.at(n, "A second document begins here; one file holds one.", "Remove the line \"---\".")
			return nil
		}
		root = n
	}
	return root
}

// tooDeep returns the first line at which brackets or leading dashes nest beyond all reason, 0 of none. It is wrong
// about brackets inside quotes, which only matters for texts of forty brackets.
func tooDeep(data []byte) int {
	depth := 0
	for i, line := range bytes.Split(data, []byte("\n")) {
		lead := 0
		leading := true
		for _, c := range line {
			switch c {
			case '[', '{':
				depth++
			case ']', '}':
				depth = max(0, depth-1)
			}
			if leading && strings.IndexByte("-?:!&*", c) >= 0 {
				lead++
			} else if c != ' ' {
				leading = false
			}
			if depth > mostDepth || lead > mostDepth {
				return i + 1
			}
		}
	}
	return 0
}

// convert turns a node of the library into one of ours. Anchors, aliases, tags and merge keys are refused: they save
// nobody work in a file of this size, and an alias can stand for a document of any length.
func convert(from ast.Node, path string, depth int, p *problems) *node {
	n := &node{path: path}
	if from == nil {
		return n
	}
	if t := from.GetToken(); t != nil && t.Position != nil {
		n.line, n.column = t.Position.Line, t.Position.Column
	}
	if depth > mostDepth {
		p.at(n, "This is nested too deeply to be meant.", "")
		return n
	}
	switch v := from.(type) {
	case *ast.NullNode:
	case *ast.StringNode:
		n.kind, n.text = scalar, v.Value
		if v.Token != nil {
			origin := strings.TrimLeft(v.Token.Origin, " \t\r\n")
			n.quoted = strings.HasPrefix(origin, "\"") || strings.HasPrefix(origin, "'")
		}
	case *ast.LiteralNode:
		n.kind, n.text = scalar, strings.TrimRight(v.Value.Value, "\n")
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		n.kind, n.text = scalar, from.GetToken().Value
	case *ast.SequenceNode:
		n.kind = sequence
		for i, item := range v.Values {
			n.items = append(n.items, convert(item, fmt.Sprintf("%s[%d]", path, i), depth+1, p))
		}
	case *ast.MappingNode:
		n.kind = mapping
		for _, pair := range v.Values {
			n.add(pair, depth, p)
		}
	case *ast.MappingValueNode:
		n.kind = mapping
		n.add(v, depth, p)
	default:
		p.at(n, "Anchors, aliases, tags and merge keys are not supported.", "Write the value out.")
	}
	if n.kind == mapping && len(n.pairs) > 0 && n.pairs[0].key.line > 0 {
		// The library places a mapping at its first colon; people look for its first key.
		n.line, n.column = n.pairs[0].key.line, n.pairs[0].key.column
	}
	return n
}

func (n *node) add(from *ast.MappingValueNode, depth int, p *problems) {
	key := convert(from.Key, n.path, depth+1, p)
	if key.kind != scalar {
		if key.kind != nothing {
			p.at(key, "A key must be a word.", "")
		}
		return
	}
	path := key.text
	if n.path != "" {
		path = n.path + "." + key.text
	}
	key.path = path
	value := convert(from.Value, path, depth+1, p)
	if value.line == 0 || value.kind == nothing {
		value.line, value.column = key.line, key.column
	}
	n.pairs = append(n.pairs, pair{key, value})
}
