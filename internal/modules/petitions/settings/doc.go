// Package settings lets an office change what its petitions work with (cấu hình
// nghiệp vụ): fields of work, outcomes, reasons of refusal, templates of
// answers, routing rules, time limits and how long voters' contacts are kept.
//
// Changes come in sets, each on a document and with a day of effect. A set is
// drawn up by one person, tried on the council's newest petitions without
// changing any, and put in force by another. What is in force on a day follows
// from the dates alone; cases that run keep what they began with, and a code
// never changes its meaning.
//
// It owns petitions_change_sets, petitions_change_items and
// petitions_change_tests. It does not classify, route or answer a petition: it
// says what there is to choose from and what the rules propose. The versions of
// time limits belong to the calendar.
package settings
