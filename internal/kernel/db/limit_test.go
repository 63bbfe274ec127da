package db

import "testing"

func TestLimited(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, q string
		args    []any
		want    string
		left    int
	}{
		{"the last argument", "SELECT id FROM t WHERE a = $1 ORDER BY id LIMIT $2", []any{"x", 50}, "SELECT id FROM t WHERE a = $1 ORDER BY id LIMIT 50", 1},
		{"the only one", "SELECT id FROM t LIMIT $1", []any{7}, "SELECT id FROM t LIMIT 7", 0},
		{"inside", "SELECT count(*) FROM (SELECT 1 FROM t WHERE a = $1 LIMIT $2) AS n", []any{"x", 100}, "SELECT count(*) FROM (SELECT 1 FROM t WHERE a = $1 LIMIT 100) AS n", 1},
		{"ten and more", "SELECT $1 $2 $3 $4 $5 $6 $7 $8 $9 LIMIT $10", []any{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, "SELECT $1 $2 $3 $4 $5 $6 $7 $8 $9 LIMIT 10", 9},
		{"not the last", "SELECT id FROM t WHERE a = $2 LIMIT $1", []any{5, "x"}, "SELECT id FROM t WHERE a = $2 LIMIT $1", 2},
		{"used twice", "SELECT id FROM t WHERE n < $1 LIMIT $1", []any{5}, "SELECT id FROM t WHERE n < $1 LIMIT $1", 1},
		{"no whole number", "SELECT id FROM t LIMIT $1", []any{"5"}, "SELECT id FROM t LIMIT $1", 1},
		{"no limit", "SELECT id FROM t WHERE a = $1", []any{5}, "SELECT id FROM t WHERE a = $1", 1},
		{"nothing", "SELECT 1", nil, "SELECT 1", 0},
	} {
		if got, args := limited(c.q, c.args); got != c.want || len(args) != c.left {
			t.Errorf("%s: %q with %d", c.name, got, len(args))
		}
	}
}
