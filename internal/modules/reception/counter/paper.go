package counter

import (
	"slices"
	"strings"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// PaperKind is what identity paper somebody showed (NĐ 154/2026, Điều 12).
//
// vi: loại giấy tờ tuỳ thân
type PaperKind string

// The kinds.
const (
	CitizenCard PaperKind = "citizen" // thẻ căn cước, giấy chứng nhận căn cước, số định danh cá nhân: 12 digits
	OldCard     PaperKind = "old"     // chứng minh nhân dân: 9 digits
	Passport    PaperKind = "passport"
	NoPaper     PaperKind = "none"
)

// PaperKinds lists them in the order of forms.
func PaperKinds() []PaperKind { return []PaperKind{CitizenCard, OldCard, Passport, NoPaper} }

// provinces are the first three digits of a citizen number given to people born
// in Việt Nam; those born abroad have the number of the country, and a number
// keeps its place when provinces merge. The list is known, not checked against
// the Gazette, so an unknown place is a doubt and no refusal.
const provinces = " 001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 080 082 083 084 086 087 089 091 092 093 094 095 096 "

// Doubt is what a clerk should look at again, though it is taken.
//
// vi: -
type Doubt string

// The doubts.
const (
	NoDoubt        Doubt = ""
	UnknownPlace   Doubt = "place"   // the first three digits are no province's
	OldCardInvalid Doubt = "old"     // CMND ended on 01/01/2025 (Luật Căn cước 2023, Điều 46)
	NoPaperShown   Doubt = "nopaper" // the law wants identity stated
)

// oldCardEnd is the first day on which chứng minh nhân dân no longer holds.
var oldCardEnd = clock.NewDate(2025, 1, 1)

// CheckNumber gives the number of an identity paper as it is kept, or says what
// is wrong with its form. Whose number it is nobody can tell from the form.
func CheckNumber(kind PaperKind, typed string, today clock.Date) (number string, doubt Doubt, err error) {
	number = strings.ToUpper(strings.NewReplacer(" ", "", ".", "", "-", "", "\u00a0", "").Replace(text.Line(typed)))
	bad := func(key string) (string, Doubt, error) {
		return "", NoDoubt, fault.New(fault.Invalid, key).At("paper_number")
	}
	digits := number != "" && strings.Trim(number, "0123456789") == ""
	switch kind {
	case CitizenCard:
		if !digits || len(number) != 12 {
			return bad("counter.number_citizen")
		}
		return citizen(number, today)
	case OldCard:
		if !digits || len(number) != 9 {
			return bad("counter.number_old")
		}
		if !today.Before(oldCardEnd) {
			doubt = OldCardInvalid
		}
		return number, doubt, nil
	case Passport:
		if len(number) < 6 || len(number) > 12 || strings.Trim(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789") != "" || strings.Trim(number, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == "" {
			return bad("counter.number_passport")
		}
		return number, NoDoubt, nil
	case NoPaper:
		if number != "" {
			return bad("counter.number_kind")
		}
		return "", NoPaperShown, nil
	}
	return "", NoDoubt, fault.New(fault.Invalid, "counter.paper_kind_none").At("paper_kind")
}

// citizen checks the twelve digits: place, sex and century, year of birth, six
// of chance. Of the fourth digit, 0 and 1 are the 20th century, 2 and 3 the
// 21st; nobody is born later yet. There is no check digit.
func citizen(number string, today clock.Date) (string, Doubt, error) {
	century := int(number[3]-'0') / 2
	born := 1900 + century*100 + int(number[4]-'0')*10 + int(number[5]-'0')
	switch {
	case century > 1:
		return "", NoDoubt, fault.New(fault.Invalid, "counter.number_century").At("paper_number")
	case born > today.Year:
		return "", NoDoubt, fault.New(fault.Invalid, "counter.number_year", "year", born).At("paper_number")
	case !strings.Contains(provinces, " "+number[:3]+" "):
		return number, UnknownPlace, nil
	}
	return number, NoDoubt, nil
}

// lastSigns is how many signs of a number are shown.
const lastSigns = 4

func last(number string) string {
	if len(number) <= lastSigns {
		return ""
	}
	return number[len(number)-lastSigns:]
}

// Mask is a number as it is shown: the last four signs alone. Its length is
// that of the kind, not of the number.
func (p Person) Mask() string {
	if p.PaperLast == "" {
		return ""
	}
	long := map[PaperKind]int{CitizenCard: 12, OldCard: 9, Passport: 8}[p.PaperKind]
	return strings.Repeat("*", max(long-lastSigns, 0)) + p.PaperLast
}

// sealContext binds a sealed number to the row it belongs to.
func sealContext(personID string) string { return "reception.visitor/" + personID }

// digest is by which the same paper is found again.
func (d *Desk) digest(kind PaperKind, number string) string {
	if number == "" {
		return ""
	}
	return d.Sealer.Digest("reception.paper", string(kind)+":"+number)
}

func known[T comparable](all []T, one T) bool { return slices.Contains(all, one) }
