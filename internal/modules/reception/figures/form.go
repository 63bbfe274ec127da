package figures

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"

	"github.com/BurntSushi/toml"

	"example.vn/hdnd/internal/kernel/clock"
)

// Form is one version of a statistical form.
//
// vi: biểu mẫu thống kê
type Form struct {
	Name       string     `toml:"form"`    // "01/TCD"
	Version    string     `toml:"version"` // of the circular
	About      About      `toml:"about"`
	Title      string     `toml:"title"`
	Basis      string     `toml:"basis"`
	Confirmed  bool       `toml:"confirmed"` // whether the columns were read in the circular itself
	From       clock.Date `toml:"from"`
	Until      clock.Date `toml:"until"` // last day for periods that end on it; none while it holds
	Note       string     `toml:"note"`
	Columns    []Column   `toml:"column"`
	Identities []Identity `toml:"identity"`
	Charts     []Chart    `toml:"chart"`
}

// About says which register a form counts.
//
// vi: -
type About string

// The registers.
const (
	Visits  About = "visits"
	Letters About = "letters"
)

// Column is one numbered column.
//
// vi: cột của biểu
type Column struct {
	N     int               `toml:"n"`
	Under []string          `toml:"under"` // headings above it, the widest first
	Name  string            `toml:"name"`
	Count string            `toml:"count"`
	Where map[string]string `toml:"where"`
}

// Identity is a sum that must come out: Left = the sum of Right.
//
// vi: đẳng thức kiểm tra
type Identity struct {
	Left  int   `toml:"left"`
	Right []int `toml:"right"`
}

// Chart is columns that people compare: they share one bar.
//
// vi: biểu đồ
type Chart struct {
	Title   string `toml:"title"`
	Columns []int  `toml:"columns"`
}

// String writes an identity as the form does: "3 = 6 + 7".
func (i Identity) String() string {
	s := fmt.Sprintf("%d = ", i.Left)
	for k, n := range i.Right {
		if k > 0 {
			s += " + "
		}
		s += fmt.Sprint(n)
	}
	return s
}

// Key names the form with its version: "01/TCD 2024".
func (f *Form) Key() string { return f.Name + " " + f.Version }

// counter counts one kind of row into a form's columns.
type counter[F any] struct {
	form  *Form
	takes []func(fact[F]) bool   // by column
	adds  []func(fact[F]) int64  // by column; nil: counted once for each value
	once  []func(fact[F]) string // by column; nil: added up
}

// wanted is one condition of a column.
type wanted[F any] struct {
	of    func(fact[F]) string
	value string
}

func compile[F any](f *Form, r register[F]) (*counter[F], error) {
	c := &counter[F]{form: f}
	for _, col := range f.Columns {
		add, each := r.count[col.Count], r.each[col.Count]
		if add == nil && each == nil {
			return nil, fmt.Errorf("figures: %s, column %d counts %q, which nothing does; there are %v", f.Key(), col.N, col.Count,
				slices.Sorted(maps.Keys(r.count)))
		}
		var where []wanted[F]
		for name, value := range col.Where {
			facet, ok := r.facets[name]
			if !ok || !slices.Contains(facet.values, value) {
				return nil, fmt.Errorf("figures: %s, column %d chooses by %s = %q, which there is not", f.Key(), col.N, name, value)
			}
			where = append(where, wanted[F]{facet.of, value})
		}
		c.adds, c.once = append(c.adds, add), append(c.once, each)
		c.takes = append(c.takes, func(row fact[F]) bool {
			for _, w := range where {
				if w.of(row) != w.value {
					return false
				}
			}
			return true
		})
	}
	return c, nil
}

// Book holds all forms, ready to count.
//
// vi: -
type Book struct {
	forms   []*Form
	visits  map[string]*counter[Visit]
	letters map[string]*counter[Letter]
}

