package matching

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"example.vn/hdnd/internal/kernel/org"
)

// answerLine is what the command writes for one text.
type answerLine struct {
	Field     []guessLine      `json:"field"`
	Authority []levelLine      `json:"authority"`
	Body      []BodyGuess      `json:"body"`
	Split     []splitLine      `json:"split,omitempty"`
	Why       map[string][]Why `json:"why,omitempty"`
}

type guessLine struct {
	Code  string  `json:"code"`
	Score float64 `json:"score"`
}

type levelLine struct {
	Level string  `json:"level"`
	Score float64 `json:"score"`
}

type splitLine struct {
	Kind  string  `json:"kind"`
	Score float64 `json:"score"`
}

// lineMost bounds a line of the input: ten pages and their quoting.
const lineMost = 1 << 20

// SuggestCommand reads texts, one {"text": …} a line, and writes what each looks
// like: "suggest FILE.jsonl --json". A line that cannot be read gives an error
// line and the next one is read. It opens no database and no network, so it
// knows the lexicon alone.
func SuggestCommand(ctx context.Context, out io.Writer, args []string) (err error) {
	asJSON := slices.Contains(args, "--json")
	names := slices.DeleteFunc(slices.Clone(args), func(a string) bool { return strings.HasPrefix(a, "--") })
	if len(names) != 1 {
		return errors.New("cách dùng: petitions suggest TỆP.jsonl [--json] / usage: petitions suggest FILE.jsonl [--json]")
	}
	words, err := readLexicons()
	if err != nil {
		return err
	}
	f, err := os.Open(names[0])
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return suggestAll(ctx, f, out, reader{words: words}, asJSON)
}

func suggestAll(ctx context.Context, in io.Reader, out io.Writer, r reader, asJSON bool) error {
	lines := bufio.NewReaderSize(in, 64<<10)
	w := bufio.NewWriter(out)
	for n := 1; ; n++ {
		line, long, err := readLine(lines)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if len(strings.TrimSpace(line)) > 0 || long {
			if werr := writeAnswer(w, n, line, long, r, asJSON); werr != nil {
				return werr
			}
		}
		if err != nil || ctx.Err() != nil {
			return errors.Join(ctx.Err(), w.Flush())
		}
	}
}

// readLine reads a line; of one that is too long only that it is.
func readLine(r *bufio.Reader) (line string, long bool, err error) {
	var b strings.Builder
	for {
		part, more, err := r.ReadLine()
		if err != nil {
			return b.String(), long, err
		}
		if b.Len()+len(part) > lineMost {
			long = true
		} else {
			b.Write(part)
		}
		if !more {
			return b.String(), long, nil
		}
	}
}

func writeAnswer(w io.Writer, n int, line string, long bool, r reader, asJSON bool) error {
	var in struct {
		Text *string `json:"text"`
	}
	var wrong string
	switch err := json.Unmarshal([]byte(strings.TrimPrefix(line, "\ufeff")), &in); {
	case long:
		wrong = "dòng dài quá 1 MB"
	case !utf8.ValidString(line):
		wrong = "dòng không phải là UTF-8"
	case err != nil:
		wrong = "dòng không phải là JSON đúng: " + err.Error()
	case in.Text == nil || strings.TrimSpace(*in.Text) == "":
		wrong = `dòng không có "text"`
	}
	if wrong != "" {
		return writeJSON(w, map[string]any{"line": n, "error": wrong}, asJSON, fmt.Sprintf("dòng %d: %s\n", n, wrong))
	}
	s := r.suggest(*in.Text)
	answer := answerLine{Body: s.Bodies, Why: map[string][]Why{}}
	for _, g := range s.Fields {
		answer.Field = append(answer.Field, guessLine{g.Code, g.Score})
	}
	for _, g := range s.Authorities {
		answer.Authority = append(answer.Authority, levelLine{g.Code, g.Score})
	}
	for _, g := range s.Split {
		answer.Split = append(answer.Split, splitLine{g.Code, g.Score})
		answer.Why[g.Code] = g.Why
	}
	if len(s.Fields[0].Why) > 0 {
		answer.Why[s.Fields[0].Code] = s.Fields[0].Why
	}
	return writeJSON(w, answer, asJSON, plainAnswer(n, s))
}

// plainAnswer is an answer for a person at a terminal.
func plainAnswer(n int, s Suggestion) string {
	var reasons []string
	for _, y := range s.Fields[0].Why {
		reasons = append(reasons, "“"+y.Words+"”")
	}
	line := fmt.Sprintf("dòng %d: %s (%.2f), %s (%.2f), %s", n, s.Fields[0].Code, s.Fields[0].Score, s.Authorities[0].Code, s.Authorities[0].Score, bodyLine(s.Bodies[0]))
	if len(reasons) > 0 {
		line += "; vì: " + strings.Join(reasons, ", ")
	}
	for _, g := range s.Split {
		line += fmt.Sprintf("; có thể là %s (%.2f)", g.Code, g.Score)
	}
	return line + "\n"
}

func bodyLine(b BodyGuess) string {
	if b.Kind == org.PeoplesCommittee || b.Kind == org.Agency || b.Kind == org.Delegation {
		return fmt.Sprintf("%s (%.2f)", b.Name, b.Score)
	}
	return string(b.Kind)
}

func writeJSON(w io.Writer, v any, asJSON bool, plain string) error {
	if !asJSON {
		_, err := io.WriteString(w, plain)
		return err
	}
	return json.NewEncoder(w).Encode(v)
}
