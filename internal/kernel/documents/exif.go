package documents

import (
	"bytes"
	"encoding/binary"
)

// The one thing we read of a camera's notes (EXIF) before they are thrown
// away: how the picture must be turned. Tag numbers are those of TIFF 6.0.
const (
	tagOrientation = 0x0112
	tagsMax        = 512
	pagesMax       = 4096
)

// orientation is 1 to 8; 1, upright, when nothing is said.
func orientation(b []byte) int {
	n := notes(b)
	order, at, ok := firstFolder(n)
	if !ok {
		return 1
	}
	count := int(order.Uint16(n[at:]))
	for i := range min(count, tagsMax) {
		e := at + 2 + 12*i
		if e+12 > len(n) {
			break
		}
		if order.Uint16(n[e:]) == tagOrientation {
			if o := int(order.Uint16(n[e+8:])); o >= 1 && o <= 8 {
				return o
			}
			break
		}
	}
	return 1
}

// firstFolder reads the head of a TIFF structure: byte order and the place of
// the first folder of tags.
func firstFolder(b []byte) (order binary.ByteOrder, at int, ok bool) {
	if len(b) < 8 {
		return nil, 0, false
	}
	switch string(b[:2]) {
	case "II":
		order = binary.LittleEndian
	case "MM":
		order = binary.BigEndian
	default:
		return nil, 0, false
	}
	there := int64(order.Uint32(b[4:]))
	if there+2 > int64(len(b)) {
		return nil, 0, false
	}
	return order, int(there), true
}

// tiffPages counts the pictures in a TIFF; a fax or a scan may hold many, of
// which only the first would be drawn.
func tiffPages(b []byte) int {
	order, at, ok := firstFolder(b)
	pages := 0
	for ok && at != 0 && pages < pagesMax {
		pages++
		next := int64(at) + 2 + 12*int64(order.Uint16(b[at:]))
		if next+4 > int64(len(b)) {
			break
		}
		there := int64(order.Uint32(b[next:]))
		if there+2 > int64(len(b)) {
			break
		}
		at = int(there)
	}
	return pages
}

// notes finds the EXIF block of a JPEG, PNG or WEBP; a TIFF is one itself.
func notes(b []byte) []byte {
	switch {
	case bytes.HasPrefix(b, []byte{0xFF, 0xD8}):
		return notesJPEG(b)
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return chunk(b, 8, "eXIf", binary.BigEndian, true)
	case len(b) > 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return bytes.TrimPrefix(chunk(b, 12, "EXIF", binary.LittleEndian, false), []byte("Exif\x00\x00"))
	case bytes.HasPrefix(b, []byte("II*\x00")), bytes.HasPrefix(b, []byte("MM\x00*")):
		return b
	}
	return nil
}

func notesJPEG(b []byte) []byte {
	for i := 2; i+4 <= len(b) && b[i] == 0xFF && b[i+1] != 0xDA; {
		size := int(binary.BigEndian.Uint16(b[i+2:]))
		end := i + 2 + size
		if size < 2 || end > len(b) {
			return nil
		}
		if body := b[i+4 : end]; b[i+1] == 0xE1 && bytes.HasPrefix(body, []byte("Exif\x00\x00")) {
			return body[6:]
		}
		i = end
	}
	return nil
}

// chunk finds a named chunk. PNG writes length before name and a checksum
// after; RIFF writes name before length and pads to even.
func chunk(b []byte, at int, name string, order binary.ByteOrder, png bool) []byte {
	for at+8 <= len(b) {
		size, tag := int64(order.Uint32(b[at+4:])), string(b[at:at+4])
		after := size & 1
		if png {
			size, tag = int64(order.Uint32(b[at:])), string(b[at+4:at+8])
			after = 4
		}
		end := int64(at) + 8 + size
		if end > int64(len(b)) {
			return nil
		}
		if tag == name {
			return b[at+8 : end]
		}
		at = int(min(end+after, int64(len(b))))
	}
	return nil
}
