package reading_test

import (
	"fmt"

	"pgregory.net/rapid"

	"example.vn/hdnd/internal/modules/library/reading"
)

// same fails when two readings differ.
func same(t *rapid.T, a, b reading.Paper) {
	t.Helper()
	if x, y := fmt.Sprintf("%+v", a), fmt.Sprintf("%+v", b); x != y {
		t.Fatalf("two readings of one text differ:\n%s\n%s", x, y)
	}
}
