package petitions

import (
	"context"
	"slices"

	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/kernel/db"
	"example.vn/hdnd/internal/kernel/notify"
	"example.vn/hdnd/internal/kernel/org"
	"example.vn/hdnd/internal/modules/petitions/reminders"
	"example.vn/hdnd/internal/modules/petitions/worklist"
)

// tell is called with every act, in its transaction: search reads the case
// again, the people whose move it is now are told, and the voter is written to.
func (s *Service) tell(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if err := s.indexed(ctx, tx, m); err != nil {
		return err
	}
	if err := s.tellOfficials(ctx, tx, m); err != nil {
		return err
	}
	if err := s.shares.Moved(ctx, tx, m); err != nil {
		return err
	}
	if reminders.Followed(m.Verb.Name) {
		if err := s.reminders.Follow(ctx, tx, m.Case.ID); err != nil {
			return err
		}
	}
	// When a petition is received, Receive writes to the voter itself, once it is there.
	if m.Case.Sealed || !m.Act.Public || m.Act.Number == 1 {
		return nil
	}
	p, err := petitionOf(ctx, tx, m.Case.ID)
	if err != nil {
		return err
	}
	return s.writeVoter(ctx, tx, p, m.Case, m.Verb.Name)
}

// tellOfficials writes to the inboxes of those who have to do the next thing,
// and of those who asked for what was decided.
func (s *Service) tellOfficials(ctx context.Context, tx *db.Tx, m cases.Move) error {
	if ofMany(ctx) {
		return nil // a workbook of 50,000 rows is no 50,000 notices: its page tells what it brought
	}
	place, roles := m.Case.Waits, []org.Role(nil)
	switch m.Verb.Name {
	case "assign":
		return s.notice(ctx, tx, m, notify.Recipients{Posts: []string{m.Case.AssigneePostID}})
	case "ask_extension":
		place, roles = cases.Owner, []org.Role{org.Head}
	case "extend", "refuse_extension":
		place = cases.Holder
	default:
		if m.Verb.To == "" {
			return nil
		}
		roles = s.deskRoles(m.Case)
	}
	to, err := s.Cases.People(ctx, tx, m.Case, place, roles)
	if err != nil {
		return err
	}
	return s.notice(ctx, tx, m, to)
}

// deskRoles are the roles with a verb that leads on from where the case stands.
// In the answering body the engine knows better: an assigned officer comes first.
func (s *Service) deskRoles(c *cases.Case) []org.Role {
	p, err := s.Cases.Procedure(c.Procedure, c.Version)
	if err != nil || c.Waits == cases.Holder {
		return nil
	}
	rule, ok := p.State(c.State)
	if !ok {
		return nil
	}
	var roles []org.Role
	for _, v := range worklist.Leading(p, rule) {
		for _, r := range v.Roles {
			if !slices.Contains(roles, r) {
				roles = append(roles, r)
			}
		}
	}
	return roles
}

// mailed are the acts after which officials also get an e-mail: those that
// bring something to a desk where nobody may be looking.
var mailed = []string{"forward", "assign", "send_again", "ask_extension"}

func (s *Service) notice(ctx context.Context, tx *db.Tx, m cases.Move, to notify.Recipients) error {
	if to.Body == "" && len(to.Posts) == 0 {
		return nil
	}
	to.Except = m.Who.PersonID
	return s.Notify.Tell(ctx, tx, to, notify.Notice{Key: "petitions.notice." + m.Verb.Name, Args: []any{"code", m.Case.Code, "title", m.Case.Title, "due", m.Case.Due.VN()},
		Link: "/petitions/" + m.Case.ID, CaseID: m.Case.ID, CouncilID: m.Case.CouncilID, Mail: slices.Contains(mailed, m.Verb.Name)})
}

// writeVoter tells the voter of a step, in the voter's language, with the
// address that opens the whole of it.
func (s *Service) writeVoter(ctx context.Context, tx *db.Tx, p Petition, c *cases.Case, verb string) error {
	if err := s.messageVoter(ctx, tx, p, c, verb); err != nil {
		return err
	}
	if p.Email == "" {
		return nil
	}
	say := func(key string) string { return s.Notify.Text.Say(p.Lang, key) }
	args := []any{"code", c.Code, "title", title(p.Text), "step", say("petitions.letter." + verb), "state", say("petitions.state." + string(c.State))}
	return s.Notify.Mail(ctx, tx, notify.Letter{CouncilID: c.CouncilID, CaseID: c.ID, To: p.Email, Lang: p.Lang,
		Subject: notify.Sentence{Key: "petitions.letter_subject", Args: args}, Body: notify.Sentence{Key: "petitions.letter_body", Args: args},
		Link: followPath(c.Code, p.Key), Unsubscribe: "/kien-nghi/ngung-thu/" + c.Code + "?key=" + p.Key})
}

// messaged are the acts that are worth a message on the voter's telephone.
var messaged = []string{"receive", "refuse", "forward", "answer", "reopen"}

// messageVoter tells the voter's telephone, in few words that anybody may see
// there. A number that cannot take messages is the office's to call.
func (s *Service) messageVoter(ctx context.Context, tx *db.Tx, p Petition, c *cases.Case, verb string) error {
	if _, err := notify.Phone(p.Phone); err != nil || !slices.Contains(messaged, verb) {
		return nil
	}
	return s.Notify.Message(ctx, tx, notify.Short{CouncilID: c.CouncilID, CaseID: c.ID, To: p.Phone, Lang: p.Lang, Code: c.Code,
		Body: notify.Sentence{Key: "petitions.letter." + verb}, Link: followPath(c.Code, "")})
}
