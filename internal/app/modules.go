package app

import (
	"example.vn/hdnd/internal/kernel"
	"example.vn/hdnd/internal/modules/desk"
	"example.vn/hdnd/internal/modules/library"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/portal"
	"example.vn/hdnd/internal/modules/reception"
)

// fields are the fields of work. A new module is one folder and one line here,
// and one in Modules.
type fields struct {
	petitions *petitions.Service
	reception *reception.Service
	library   *library.Service
	desk      *desk.Service
	portal    *portal.Service
}

// Modules is THE LIST: every module of the product, in the order of the menu.
func (f fields) Modules() []kernel.Module {
	return []kernel.Module{
		f.desk.Module(),
		f.petitions.Module(),
		f.reception.Module(),
		f.library.Module(),
		f.portal.Module(),
	}
}
