package org

import (
	"context"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

const (
	bodyColumns    = `id, council_id, kind, code, name, name_en, superior, symbol, place, unit_code, fields, sort_key, folded, valid_from, valid_to, successor_id, version`
	councilColumns = `id, code, name, name_en, level, unit_code, parent_id, sort_key, demonstration, version`
	postColumns    = `id, person_id, body_id, title, roles, starts, ends, version`
	personColumns  = `id, name, sort_key, email, phone, demonstration, version`
)

// kindOrder puts the council's own house before those that answer to it.
const kindOrder = `CASE b.kind WHEN 'office' THEN 0 WHEN 'standing_committee' THEN 1 WHEN 'committee' THEN 2 WHEN 'peoples_committee' THEN 3 WHEN 'agency' THEN 4 WHEN 'delegation' THEN 5 ELSE 6 END`

// listMax bounds lists that are shown whole: bodies and posts of one council.
const listMax = 2000

// AddCouncil saves a new council. It belongs in a verb's transaction.
func AddCouncil(ctx context.Context, tx *db.Tx, c Council) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_councils (`+councilColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1)`,
		c.ID, c.Code, c.Name, c.NameEn, c.Level, c.UnitCode, c.ParentID, text.SortKey(c.Name), c.Demonstration)
	return err
}

// AddBody saves a new body.
func AddBody(ctx context.Context, tx *db.Tx, b Body) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_bodies (`+bodyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1)`,
		b.ID, b.CouncilID, b.Kind, b.Code, b.Name, b.NameEn, b.Superior, b.Symbol, b.Place, b.UnitCode, b.Fields,
		text.SortKey(b.Name), text.Fold(b.Name), b.ValidFrom, b.ValidTo, b.SuccessorID)
	return err
}

