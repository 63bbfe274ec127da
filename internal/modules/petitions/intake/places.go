package intake

import (
	"context"
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/kernel/text"
)

// placeOf finds today's ward in what somebody wrote for an address: "Số 5 ngõ 3,
// P. Ngọc Hà, quận Ba Đình". It must lie in the council's own ground.
func placeOf(ctx context.Context, tx *db.Tx, c org.Council, written string, on clock.Date) (org.Unit, error) {
	var first error
	for _, part := range wardParts(written) {
		u, err := org.FindUnit(ctx, tx, part, on)
		switch {
		case err == nil && (u.Code == c.UnitCode || c.Level == org.City && u.Parent == c.UnitCode):
			return u, nil
		case err == nil:
			return u, fault.New(fault.Invalid, "intake.ward_elsewhere", "ward", u.FullName, "council", c.Name).At("ward")
		case fault.KindOf(err) != fault.Invalid:
			return u, err
		case first == nil || fault.Is(err, "org.unit_divided"):
			first = err
		}
	}
	if first == nil {
		return org.Unit{}, fault.New(fault.Invalid, "intake.ward_empty").At("ward")
	}
	return org.Unit{}, first
}

// wardKinds are the words that begin the name of a ward or commune.
var wardKinds = []string{"phuong", "xa", "p", "x", "tt", "dk"}

// notWards are the words that begin other parts of an address.
var notWards = []string{"quan", "huyen", "tp", "tp.", "tinh", "so", "ngo", "ngach", "duong", "pho", "to", "thon", "khu", "cum", "q", "q.", "h", "h."}

// wardParts gives the pieces of an address that may name a ward, likeliest first.
func wardParts(written string) []string {
	written = text.Line(written)
	if written == "" {
		return nil
	}
	sure, maybe := []string{}, []string{}
	for part := range strings.FieldsFuncSeq(written, func(r rune) bool { return strings.ContainsRune(",;()|\n", r) }) {
		words := strings.Fields(strings.Trim(part, " -–"))
		at := slices.IndexFunc(words, isWardKind)
		switch {
		case at >= 0:
			sure = append(sure, wardName(words[at:]))
		case len(words) > 0 && !slices.Contains(notWards, text.Fold(words[0])):
			maybe = append(maybe, strings.Join(words, " "))
		}
	}
	all := append([]string{}, sure...)
	if !slices.Contains(all, written) && len(sure) == 0 {
		all = append(all, written)
	}
	for _, m := range maybe {
		if !slices.Contains(all, m) {
			all = append(all, m)
		}
	}
	return all
}

// isWardKind knows "phường", "Xã", "P." and "P.Ngọc"; "thị trấn" and "đặc khu"
// are two words.
func isWardKind(w string) bool {
	w = text.Fold(w)
	before, _, dotted := strings.Cut(w, ".")
	return slices.Contains(wardKinds, w) || dotted && slices.Contains(wardKinds, before)
}

// wardName writes "P Ngọc Hà" and "P. Ngọc Hà" as org.FindUnit knows it.
func wardName(words []string) string {
	name := strings.Join(words, " ")
	if first, rest, ok := strings.Cut(name, " "); ok && slices.Contains([]string{"p", "x", "tt", "dk"}, text.Fold(strings.TrimSuffix(first, "."))) {
		return strings.TrimSuffix(first, ".") + "." + rest
	}
	return name
}
