// Package assets holds the page: what the TypeScript beside it builds, precompressed, in the binary.
package assets

import "embed"

// Dist is the built page: index.html, gallery.html, and files with hashed names below assets/, each with .gz and .br
// beside it.
//
//go:embed all:dist
var Dist embed.FS
