package demo

import (
	"fmt"
	"hash/fnv"
	"slices"

	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/org"
)

// nameParts is names.toml.
type nameParts struct {
	Family       []string
	FamilyLeader []string `toml:"family_leader"`
	MiddleMan    []string `toml:"middle_man"`
	MiddleWoman  []string `toml:"middle_woman"`
	SecondMan    []string `toml:"second_man"`
	SecondWoman  []string `toml:"second_woman"`
	GivenMan     []string `toml:"given_man"`
	GivenWoman   []string `toml:"given_woman"`
	Avoid        []string
}

// namer invents names: the same name for the same identifier at every build,
// no name twice, and none of somebody known to have held office.
type namer struct {
	nameParts
	taken map[string]bool
}

func newNamer() (*namer, error) {
	n := &namer{taken: map[string]bool{}}
	if err := read("names.toml", &n.nameParts); err != nil {
		return nil, err
	}
	for _, name := range n.Avoid {
		n.taken[name] = true
	}
	return n, nil
}

func (n *namer) name(id string, leader bool) string {
	for try := 0; ; try++ {
		name := n.compose(chance(fmt.Sprintf("%s %d", id, try)), leader)
		if !n.taken[name] {
			n.taken[name] = true
			return name
		}
	}
}

func (n *namer) compose(c uint64, leader bool) string {
	pick := func(from []string) string {
		i := c % uint64(len(from))
		c /= uint64(len(from))
		return from[i]
	}
	woman := c%2 == 0
	c /= 2
	middle, second, given := n.MiddleMan, n.SecondMan, n.GivenMan
	if woman {
		middle, second, given = n.MiddleWoman, n.SecondWoman, n.GivenWoman
	}
	if !leader {
		return pick(n.Family) + " " + different(pick, middle, given)
	}
	family, mid := pick(n.FamilyLeader), pick(middle)
	return family + " " + mid + " " + different(pick, slices.DeleteFunc(slices.Clone(second), func(s string) bool { return s == mid }), given)
}

// different picks two parts that are not the same word: nobody is called An An.
func different(pick func([]string) string, first, last []string) string {
	a := pick(first)
	return a + " " + pick(slices.DeleteFunc(slices.Clone(last), func(s string) bool { return s == a }))
}

// chance is a number that follows from a text alone.
func chance(s string) uint64 {
	h := fnv.New64a()
	if _, err := h.Write([]byte(s)); err != nil {
		panic(err) // a hash takes any bytes
	}
	// FNV keeps likeness of like texts in its low digits; mix them.
	x := h.Sum64()
	x ^= x >> 33
	x *= 0xff51afd7ed558ccd
	x ^= x >> 33
	return x
}

// postLine is a post as councils.toml describes it.
type postLine struct {
	Seat   string
	Holder string // another seat whose holder also holds this one
	Title  string
	Roles  []org.Role
	Leader bool
	Mail   bool // has an address at example.vn
}

// person makes the holder of a post. Its identifier follows from the seat.
func (n *namer) person(seat string, l postLine) org.Person {
	p := org.Person{ID: PersonID(seat), Demonstration: true}
	p.Name = n.name(p.ID, l.Leader)
	if l.Mail {
		p.Email = seat + "@example.vn"
	}
	return p
}

// PersonID is the identifier of the person in a seat: "hn-clerk-1",
// "sxd-head", "ba-dinh-chair".
func PersonID(seat string) string { return "p-" + seat }

// PostID is the identifier of a seat's post.
func PostID(seat string) string { return "post-" + seat }

// BodyID is the identifier of a body: "hn-office", "sxd", "ba-dinh-ubnd".
func BodyID(slug string) string { return "b-" + slug }

// CouncilID is the identifier of a council: "hn", "ba-dinh".
func CouncilID(slug string) string { return "c-" + slug }

func roles(all []org.Role) db.JSON[[]org.Role] { return db.JSON[[]org.Role]{V: all} }
