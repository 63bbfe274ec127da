package web

import "embed"

// Files holds the sentences of web and of its ui.
//
//go:embed text
var Files embed.FS
