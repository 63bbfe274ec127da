// Package matching reads what petitions say (đối chiếu nội dung kiến nghị): which
// field, level and body a text belongs to and why, which petitions speak of the
// same thing, and which passage of one reply letter answers which petition. It
// proposes; people decide, and each decision is a verb here or in petitions.
//
// It owns the groups of petitions about one matter (petitions_groups,
// petitions_group_members: every original keeps its receipt, clock and voter),
// the words learned from a council's own classified petitions
// (petitions_learned) and reply letters that wait for confirmation
// (petitions_replies). It does not classify, answer or close a petition: those
// are petitions' verbs, plugged into Deps. Nothing here uses a network.
//
// The words of the fields are data, lexicon/fields.toml. testdata/README.md has
// the figures that were measured, and how to measure again.
package matching
