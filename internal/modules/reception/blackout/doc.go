// Package blackout makes the copy of a scan in which what identifies the sender
// is not to be seen (bản sao đã che thông tin): handwriting, names, addresses.
//
// It removes and does not cover: a page becomes a picture, the chosen areas of
// that picture become black, and the copy is made of these pictures alone. There
// is no text under the black, no layer to move, no note of the camera, no earlier
// version and no thumbnail, whatever the original held. Nothing is written to a
// disk on the way.
//
// Areas are measured in percent of the page, so that they can be drawn with the
// mouse or a finger, and typed where there is no script.
//
// Legal basis: Luật Tố cáo 25/2018/QH14, Điều 56 (strip name, address, handwriting
// and other data from what is handed on).
package blackout

import "embed"

// Files holds the sentences.
//
//go:embed text
var Files embed.FS
