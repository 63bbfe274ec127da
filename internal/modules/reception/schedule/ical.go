package schedule

import (
	"fmt"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

// WriteCalendar writes published receptions as a calendar that programs follow
// (iCalendar, RFC 5545). A cancelled day stays in it, marked so.
func WriteCalendar(w io.Writer, b Board, address string, say func(key string, args ...any) string) error {
	var out strings.Builder
	line := func(name, value string) { fold(&out, name+":"+value) }
	fold(&out, "BEGIN:VCALENDAR")
	line("VERSION", "2.0")
	line("PRODID", "-//HDND So//Lich tiep cong dan//VI")
	line("METHOD", "PUBLISH")
	line("X-WR-CALNAME", escape(say("schedule.feed_title", "council", b.Council.Name)))
	for _, d := range b.Days {
		fold(&out, "BEGIN:VEVENT")
		line("UID", d.ID+"@"+hostOf(address))
		line("DTSTAMP", utc(d.ChangedAt.Time))
		line("SEQUENCE", fmt.Sprint(d.Revision))
		line("DTSTART", utc(d.Begins()))
		line("DTEND", utc(d.Over()))
		line("SUMMARY", escape(say("schedule.feed_event", "kind", say("schedule.kind."+string(d.Kind)), "host", d.HostName, "title", d.HostTitle)))
		line("LOCATION", escape(d.Place))
		about := d.Subjects
		if d.ChangeNote != "" {
			about = strings.TrimSpace(d.ChangeNote + "\n" + about)
		}
		line("DESCRIPTION", escape(about))
		line("URL", address+publicHome+"/"+d.ID)
		if d.State == Cancelled {
			line("STATUS", "CANCELLED")
		} else {
			line("STATUS", "CONFIRMED")
		}
		fold(&out, "END:VEVENT")
	}
	fold(&out, "END:VCALENDAR")
	_, err := io.WriteString(w, out.String())
	return err
}

func utc(t time.Time) string { return t.UTC().Format("20060102T150405Z") }

// hostOf is the name of the machine in an address.
func hostOf(address string) string {
	_, rest, found := strings.Cut(address, "://")
	if !found {
		return "hdnd"
	}
	rest, _, _ = strings.Cut(rest, "/")
	return rest
}

func escape(s string) string {
	return strings.NewReplacer(`\`, `\\`, ";", `\;`, ",", `\,`, "\r\n", `\n`, "\n", `\n`, "\r", `\n`).Replace(s)
}

// foldAt is how many octets a line of iCalendar may have.
const foldAt = 75

// fold writes a content line, cut between letters.
func fold(out *strings.Builder, s string) {
	room := foldAt
	for len(s) > room {
		cut := room
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		out.WriteString(s[:cut] + "\r\n ")
		s, room = s[cut:], foldAt-1
	}
	out.WriteString(s + "\r\n")
}
