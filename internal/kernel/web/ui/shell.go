package ui

import (
	"context"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/text"
	"github.com/a-h/templ"
)

// htmxConfig keeps htmx from writing style elements, which the content security
// policy would refuse, and from morphing what the reader has opened.
const htmxConfig = `{"includeIndicatorCSS":false,"morphIgnore":["data-htmx-powered","style","open"],"history":false}`

// countMax is the largest number a badge of the menu shows; more reads "99+".
const countMax = 99

// standingKeys work on every page.
var standingKeys = [...]Key{
	{Press: "?", Label: "ui.key_help"},
	{Press: "/", Label: "ui.key_search"},
	{Press: "j", Label: "ui.key_down"},
	{Press: "k", Label: "ui.key_up"},
	{Press: "x", Label: "ui.key_select"},
	{Press: "Enter", Label: "ui.key_open"},
	{Press: "Esc", Label: "ui.key_close"},
}

func count(n int) string {
	if n > countMax {
		return strconv.Itoa(countMax) + "+"
	}
	return strconv.Itoa(n)
}

func pageTitle(ctx context.Context, f Frame) string {
	if f.Title == "" {
		return text.T(ctx, "ui.product")
	}
	return f.Title + " · " + text.T(ctx, "ui.product")
}

// theme is what Bootstrap's own rules read. The device's wish is followed by
// the style sheet, which copies the dark tokens for data-theme="".
func theme(t string) string {
	if t == "dark" {
		return "dark"
	}
	return "light"
}

func colourScheme(t string) string {
	if t == "" {
		return "light dark"
	}
	return t
}

// initial is the letter of a person's avatar: of the given name, the last word.
func initial(name string) string {
	words := strings.Fields(name)
	if len(words) == 0 {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(words[len(words)-1])
	return strings.ToUpper(string(r))
}

// Framed is body in the shell, for those who have both as values.
func Framed(f Frame, body templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return Shell(f).Render(templ.WithChildren(ctx, body), w)
	})
}
