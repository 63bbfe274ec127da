package petitions_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/modules/petitions/intake"
	"example.vn/hdnd/internal/testkit/council"
)

// TestTakenInTogether: of the rows of a workbook that go into the database
// together each has its own case, act, clock, source and leaf. One that is
// refused leaves nothing behind and takes no other with it, and one that was
// taken in before, or twice at once, is one petition.
func TestTakenInTogether(t *testing.T) {
	council.Each(t, func(t *testing.T, w *council.World) {
		const n, badWords, badNote, twin = 40, 7, 33, 12
		desk, clerk := w.App.Petitions.Desks().Intake, w.People["văn-thư"]
		refused := errors.New("the database says no")
		all := make([]intake.Opinion, n)
		for i := range all {
			all[i] = intake.Opinion{To: "city", Ward: "Phường Ba Đình", Channel: intake.Import, Text: fmt.Sprintf("Cử tri đề nghị sửa đường vào khu tập thể, hồ sơ số %d.", i), Once: fmt.Sprintf("row.%d", i)}
			all[i].Note = func(ctx context.Context, tx *db.Tx, id string) error {
				if i == badNote {
					return refused
				}
				return intake.NoteSource(ctx, tx, intake.Source{PetitionID: id, CouncilID: clerk.CouncilID, Channel: intake.Import, Line: int64(i)})
			}
		}
		all[badWords].Text, all[twin].Once = "?", all[twin-1].Once
		taken, errs := desk.ReceiveAll()(t.Context(), clerk, all)
		codes := map[string]bool{}
		for i, one := range taken {
			switch {
			case i == badWords && errs[i] != nil, i == badNote && errors.Is(errs[i], refused):
			case errs[i] != nil || one.Code == "" || one.Again != (i == twin):
				t.Errorf("row %d: %+v %v", i, one, errs[i])
			default:
				codes[one.Code] = true
			}
		}
		kept := n - 3
		if len(codes) != kept || taken[twin].ID != taken[twin-1].ID {
			t.Errorf("%d codes, want %d", len(codes), kept)
		}
		again, errs := desk.ReceiveAll()(t.Context(), clerk, all[:5])
		for i, one := range again {
			if errs[i] != nil || !one.Again || one.ID != taken[i].ID {
				t.Errorf("row %d once more: %+v %v", i, one, errs[i])
			}
		}
		err := w.App.DB.Read(t.Context(), func(tx *db.Tx) error {
			for _, rows := range []string{"petitions_petitions p JOIN cases_cases c ON c.id = p.id AND c.revision = 1 JOIN cases_acts a ON a.case_id = c.id AND a.number = 1 JOIN audit_entries e ON e.id = a.leaf_id AND e.subject = c.id",
				"petitions_petitions p JOIN cases_deadlines d ON d.case_id = p.id", "petitions_petitions p JOIN petitions_sources s ON s.petition_id = p.id",
				"petitions_petitions p JOIN petitions_once o ON o.petition_id = p.id", "petitions_petitions", "petitions_once WHERE mark LIKE 'row.%'", "cases_cases", "cases_acts",
				"audit_entries WHERE verb = 'petitions.receive'", "search_changes WHERE kind LIKE 'petition%' AND id IN (SELECT id FROM petitions_petitions)"} {
				want := kept
				if strings.HasPrefix(rows, "search_changes") {
					want *= 2 // one for the officials, one for the public
				}
				if got, err := db.One[int](t.Context(), tx, `SELECT count(*) FROM `+rows); err != nil || got != want {
					t.Errorf("%d of %s, want %d (%v)", got, rows, want, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
