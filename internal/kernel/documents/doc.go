// Package documents is the registry (văn thư) of the house: it takes in the
// papers people hand over, keeps their bytes, numbers what is issued and draws
// the letters and receipts that leave.
//
// It owns: blobs (the bytes, found by the hash of their content), papers (what
// a blob is: whose, which version, which number and symbol), the number series
// of each body, the text read out of papers and the pictures of their pages.
// It leaves to others who may see a paper (the module that owns the case),
// signing, and search.
//
// Three rules hold everywhere. A name that somebody gave a file is shown and
// never used as a path. Nothing is stored before it was checked, so a refused
// file leaves no trace. Papers marked with a level of state secrecy are refused
// (Luật Bảo vệ bí mật nhà nước: they belong on the confidential system).
//
// Bytes are written before the transaction that names them, because a
// transaction may run twice and may not touch the disk. So: Take (or Keep) the
// file, then Attach it inside the verb's transaction. What no paper names is
// swept away a day later. A letter that bears a number is drawn by a job: the
// verb takes the number and queues the job in one transaction, the job draws
// the PDF, keeps it and attaches it.
package documents

import "embed"

// Files holds the sentences and the migrations of this package.
//
//go:embed text migrations
var Files embed.FS
