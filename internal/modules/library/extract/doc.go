// Package extract turns a file into its pages of text, whatever the file is:
// PDF with or without a text layer, Word, OpenDocument, web page, plain text in
// any of the old code pages, scans and photographs.
//
// Of each page it tells how its text was got and how far it can be trusted, so
// that a person looks where a machine may have misread. It knows no database and
// no documents: it reads what it is given, and refuses with a sentence what
// cannot be read or must not be (a mark of state secrecy, a zip bomb, a password).
//
// Reading a scan takes seconds a page. Pages are handed out as they are read, in
// order, and a caller may ask for some of them: a scan of 2,000 pages is read in
// many turns and goes on after a restart where it stood.
package extract

import "embed"

// Files holds the sentences of this package.
//
//go:embed text
var Files embed.FS
