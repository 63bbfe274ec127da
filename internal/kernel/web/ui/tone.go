package ui

// Class names are whole words in this file so that the style sheet keeps them.

func buttonTone(t Tone) string {
	switch t {
	case Primary:
		return "btn-primary"
	case Danger:
		return "btn-danger"
	case Quiet:
		return "btn-quiet"
	}
	return "btn-outline"
}

func noticeTone(t Tone) string {
	switch t {
	case Good:
		return "notice-good"
	case Warning, Gold:
		return "notice-warning"
	case Bad:
		return "notice-bad"
	}
	return "notice-plain"
}

func noticeIcon(t Tone) string {
	switch t {
	case Good:
		return "circle-check"
	case Warning, Gold:
		return "alert-triangle"
	case Bad:
		return "alert-circle"
	}
	return "info-circle"
}

func badgeTone(t Tone) string {
	switch t {
	case Good:
		return "badge-good"
	case Notable:
		return "badge-notable"
	case Warning:
		return "badge-warning"
	case Bad:
		return "badge-bad"
	case Gold:
		return "badge-gold"
	}
	return "badge-plain"
}

func wordTone(t Tone) string {
	switch t {
	case Good:
		return "word-good"
	case Warning, Gold:
		return "word-warning"
	case Bad:
		return "word-bad"
	}
	return "word-plain"
}

func rowTone(t Tone) string {
	switch t {
	case Bad:
		return "row-bad"
	case Warning:
		return "row-warning"
	case Good:
		return "row-good"
	}
	return "row-plain"
}

// fillTone colours the bars of charts.
func fillTone(t Tone) string {
	switch t {
	case Good:
		return "fill-good"
	case Notable:
		return "fill-notable"
	case Warning, Gold:
		return "fill-gold"
	case Bad:
		return "fill-bad"
	case Quiet:
		return "fill-quiet"
	}
	return "fill-primary"
}

func dueTone(s DueState) Tone {
	switch s {
	case OnTime, Met:
		return Good
	case DueSoon, Provisional:
		return Warning
	case Late, MetLate:
		return Bad
	}
	return Plain
}

func dueIcon(s DueState) string {
	switch s {
	case Late, MetLate:
		return "clock-exclamation"
	case Paused:
		return "clock-pause"
	case Met:
		return "circle-check"
	}
	return "clock"
}
