package open

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"strings"

	"example.vn/hdnd/internal/kernel/audit"
	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// Verdict is what a check of a receipt found.
//
// vi: kết luận kiểm tra biên nhận
type Verdict string

// The verdicts.
const (
	Valid      Verdict = "valid"
	NotValid   Verdict = "not_valid"
	NotOurs    Verdict = "not_ours"   // signed by another log
	Unreadable Verdict = "unreadable" // no receipt at all
)

// Checked is a receipt that was checked, with the sentence that says why.
//
// vi: kết quả kiểm tra biên nhận
type Checked struct {
	Verdict Verdict
	Reason  *fault.Fault // nil when Valid
	Result  audit.Result
}

// Check checks a receipt that somebody holds, by this log's own key. It asks
// no database, so it says the same on any machine.
func (s *Service) Check(receipt string) (Checked, error) {
	leaf, proof, ok := unwrap(receipt)
	if !ok {
		return Checked{Verdict: Unreadable, Reason: fault.New(fault.Invalid, "audit.receipt_malformed")}, nil
	}
	result, err := audit.VerifyReceipt([]string{s.Audit.PublicKey()}, leaf, proof)
	switch f := fault.Of(err); {
	case err == nil:
		return Checked{Verdict: Valid, Result: result}, nil
	case f.Kind != fault.Invalid:
		return Checked{}, err
	case f.Key == "audit.receipt_other_log":
		return Checked{Verdict: NotOurs, Reason: f}, nil
	case f.Key == "audit.receipt_malformed" || f.Key == "audit.leaf_malformed":
		return Checked{Verdict: Unreadable, Reason: f}, nil
	default:
		return Checked{Verdict: NotValid, Reason: f}, nil
	}
}

// The first lines of a proof and of a promise.
const (
	proofHead   = "c2sp.org/tlog-proof@v1"
	promiseHead = "hdnd-promise@v1"
)

// unwrap finds the receipt in what was pasted. Out of a PDF come other words
// around it, indented lines, and long lines broken in two; no character of the
// receipt itself is guessed at.
func unwrap(pasted string) (leaf, proof string, ok bool) {
	pasted = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\ufeff", "", "\u00a0", " ").Replace(pasted)
	at := strings.Index(pasted, "{")
	if at < 0 {
		return "", "", false
	}
	rest := pasted[at:]
	head, here := proofHead, strings.Index(rest, proofHead)
	if here < 0 {
		head, here = promiseHead, strings.Index(rest, promiseHead)
	}
	if here < 0 {
		return "", "", false
	}
	end := strings.LastIndex(rest[:here], "}")
	if end < 0 {
		return "", "", false
	}
	leaf = joinLines(rest[:end+1])
	lines := strings.Split(rest[here:], "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if head == promiseHead {
		return leaf, rejoin(lines, promiseShape()), true
	}
	return leaf, rejoin(lines, proofShape()), true
}

// joinLines puts a JSON text that was broken over lines together again. The
// leaf has no blank outside of its strings, and none in them but within words,
// so whether a break stood for a blank is tried out.
func joinLines(s string) string {
	var parts []string
	for line := range strings.SplitSeq(s, "\n") {
		parts = append(parts, strings.TrimSpace(line))
	}
	whole := strings.Join(parts, "")
	if !json.Valid([]byte(whole)) {
		return strings.TrimSpace(s)
	}
	return whole
}

// shape says what the next line of a proof must be, by the length or the
// beginning that it has; a line that is too short goes on in the next one.
type shape struct {
	want func(line string) bool
	many bool // as often as it fits
}

func starts(prefix string) shape {
	return shape{want: func(l string) bool { return strings.HasPrefix(l, prefix) }}
}

func hashLine(l string) bool {
	b, err := base64.StdEncoding.DecodeString(l)
	return err == nil && len(b) == 32
}

// signed is a whole signature line: "— name base64".
func signed(l string) bool {
	name, sig, ok := strings.Cut(strings.TrimPrefix(l, "— "), " ")
	if !ok || name == "" || !strings.HasPrefix(l, "— ") {
		return false
	}
	b, err := base64.StdEncoding.DecodeString(sig)
	return err == nil && len(b) > 4
}

