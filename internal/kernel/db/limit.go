package db

import (
	"strconv"
	"strings"
)

// limited writes the number of a last "LIMIT $n" into the statement. PostgreSQL
// plans a prepared statement once for all values, and of a limit that it does not
// know it thinks a tenth of the table: a page of a thousand of a million rows was
// then joined and sorted whole. The few limits there are make few statements.
func limited(q string, args []any) (string, []any) {
	if len(args) == 0 {
		return q, args
	}
	mark := "$" + strconv.Itoa(len(args))
	at := strings.LastIndex(q, "LIMIT "+mark)
	if at < 0 || strings.Count(q, mark) > 1 {
		return q, args
	}
	most, ok := args[len(args)-1].(int)
	if !ok {
		return q, args
	}
	at += len("LIMIT ")
	return q[:at] + strconv.Itoa(most) + q[at+len(mark):], args[:len(args)-1]
}
