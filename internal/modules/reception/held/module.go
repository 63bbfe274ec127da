package held

import "example.vn/hdnd/internal/kernel/web"

// PageOf is the address of a scan that is held.
func PageOf(letterID string, number int) string {
	return letters + letterID + under + itoa(number)
}

const (
	letters = "/reception/letters/"
	under   = "/held/"
)

// Routes lists the addresses.
func (d *Desk) Routes() []web.Route {
	return []web.Route{{Pattern: "GET " + letters + "{id}" + under + "{number}", Needs: mayOpen, Handle: d.file}}
}