// AddPerson saves a new person.
func AddPerson(ctx context.Context, tx *db.Tx, p Person) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_people (`+personColumns+`) VALUES ($1, $2, $3, $4, $5, $6, 1)`,
		p.ID, p.Name, text.NameKey(p.Name), p.Email, p.Phone, p.Demonstration)
	return err
}

// AddPost saves a new post.
func AddPost(ctx context.Context, tx *db.Tx, p Post) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_posts (`+postColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)`,
		p.ID, p.PersonID, p.BodyID, p.Title, p.Roles, p.Starts, p.Ends)
	return err
}

// AddTerm saves a term of office.
func AddTerm(ctx context.Context, tx *db.Tx, t Term) error {
	_, err := tx.Exec(ctx, `INSERT INTO org_terms (id, council_id, number, name, starts, ends) VALUES ($1, $2, $3, $4, $5, $6)`,
		t.ID, t.CouncilID, t.Number, t.Name, t.Starts, t.Ends)
	return err
}

// CouncilOf loads a council.
func CouncilOf(ctx context.Context, tx *db.Tx, id string) (Council, error) {
	return db.One[Council](ctx, tx, `SELECT `+councilColumns+` FROM org_councils WHERE id = $1`, id)
}

// Councils lists all councils, the city's first.
func Councils(ctx context.Context, tx *db.Tx) ([]Council, error) {
	return db.All[Council](ctx, tx, `SELECT `+councilColumns+` FROM org_councils ORDER BY CASE WHEN level = 'city' THEN 0 ELSE 1 END, sort_key, id LIMIT $1`, listMax)
}

// Cities lists the councils of cities.
func Cities(ctx context.Context, tx *db.Tx) ([]Council, error) {
	return db.All[Council](ctx, tx, `SELECT `+councilColumns+` FROM org_councils WHERE level = 'city' ORDER BY sort_key, id LIMIT $1`, listMax)
}

// CouncilOfUnit finds the council of an administrative unit.
func CouncilOfUnit(ctx context.Context, tx *db.Tx, unitCode string) (Council, error) {
	return db.One[Council](ctx, tx, `SELECT `+councilColumns+` FROM org_councils WHERE unit_code = $1`, unitCode)
}

// BodyOf loads a body.
func BodyOf(ctx context.Context, tx *db.Tx, id string) (Body, error) {
	return db.One[Body](ctx, tx, `SELECT `+bodyColumns+` FROM org_bodies WHERE id = $1`, id)
}

// BodiesOf lists a council's bodies of the given kinds; all kinds when none is named.
func BodiesOf(ctx context.Context, tx *db.Tx, councilID string, kinds ...BodyKind) ([]Body, error) {
	names := make([]string, len(kinds))
	for i, k := range kinds {
		names[i] = string(k)
	}
	return db.All[Body](ctx, tx, `SELECT `+bodyColumns+` FROM org_bodies WHERE council_id = $1 AND ($2 = 0 OR kind `+tx.In("$3")+`) ORDER BY kind, sort_key, id LIMIT $4`,
		councilID, len(kinds), db.List(names), listMax)
}

// AnsweringTo lists the bodies that a council may ask, its own first: of a ward
// also the city's, of a city also every ward's People's Committee.
func AnsweringTo(ctx context.Context, tx *db.Tx, c Council) ([]Body, error) {
	return db.All[Body](ctx, tx, `SELECT `+bodyColumns+` FROM org_bodies
		WHERE council_id IN (SELECT id FROM org_councils WHERE id = $1 OR id = $2 OR parent_id = $1) AND kind IN ($3, $4, $5)
		ORDER BY CASE WHEN council_id = $1 THEN 0 ELSE 1 END, (SELECT sort_key FROM org_councils WHERE org_councils.id = org_bodies.council_id), council_id, kind, sort_key, id LIMIT $6`,
		c.ID, c.ParentID, Agency, PeoplesCommittee, Delegation, listMax)
}

// BodiesNamed loads bodies by id, for lists that show their names.
func BodiesNamed(ctx context.Context, tx *db.Tx, ids []string) (map[string]Body, error) {
	all, err := db.All[Body](ctx, tx, `SELECT `+bodyColumns+` FROM org_bodies WHERE id `+tx.In("$1"), db.List(ids))
	if err != nil {
		return nil, err
	}
	named := make(map[string]Body, len(all))
	for _, b := range all {
		named[b.ID] = b
	}
	return named, nil
}

// Holder is a person in an open post of a body.
type Holder struct {
	PostID   string          `db:"post_id"`
	PersonID string          `db:"person_id"`
	Name     string          `db:"name"`
	Title    string          `db:"title"`
	Email    string          `db:"email"`
	Roles    db.JSON[[]Role] `db:"roles"`
}

// Holders lists who holds a post in a body on a day.
func Holders(ctx context.Context, tx *db.Tx, bodyID string, on clock.Date) ([]Holder, error) {
	return db.All[Holder](ctx, tx, `SELECT p.id AS post_id, p.person_id, e.name, p.title, e.email, p.roles
		FROM org_posts p JOIN org_people e ON e.id = p.person_id
		WHERE p.body_id = $1 AND (p.starts = '' OR p.starts <= $2) AND (p.ends = '' OR p.ends > $2)
		ORDER BY e.sort_key, p.id LIMIT $3`, bodyID, on, listMax)
}

// StandIn is who acts in a post by a delegation.
//
// vi: người được uỷ quyền
type StandIn struct {
	Holder
	BodyID string            `db:"body_id"` // of the post that was handed over
	Scope  db.JSON[[]string] `db:"scope"`   // of rights; empty: all of the post's
	Onward bool              `db:"onward"`
}

// StandIns lists who acts in posts by delegations that run on a day, whoever
// the powers were passed on to included.
func StandIns(ctx context.Context, tx *db.Tx, postIDs []string, on clock.Date) (all []StandIn, err error) {
	for depth := 1; depth <= chainMax && len(postIDs) > 0; depth++ {
		next, err := db.All[StandIn](ctx, tx, `SELECT t.id AS post_id, t.person_id, e.name, t.title, e.email, t.roles, f.body_id, d.scope, d.onward
			FROM org_delegations d JOIN org_posts f ON f.id = d.from_post JOIN org_posts t ON t.id = d.to_post JOIN org_people e ON e.id = t.person_id
			WHERE d.ended_at = 0 AND d.starts <= $2 AND d.ends >= $2 AND (t.starts = '' OR t.starts <= $2) AND (t.ends = '' OR t.ends > $2)
				AND d.from_post `+tx.In("$1")+` ORDER BY d.created_at, d.id LIMIT 200`, db.List(postIDs), on)
		if err != nil {
			return nil, err
		}
		all, postIDs = append(all, next...), nil
		for _, n := range next {
			if n.Onward {
				postIDs = append(postIDs, n.PostID)
			}
		}
	}
	return all, nil
}

// Directory is one line of the list of all people and posts.
type Directory struct {
	PostID    string          `db:"post_id"`
	PersonID  string          `db:"person_id"`
	Name      string          `db:"name"`
	Title     string          `db:"title"`
	BodyID    string          `db:"body_id"`
	BodyName  string          `db:"body_name"`
	BodyKind  BodyKind        `db:"body_kind"`
	CouncilID string          `db:"council_id"`
	Council   string          `db:"council"`
	Level     Level           `db:"level"`
	Roles     db.JSON[[]Role] `db:"roles"`
	Starts    clock.Date      `db:"starts"`
	Ends      clock.Date      `db:"ends"`
}

// DirectoryOf lists the posts open on a day; of one council, or of all when
// councilID is empty.
func DirectoryOf(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) ([]Directory, error) {
	return db.All[Directory](ctx, tx, `SELECT p.id AS post_id, p.person_id, e.name, p.title, p.body_id, b.name AS body_name, b.kind AS body_kind,
			b.council_id, c.name AS council, c.level, p.roles, p.starts, p.ends
		FROM org_posts p JOIN org_people e ON e.id = p.person_id JOIN org_bodies b ON b.id = p.body_id JOIN org_councils c ON c.id = b.council_id
		WHERE ($1 = '' OR b.council_id = $1) AND (p.starts = '' OR p.starts <= $2) AND (p.ends = '' OR p.ends > $2)
		ORDER BY CASE WHEN c.level = 'city' THEN 0 ELSE 1 END, c.sort_key, `+kindOrder+`, b.sort_key, e.sort_key, p.id LIMIT $3`, councilID, on, listMax)
}

// PersonOf loads a person.
func PersonOf(ctx context.Context, tx *db.Tx, id string) (Person, error) {
	return db.One[Person](ctx, tx, `SELECT `+personColumns+` FROM org_people WHERE id = $1`, id)
}

// PostOf loads a post.
func PostOf(ctx context.Context, tx *db.Tx, id string) (Post, error) {
	return db.One[Post](ctx, tx, `SELECT `+postColumns+` FROM org_posts WHERE id = $1`, id)
}

// CurrentTerm is the term of office a council is in on a day.
func CurrentTerm(ctx context.Context, tx *db.Tx, councilID string, on clock.Date) (Term, error) {
	t, err := db.One[Term](ctx, tx, `SELECT id, council_id, number, name, starts, ends FROM org_terms
		WHERE council_id = $1 AND starts <= $2 AND (ends = '' OR ends > $2) ORDER BY starts DESC`, councilID, on)
	if fault.Is(err, "db.no_row") {
		return Term{}, fault.New(fault.Missing, "org.no_term")
	}
	return t, err
}
