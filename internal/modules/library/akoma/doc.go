// Package akoma is trao đổi văn bản theo Akoma Ntoso: it writes a document of
// the library as OASIS LegalDocML (Akoma Ntoso 3.0) and reads the same back.
//
// It is pure: a Document in, bytes out, and back. It keeps nothing and asks
// nobody. Normative papers and individual resolutions and decisions become
// <act>, drafts <bill>, all other papers <doc>; eIds are the anchors of the
// library. What the standard has no place for (the short form of the kind, the
// code of a relation) stands in <proprietary>, in a namespace of its own, so
// that nothing is lost between two councils.
package akoma

import "embed"

// Files holds the sentences of this package.
//
//go:embed text
var Files embed.FS
