package main

// The tables of reception. Their rows are not laid out by hand: those of a few
// letters and visits that the program itself has written are taken as they are,
// with other days, numbers and words.
var (
	bookTable = table{"reception_letters", []string{"id", "council_id", "year", "number", "kind", "source", "from_body", "received_on", "written_on", "access_key", "respondent", "summary", "content",
		"sender_line", "sender_count", "anonymous", "evidence", "originals", "instance", "remote", "many_places", "authority", "body_id", "result", "reason", "proposal", "conditions", "parent_id",
		"joined_to", "matter_id", "urged", "satisfied", "created_by", "created_at"}}
	sendersTable  = table{"reception_senders", []string{"letter_id", "number", "name", "address", "contact", "paper", "represents", "withdrawn_on"}}
	marksTable    = table{"reception_marks", []string{"letter_id", "council_id", "kind", "mark"}}
	onceTable     = table{"reception_once", []string{"mark", "letter_id", "at"}}
	mattersTable  = table{"reception_matters", []string{"id", "council_id", "letter_id", "kind", "source", "instance", "remote", "accepted_on", "complexity", "criteria", "complexity_document", "dialogue_on", "created_at"}}
	sendingsTable = table{"reception_sendings", []string{"id", "letter_id", "ordinal", "council_id", "kind", "from_body_id", "to_body_id", "number", "symbol", "at", "due", "signer", "signer_title", "on_behalf",
		"words", "paper_id", "draft_id", "answer_number", "answer_on", "tell_due", "satisfied", "urged", "ended"}}
	notesTable       = table{"reception_notes", []string{"case_id", "number", "words"}}
	stubsTable       = table{"reception_sealed", []string{"id", "council_id", "day", "place", "book", "mark"}}
	compartmentTable = table{"vault_compartments", []string{"id", "council_id", "subject", "key_id", "wrapped", "made_at", "destroyed_at", "document", "version"}}
	itemsTable       = table{"vault_items", []string{"id", "compartment_id", "name", "chunks"}}
	chunksTable      = table{"vault_chunks", []string{"item_id", "idx", "box"}}
	readersTable     = table{"vault_readers", []string{"id", "compartment_id", "person_id", "name", "keeper", "until", "reason", "admitted_at", "admitted_by", "ended_at", "ended_by", "end_reason", "code"}}
	visitsTable      = table{"reception_visits", []string{"id", "council_id", "on_day", "day_id", "number", "booking_id", "host_post_id", "host_name", "host_title", "leader", "delegated", "kind", "online", "state",
		"sealed", "priority", "arrived_at", "slot_at", "called_at", "called_by", "called_name", "desk", "people", "appointment", "minutes", "minutes_read", "minutes_sign", "ground", "ground_note", "refused_on",
		"notice_due", "notice_symbol", "notice_on", "conclusion", "conclusion_symbol", "conclusion_on", "ended_at", "ended_name", "mark", "revision"}}
	visitorsTable = table{"reception_visitors", []string{"id", "visit_id", "council_id", "position", "name", "folded", "address", "contact", "role", "capacity_paper", "paper_kind", "paper_box", "paper_last",
		"paper_digest"}}
	linesTable = table{"reception_lines", []string{"id", "visit_id", "council_id", "on_day", "position", "year", "log_no", "class", "times", "sealed", "summary", "earlier", "request", "people", "settled_by",
		"outcome", "to_body", "symbol", "follow", "note", "tell_due", "told_on", "case_id", "revision"}}
	receiptsTable = table{"reception_receipts", []string{"id", "visit_id", "number", "items", "given_on", "by_id", "by_name", "mark"}}
	daysTable     = table{"reception_days", []string{"id", "council_id", "kind", "day", "starts", "ends", "place", "online", "joining", "host_post_id", "host_person_id", "host_name", "host_title", "leader", "for_whom",
		"participants", "subjects", "slot_minutes", "slot_seats", "state", "late_reason", "publish_by", "change_note", "drafted_by", "drafted_name", "published_at", "published_by", "published_name",
		"changed_at", "tested_on", "recording", "alarmed_on", "mark", "revision"}}
	bookingsTable = table{"reception_bookings", []string{"id", "council_id", "day_id", "slot", "seat", "code", "unnamed", "name", "contact", "subject", "people", "lang", "state", "news", "told_at", "told_by",
		"booked_at", "mark", "revision"}}
)

// letterTables in the order in which they refer to each other.
func letterTables() []*table {
	return []*table{&bookTable, &sendersTable, &marksTable, &onceTable, &mattersTable, &sendingsTable, &notesTable, &stubsTable, &compartmentTable, &itemsTable, &chunksTable, &readersTable,
		&daysTable, &bookingsTable, &visitsTable, &visitorsTable, &linesTable, &receiptsTable}
}