func empty(l string) bool { return l == "" }

func some(l string) bool { return l != "" }

// proofShape is a tlog-proof with its checkpoint.
func proofShape() []shape {
	return []shape{starts(proofHead), {want: func(l string) bool { return strings.HasPrefix(l, "index ") || strings.HasPrefix(l, "extra ") }, many: true},
		{want: hashLine, many: true}, {want: empty}, {want: some}, {want: some}, {want: hashLine}, {want: empty}, {want: signed, many: true}}
}

func promiseShape() []shape {
	return []shape{starts(promiseHead), starts("origin "), {want: func(l string) bool { return strings.HasPrefix(l, "leaf ") && hashLine(strings.TrimPrefix(l, "leaf ")) }},
		starts("at "), {want: empty}, {want: signed, many: true}}
}

// rejoin reads lines by their shapes. A line that fits its shape only together
// with the next ones is put together; a blank line that was lost is put back;
// what comes after the last shape is left out.
func rejoin(lines []string, shapes []shape) string {
	const piecesMost = 4
	var out []string
	at := 0
	for _, sh := range shapes {
		for {
			if sh.want("") { // a blank line, or several, or none
				for at < len(lines) && lines[at] == "" {
					at++
				}
				out = append(out, "")
				break
			}
			line, used := "", 0
			for n := 1; n <= piecesMost && at+n <= len(lines); n++ {
				joined := strings.Join(lines[at:at+n], "")
				spaced := strings.Join(lines[at:at+n], " ")
				if sh.want(joined) {
					line, used = joined, n
				} else if sh.want(spaced) {
					line, used = spaced, n
				}
				if used > 0 {
					break
				}
			}
			if used == 0 {
				break
			}
			out = append(out, line)
			at += used
			if !sh.many {
				break
			}
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// Offline is the page that checks receipts without us, with this log's key in
// it: one file, to be saved and opened from the disk.
func (s *Service) Offline(ctx context.Context) ([]byte, error) {
	var parts [3]string
	for i, name := range []string{"offline/page.html", "offline/verify.js", "offline/form.js"} {
		b, err := fs.ReadFile(Files, name)
		if err != nil {
			return nil, err
		}
		parts[i] = string(b)
	}
	// The page itself fills the places of its sentences.
	sentences := map[string]string{
		"lead":           text.T(ctx, "open.offline_lead"),
		"label":          text.T(ctx, "open.offline_label"),
		"file":           text.T(ctx, "open.offline_file"),
		"do":             text.T(ctx, "open.offline_do"),
		"key":            text.T(ctx, "open.offline_key"),
		"key_note":       text.T(ctx, "open.offline_key_note"),
		"valid_proven":   text.T(ctx, "open.offline_valid_proven", "index", "{index}", "origin", "{origin}", "size", "{size}"),
		"valid_promised": text.T(ctx, "open.offline_valid_promised", "at", "{at}", "origin", "{origin}"),
		"leaf":           text.T(ctx, "open.offline_leaf", "at", "{at}", "event", "{event}", "ref", "{ref}"),
		"forged":         text.T(ctx, "open.offline_forged"),
		"other_leaf":     text.T(ctx, "open.offline_other_leaf"),
		"other_log":      text.T(ctx, "open.offline_other_log"),
		"unreadable":     text.T(ctx, "open.offline_unreadable"),
		"details":        text.T(ctx, "open.offline_details"),
	}
	config, err := json.Marshal(map[string]any{"key": s.Audit.PublicKey(), "words": sentences, "lang": text.LangOf(ctx)}) // escapes "<", so it cannot end the script
	if err != nil {
		return nil, err
	}
	page := parts[0]
	for name, value := range map[string]string{"LANG": string(text.LangOf(ctx)), "TITLE": text.T(ctx, "open.offline_title"), "NOSCRIPT": text.T(ctx, "open.offline_script"),
		"CONFIG": string(config), "SCRIPT": parts[1] + parts[2]} {
		if !strings.Contains(page, "{{"+name+"}}") {
			return nil, fmt.Errorf("open: the page for checking offline has no place for %s", name)
		}
		page = strings.ReplaceAll(page, "{{"+name+"}}", value)
	}
	return []byte(page), nil
}
