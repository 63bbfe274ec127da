package demo

import (
	"embed"
	"fmt"
	"strings"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/org"
)

//go:embed data
var data embed.FS

// read decodes one of the embedded files. A key that nothing reads is a
// mistake in the file, so it is an error.
func read(name string, into any) error {
	b, err := data.ReadFile("data/" + name)
	if err != nil {
		return err
	}
	md, err := toml.Decode(string(b), into)
	if err != nil {
		return fmt.Errorf("demo: %s: %w", name, err)
	}
	if unread := md.Undecoded(); len(unread) > 0 {
		return fmt.Errorf("demo: %s: nothing reads %s", name, unread[0])
	}
	return nil
}

// place is one line of units.toml.
type place struct {
	Code   string
	Kind   string // ward (phường) or commune (xã)
	Name   string
	NameEn string `toml:"name_en"`
	Slug   string // in identifiers: p-ba-dinh-chair
}

type unitFile struct {
	ValidFrom clock.Date `toml:"valid_from"`
	City      struct {
		Code       string
		Name       string
		FullName   string `toml:"full_name"`
		FullNameEn string `toml:"full_name_en"`
	}
	Units []place
}

func (p place) fullName() string {
	if p.Kind == "ward" {
		return "Phường " + p.Name
	}
	return "Xã " + p.Name
}

func (p place) fullNameEn() string {
	if p.Kind == "ward" {
		return p.NameEn + " Ward"
	}
	return p.NameEn + " Commune"
}

// inSentence is the name as it stands inside a sentence: "phường Ba Đình".
func (p place) inSentence() string {
	kind, name, _ := strings.Cut(p.fullName(), " ")
	return strings.ToLower(kind) + " " + name
}

func readUnits() (unitFile, error) {
	var f unitFile
	return f, read("units.toml", &f)
}

// Units lists Hanoi and its 126 wards and communes, the city first.
func Units() ([]org.Unit, error) {
	f, err := readUnits()
	if err != nil {
		return nil, err
	}
	all := []org.Unit{{Code: f.City.Code, ValidFrom: f.ValidFrom, Name: f.City.Name, FullName: f.City.FullName, FullNameEn: f.City.FullNameEn, Kind: "city"}}
	for _, p := range f.Units {
		all = append(all, org.Unit{Code: p.Code, ValidFrom: f.ValidFrom, Name: p.Name, FullName: p.fullName(), FullNameEn: p.fullNameEn(), Kind: p.Kind, Parent: f.City.Code})
	}
	return all, nil
}

// Successors lists which of today's units lie on the ground of the 526 units
// that Hanoi had before 1/7/2025.
func Successors() ([]org.Successor, error) {
	var f struct {
		Since  clock.Date
		Former []struct {
			Code string
			Name string
			Now  []string
		}
	}
	if err := read("successors.toml", &f); err != nil {
		return nil, err
	}
	var all []org.Successor
	for _, old := range f.Former {
		for _, code := range old.Now {
			all = append(all, org.Successor{OldCode: old.Code, OldName: old.Name, NewCode: code, Since: f.Since})
		}
	}
	return all, nil
}
