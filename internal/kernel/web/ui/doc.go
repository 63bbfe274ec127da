// Package ui holds the parts that pages are made of: the shell around a page,
// form fields, tables, badges, timelines, charts. Each part is one templ
// component that takes one typed struct, so the compiler checks every page.
//
// It owns the look and the wiring for keyboards and screen readers. It knows no
// HTTP, no database and no field of work. The words in a struct (labels, hints,
// cells) are given ready in the reader's language, mostly by text.T(ctx, key);
// what a part says of its own accord it takes from the keys under [ui].
//
// Nothing here needs JavaScript, and no part writes a style attribute: the
// content security policy forbids them. Class names are written out whole,
// because the style sheet keeps only the classes it finds in the sources.
//
// The parts (struct → component):
//
//	Frame        → Shell(f){…}             whole page: menu, top bar, flash, keys
//	Heading      → PageHeader(h)           title, line above, lead, actions, crumbs
//	CardHead     → Card(c){…}              framed part of a page
//	             → Beside(){…}             cards in two columns, the first wider
//	Figure       → Stat(f); Stats(){…}     one number with its name; a row of them
//	Errors       → ErrorSummary(e)         list of what is wrong, linked to the fields
//	Field        → TextInput(f) TextArea(f) DateInput(f)
//	Choice       → Select(c) Radios(c) Checkboxes(c)
//	Check        → Checkbox(c)
//	FileField    → FileInput(f)
//	             → Once()                  hidden token against double sending
//	Action       → Submit(a) LinkButton(a) PostButton(a)
//	TableView[T] → Table(t)                typed columns, column choice, row links, bulk bar
//	Filters      → FilterBar(f){…}         GET form around fields, with saved views
//	Pages        → Pager(p)                next and previous by key
//	Event        → Timeline(events)
//	Due          → DeadlineBadge(d)        on time, due soon, late, paused, provisional
//	State        → StateBadge(s)
//	Term         → DefinitionList(terms)
//	Tab          → Tabs(label, tabs)
//	Notice       → Alert(n){…}
//	Crumb        → Breadcrumbs(crumbs)
//	Confirm      → ConfirmPage(c){…}       the question before an act that cannot be undone
//	Conflict     → ConflictPage(c)         two versions side by side
//	Failure      → FailurePage(f)          what went wrong, with the kept text
//	Bars, Stack, Columns → BarChart(b) StackedBar(s) ColumnChart(c)
//	             → PrintButton() Icon(name) EmptyState(e)
//
// Keys: j and k walk the rows of a Table, Enter opens, / goes to the search
// box, ? lists the keys; a page adds its own by Frame.Keys (web.Head.Keys).
//
// Live parts: put data-live="council:ID case:ID" and data-live-url="address" on
// an element with an id; when the topic changes, the browser asks the address
// for the fragment and morphs it in. Without JavaScript the page is as fresh as
// its last load.
package ui