// ReadForms reads forms/*.toml strictly: an unknown word, a column out of its
// order, or an identity over columns that cannot be added stops the start-up.
func ReadForms(files fs.FS) (*Book, error) {
	names, err := fs.Glob(files, "forms/*.toml")
	if err != nil {
		return nil, err
	}
	b := &Book{visits: map[string]*counter[Visit]{}, letters: map[string]*counter[Letter]{}}
	for _, name := range names {
		raw, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		f := &Form{}
		md, err := toml.Decode(string(raw), f)
		if err != nil {
			return nil, fmt.Errorf("figures: %s: %w", path.Base(name), err)
		}
		if left := md.Undecoded(); len(left) > 0 {
			return nil, fmt.Errorf("figures: %s: unknown %v", path.Base(name), left)
		}
		if err := b.add(f); err != nil {
			return nil, fmt.Errorf("%w (%s)", err, path.Base(name))
		}
	}
	slices.SortFunc(b.forms, func(a, z *Form) int {
		if a.Name == z.Name {
			return z.From.Compare(a.From)
		}
		if a.Name < z.Name {
			return -1
		}
		return 1
	})
	return b, nil
}

func (b *Book) add(f *Form) (err error) {
	switch {
	case f.Name == "" || f.Version == "" || f.Title == "" || f.Basis == "" || f.From.IsZero() || len(f.Columns) == 0:
		return fmt.Errorf("figures: a form needs form, version, title, basis, from and columns")
	case b.visits[f.Key()] != nil || b.letters[f.Key()] != nil:
		return fmt.Errorf("figures: %s stands twice", f.Key())
	}
	for i, c := range f.Columns {
		if c.N != i+1 || c.Name == "" {
			return fmt.Errorf("figures: %s: column %d stands at place %d, or has no name", f.Key(), c.N, i+1)
		}
	}
	switch f.About {
	case Visits:
		var c *counter[Visit]
		c, err = compile(f, visits())
		b.visits[f.Key()] = c
	case Letters:
		var c *counter[Letter]
		c, err = compile(f, letters())
		b.letters[f.Key()] = c
	default:
		err = fmt.Errorf("figures: %s is about %q", f.Key(), f.About)
	}
	if err != nil {
		return err
	}
	b.forms = append(b.forms, f)
	return f.checkIdentities(b)
}

func (f *Form) checkIdentities(b *Book) error {
	added := func(n int) bool {
		switch {
		case n < 1 || n > len(f.Columns):
			return false
		case f.About == Visits:
			return b.visits[f.Key()].adds[n-1] != nil
		}
		return b.letters[f.Key()].adds[n-1] != nil
	}
	for _, i := range f.Identities {
		if len(i.Right) == 0 || !added(i.Left) || !all(i.Right, added) {
			return fmt.Errorf("figures: %s: identity %s is not over columns that are added up", f.Key(), i)
		}
	}
	for _, c := range f.Charts {
		if c.Title == "" || !all(c.Columns, added) {
			return fmt.Errorf("figures: %s: chart %q is not over columns that are added up", f.Key(), c.Title)
		}
	}
	return nil
}

func all(list []int, ok func(int) bool) bool {
	return !slices.ContainsFunc(list, func(n int) bool { return !ok(n) })
}

// Forms lists the forms, by name, the newest version first.
func (b *Book) Forms() []*Form { return b.forms }

// Form finds a version of a form.
func (b *Book) Form(key string) (*Form, bool) {
	i := slices.IndexFunc(b.forms, func(f *Form) bool { return f.Key() == key })
	if i < 0 {
		return nil, false
	}
	return b.forms[i], true
}

// Holding lists the forms that hold for a period that ends on a day.
func (b *Book) Holding(day clock.Date) (some []*Form) {
	for _, f := range b.forms {
		if !day.Before(f.From) && (f.Until.IsZero() || !day.After(f.Until)) {
			some = append(some, f)
		}
	}
	return some
}
