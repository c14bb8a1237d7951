package wire_test

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/dashira/dashira/dashboard/wire"
)

// rowEvents pairs the events of a table's stream with their payloads, in the order in which they come.
var rowEvents = []struct {
	name    string
	payload any
}{
	{wire.EventSchema, wire.RowsSchema{}},
	{wire.EventReset, wire.RowsReset{}},
	{wire.EventDelete, wire.RowsDelete{}},
	{wire.EventAppend, wire.RowsAppend{}},
	{wire.EventUpdate, wire.RowsUpdate{}},
}

// words are the fields that take one of a few words.
var words = map[string][]any{
	"Source.State": {wire.StateOK, wire.StateReading, wire.StateStale, wire.StateMissing, wire.StateError},
	"Alert.State":  {"firing", "clear"},
	"Row.Height":   {"small", "medium", "large", "table"},
}

type object = map[string]any

// schemas turns Go types into JSON Schemas, each once, under definitions.
type schemas struct {
	comments comments
	prefix   string // of a reference: "#/$defs/"
	defs     object
}

// of returns a schema of a type; a struct is a reference to its definition.
func (s *schemas) of(t reflect.Type) object {
	switch t.Kind() {
	case reflect.String:
		return object{"type": "string"}
	case reflect.Bool:
		return object{"type": "boolean"}
	case reflect.Int, reflect.Int64:
		return object{"type": "integer"}
	case reflect.Uint64:
		return object{"type": "integer", "minimum": 0}
	case reflect.Float64:
		return object{"type": "number"}
	case reflect.Pointer:
		return s.of(t.Elem())
	case reflect.Slice:
		return object{"type": "array", "items": s.of(t.Elem())}
	case reflect.Map:
		return object{"type": "object", "additionalProperties": s.of(t.Elem())}
	case reflect.Interface:
		s.defs["Cell"] = object{"description": "One cell: null, a boolean, a number, a string, or a JSON value of a nested column."}
		return object{"$ref": s.prefix + "Cell"}
	case reflect.Struct:
		s.define(t)
		return object{"$ref": s.prefix + t.Name()}
	}
	panic("wire has no schema for " + t.String())
}

func (s *schemas) define(t reflect.Type) {
	if _, done := s.defs[t.Name()]; done {
		return
	}
	properties, required := object{}, []string{}
	s.defs[t.Name()] = nil // a type may hold itself
	for i := range t.NumField() {
		f := t.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		property := s.of(f.Type)
		optional := strings.Contains(options, "omitempty")
		if f.Type.Kind() == reflect.Pointer && !optional {
			property = object{"anyOf": []any{property, object{"type": "null"}}}
		}
		if enum := words[t.Name()+"."+f.Name]; enum != nil {
			property["enum"] = enum
		}
		if text := s.comments[t.Name()+"."+f.Name]; text != "" {
			property["description"] = text
		}
		properties[name] = property
		if !optional {
			required = append(required, name)
		}
	}
	d := object{"type": "object", "properties": properties}
	if text := s.comments[t.Name()]; text != "" {
		d["description"] = text
	}
	if len(required) > 0 {
		d["required"] = required
	}
	s.defs[t.Name()] = d
}

// eventsSchema describes every event as an object of event, id and data.
func eventsSchema(t *testing.T) object {
	s := &schemas{comments: readComments(t), prefix: "#/$defs/", defs: object{}}
	one := []any{}
	for _, e := range append(events[:len(events):len(events)], rowEvents...) {
		one = append(one, object{
			"title":    e.name,
			"type":     "object",
			"required": []string{"event", "data"},
			"properties": object{
				"event": object{"const": e.name},
				"id":    object{"type": "string", "pattern": "^[0-9a-z]{1,32}-(0|[1-9][0-9]{0,19})$", "description": "What to resume from; some events have none of their own."},
				"data":  s.of(reflect.TypeOf(e.payload)),
			},
		})
	}
	return object{
		"$schema": "https://json-schema.org/draft/2020-12/schema",
		"$id":     "/api/v1/events.schema.json",
		"title":   "The events of dashira's streams",
		"description": "One event as an object of its name, its id and its data, as `dashira tail --json` prints it. " +
			"Within a major version fields and events are added, and none is renamed or removed.",
		"oneOf": one,
		"$defs": s.defs,
	}
}

func TestTheSchemaOfEventsIsWhatTheGoTypesSay(t *testing.T) {
	held(t, "events.schema.json", wire.EventsSchema, eventsSchema(t))
}

// held compares a generated document with the embedded one, or rewrites it.
func held(t *testing.T, path string, have []byte, want object) {
	t.Helper()
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(want); err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if !bytes.Equal(have, out.Bytes()) {
		t.Errorf("%s is not what the Go types say; run go test ./dashboard/wire -update", path)
	}
}
