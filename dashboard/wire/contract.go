package wire

import _ "embed"

// EventsSchema is a JSON Schema (2020-12) of every event of every stream: it accepts objects of event, id and data, as
// `dashira tail --json` prints them, and each payload by itself is below $defs. It is generated from the Go types.
//
//go:embed events.schema.json
var EventsSchema []byte

// OpenAPI describes every address of the server, as OpenAPI 3.1. It is generated from the Go types, and a test holds it
// to the routes that the server has.
//
//go:embed openapi.json
var OpenAPI []byte
