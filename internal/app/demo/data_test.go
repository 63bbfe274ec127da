package demo_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"example.vn/hdnd/internal/app/demo"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions"
)

func house(t *testing.T) *demo.House {
	t.Helper()
	h, err := demo.ReadHouse()
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// TestUnits: the 51 wards and 75 communes of Nghị quyết 1656, and 526 units
// before them, each with an heir that exists.
func TestUnits(t *testing.T) {
	h := house(t)
	kinds, codes := map[string]int{}, map[string]bool{}
	for _, u := range h.Units {
		kinds[u.Kind]++
		if codes[u.Code] {
			t.Errorf("code %s stands twice", u.Code)
		}
		codes[u.Code] = true
		if u.Kind != "city" && u.Parent != "01" {
			t.Errorf("%s has parent %q", u.FullName, u.Parent)
		}
	}
	if kinds["ward"] != 51 || kinds["commune"] != 75 || kinds["city"] != 1 {
		t.Errorf("kinds: %v", kinds)
	}
	old, followed := map[string]bool{}, map[string]bool{}
	for _, s := range h.Successors {
		old[s.OldCode], followed[s.NewCode] = true, true
		if !codes[s.NewCode] {
			t.Errorf("%s → %s, which is no unit", s.OldName, s.NewCode)
		}
	}
	if len(old) != 526 || len(followed) != 126 {
		t.Errorf("%d former units, %d heirs", len(old), len(followed))
	}
}

// TestHouse: identifiers are used once, everything refers to something that is
// there, and each council has what the law gives it.
func TestHouse(t *testing.T) {
	h := house(t)
	ids := map[string]bool{}
	once := func(id string) {
		if ids[id] {
			t.Errorf("%s stands twice", id)
		}
		ids[id] = true
	}
	if len(h.Councils) != 127 {
		t.Errorf("%d councils", len(h.Councils))
	}
	for _, c := range h.Councils {
		once(c.ID)
		if !c.Demonstration || c.ParentID == "" != (c.Level == org.City) {
			t.Errorf("council %+v", c)
		}
	}
	kinds := map[string]map[org.BodyKind]int{}
	codes, council := map[string]bool{}, map[string]string{}
	for _, b := range h.Bodies {
		once(b.ID)
		if !ids[b.CouncilID] || b.Symbol == "" || b.Place == "" || b.NameEn == "" || codes[b.CouncilID+b.Code] {
			t.Errorf("body %+v", b)
		}
		codes[b.CouncilID+b.Code], council[b.ID] = true, b.CouncilID
		if kinds[b.CouncilID] == nil {
			kinds[b.CouncilID] = map[org.BodyKind]int{}
		}
		kinds[b.CouncilID][b.Kind]++
	}
	for id, k := range kinds {
		committees, agencies := 2, 0
		if id == demo.CouncilID("hn") {
			committees, agencies = 4, 20
		}
		if k[org.StandingCommittee] != 1 || k[org.Office] != 1 || k[org.PeoplesCommittee] != 1 || k[org.Committee] != committees || k[org.Agency] != agencies || k[org.DeputiesGroup] == 0 {
			t.Errorf("%s has %v", id, k)
		}
	}
	terms := map[string]int{}
	for _, term := range h.Terms {
		once(term.ID)
		terms[term.CouncilID]++
	}
	if len(terms) != 127 {
		t.Errorf("terms of %d councils", len(terms))
	}
	held(t, h, once, council)
}

// held: every role is held at both levels, every post by somebody.
func held(t *testing.T, h *demo.House, once func(string), council map[string]string) {
	t.Helper()
	people, roles := map[string]bool{}, map[string]map[org.Role]bool{}
	for _, p := range h.People {
		once(p.ID)
		people[p.ID] = true
	}
	for _, p := range h.Posts {
		once(p.ID)
		if !people[p.PersonID] || council[p.BodyID] == "" || p.Title == "" || strings.Contains(p.Title, "{") || len(p.Roles.V) == 0 {
			t.Errorf("post %+v", p)
		}
		c := council[p.BodyID]
		if roles[c] == nil {
			roles[c] = map[org.Role]bool{}
		}
		for _, r := range p.Roles.V {
			roles[c][r] = true
		}
	}
	for c, has := range roles {
		for _, r := range org.Roles() {
			if !has[r] {
				t.Errorf("%s has nobody as %s", c, r)
			}
		}
	}
	// The directory of people is shown whole; kernel/org bounds it.
	if len(h.Posts) > 2000 {
		t.Errorf("%d posts are more than a directory shows", len(h.Posts))
	}
	for _, id := range []string{"p-hn-chair", "p-hn-clerk-1", "p-hn-head", "p-hn-urban-head", "p-sxd-clerk", "p-ba-dinh-clerk", "p-ba-dinh-ubnd-head"} {
		if !people[id] {
			t.Errorf("nobody is %s; tests and documents sign in as them", id)
		}
	}
}

// inOffice are names of people in leading posts, out of the press of 2025 and
// 2026, written here a second time so that a slip in names.toml shows.
var inOffice = []string{"Phùng Thị Hồng Hà", "Vũ Đại Thắng", "Trần Sỹ Thanh", "Nguyễn Đức Trung", "Nguyễn Ngọc Tuấn", "Dương Đức Tuấn", "Nguyễn Mạnh Quyền",
	"Nguyễn Xuân Lưu", "Vũ Thu Hà", "Trương Việt Dũng", "Bùi Huyền Mai", "Phạm Thị Thanh Mai", "Phạm Quí Tiên", "Nguyễn Phi Thường", "Trần Thế Cương"}

// TestNames: nobody has the name of another or of somebody in office; names
// are made of three or four words; the same names come out every time.
func TestNames(t *testing.T) {
	h, again := house(t), house(t)
	names := map[string]string{}
	for i, p := range h.People {
		if names[p.Name] != "" {
			t.Errorf("%s and %s are both %s", names[p.Name], p.ID, p.Name)
		}
		names[p.Name] = p.ID
		if n := len(strings.Fields(p.Name)); n < 3 || n > 4 {
			t.Errorf("%s is called %q", p.ID, p.Name)
		}
		if !p.Demonstration {
			t.Errorf("%s is not marked as invented", p.ID)
		}
		if p.Email != "" && !strings.HasSuffix(p.Email, "@example.vn") {
			t.Errorf("%s has address %s", p.ID, p.Email)
		}
		if again.People[i].Name != p.Name {
			t.Errorf("%s is %s and then %s", p.ID, p.Name, again.People[i].Name)
		}
	}
	for _, name := range inOffice {
		if names[name] != "" {
			t.Errorf("%s is called %s", names[name], name)
		}
	}
}

// elsewhere finds places that a wish moved to Hanoi may not name any more.
var elsewhere = regexp.MustCompile(`Tuyên Quang|Huế|Bình Dương|Vĩnh Phúc|Nghệ An|Thanh Hóa|Ỷ La|Na Hang|Sơn Dương|Chiêm Hóa|Hàm Yên|Tân Hà|Lưỡng Vượng|` +
	`An Khang|Tân Thanh|Đông Thọ|Sinh Long|Hồng Thái|Lâm Xuyên|Tân Trào|An Tường|Yên Thuận|Minh Dân|Minh Xuân|Nông Tiến|Cây Mò|Bình Ca|Hưng Thành|sông Lô|` +
	`Tân Phát|Tân An|Minh Tân|Mậu Tài|Hương Trà|Lê Thuyết|Phú Vang|Phú Thuận|Tân Vĩnh Hiệp|ĐT\.?\s?746|ĐT\.?\s?305|Hố Dài|Lái Thiêu|Bản Vẽ|Sở Giao thông|huyện|quận`)

// TestScripts: every petition is addressed to a unit, field and body that
// exist, is told of Hanoi, and answers as many points as it asks.
func TestScripts(t *testing.T) {
	h := house(t)
	all, err := demo.Scripts()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 60 {
		t.Errorf("only %d petitions", len(all))
	}
	keys, bodies, units := map[string]bool{}, map[string]org.Body{}, map[string]bool{}
	for _, b := range h.Bodies {
		bodies[b.ID] = b
	}
	for _, u := range h.Units {
		units[u.Code] = true
	}
	for _, s := range all {
		if keys[s.Key] {
			t.Errorf("%s stands twice", s.Key)
		}
		keys[s.Key] = true
		if !units[s.Unit] || s.Unit == "01" {
			t.Errorf("%s: no unit %q", s.Key, s.Unit)
		}
		if !slices.Contains(petitions.Fields(), s.Field) {
			t.Errorf("%s: no field %q", s.Key, s.Field)
		}
		if s.Body != "ubnd" && !bodies[demo.BodyID(s.Body)].Kind.Answers() {
			t.Errorf("%s: %q answers nobody", s.Key, s.Body)
		}
		if !strings.Contains(s.Text, "ề nghị") && !strings.Contains(s.Text, "in hỏi") && s.State != "refused" {
			t.Errorf("%s asks for nothing", s.Key)
		}
		words := s.Text + s.Public + strings.Join(s.Points, " ")
		for _, a := range s.Acts {
			words += a.Note
			for _, r := range a.Replies {
				words += r.Text
			}
			if a.Do == "answer" && len(a.Replies) != max(1, len(s.Points)) {
				t.Errorf("%s: %d points, %d replies", s.Key, len(s.Points), len(a.Replies))
			}
		}
		if found := elsewhere.FindString(words); found != "" {
			t.Errorf("%s still speaks of %s", s.Key, found)
		}
	}
}
