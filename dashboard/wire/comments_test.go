package wire_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
)

// comments holds what the source of this package says of its types ("Hello") and fields ("Hello.Epoch"): the schemas
// carry it on, so that it is written once.
type comments map[string]string

func readComments(t *testing.T) comments {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	c := comments{}
	set := token.NewFileSet()
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, name, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range f.Decls {
			gen, ok := d.(*ast.GenDecl)
			if !ok || gen.Tok != token.TYPE {
				continue
			}
			for _, spec := range gen.Specs {
				c.add(spec.(*ast.TypeSpec), gen.Doc)
			}
		}
	}
	return c
}

func (c comments) add(spec *ast.TypeSpec, doc *ast.CommentGroup) {
	c[spec.Name.Name] = strings.TrimSpace(doc.Text())
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, f := range s.Fields.List {
		text := strings.TrimSpace(f.Comment.Text())
		if text == "" {
			text = strings.TrimSpace(f.Doc.Text())
		}
		for _, name := range f.Names {
			c[spec.Name.Name+"."+name.Name] = text
		}
	}
}
