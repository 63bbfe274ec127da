package library

import (
	"example.vn/hdnd/internal/modules/library/imports"
	"example.vn/hdnd/internal/modules/library/validity"
)

// Desks are the verbs of the parts, for whoever plays people without pages.
//
// vi: -
type Desks struct {
	Imports  *imports.Desk
	Validity *validity.Desk
}

// Desks gives the parts.
func (s *Service) Desks() Desks { return Desks{s.imports, s.validity} }
