// Package desk is the screens for what the kernel keeps: everybody's first
// page, the inbox, one search box for everything, the log and its public
// receipt page, the deadline calculator, and the administration.
//
// It owns no tables and makes no rules: it shows and calls the kernel's verbs,
// and records in the log the acts of administrators that no other package
// records. What each field of work shows of itself (numbers on the first page,
// where a search hit leads) is handed to it by the application.
package desk
