package scans

import (
	"context"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/org"
)

// areasMost bounds the areas of one scan: a form has no more fields.
const areasMost = 150

// PageArea is an area on one page of a scan.
//
// vi: vùng che trên trang
type PageArea struct {
	Page int `json:"page"`
	Area
}

// byPage sorts areas out for the drawing.
func byPage(all []PageArea) map[int][]Area {
	of := map[int][]Area{}
	for _, a := range all {
		of[a.Page] = append(of[a.Page], a.Area)
	}
	return of
}

// areasFor are the areas from which a person goes on: those they saved last, else
// those of the latest copy of the scan.
func areasFor(ctx context.Context, tx *db.Tx, fileID string, scan int64, personID string) ([]PageArea, error) {
	rows, err := savedAreas(ctx, tx, fileID, scan, personID)
	if err == nil && len(rows) == 0 {
		rows, err = latestAreas(ctx, tx, fileID, scan)
	}
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	return rows[0].Areas.V, nil
}

// SaveAreas keeps where a person wants to hide something, while they have the
// original open.
func (d *Desk) SaveAreas(ctx context.Context, who org.Actor, fileID string, scan int64, ticket string, all []PageArea) error {
	now := d.Clock.Now()
	council, _, err := d.reading(ctx, who, fileID, itemOf(scan))
	if err != nil {
		return err
	}
	o, err := d.again(ctx, who, fileID, itemOf(scan), ticket)
	if err != nil {
		return err
	}
	if len(all) > areasMost {
		return fault.New(fault.Invalid, "scans.areas_many", "max", areasMost)
	}
	for i, a := range all {
		if a.Page < 1 || a.Page > o.Pages {
			return fault.New(fault.Invalid, "scans.no_page", "row", i+1, "n", o.Pages)
		}
	}
	return d.DB.Tx(ctx, func(tx *db.Tx) error {
		if err := saveAreas(ctx, tx, fileID, scan, who.PersonID, council, db.JSON[[]PageArea]{V: all}, db.At(now)); err != nil {
			return err
		}
		return d.record(ctx, tx, who, council, fileID, "scans.save_areas", now, map[string]any{"item": itemOf(scan), "areas": len(all)})
	})
}
