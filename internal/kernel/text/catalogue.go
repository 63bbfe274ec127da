// Package text keeps every sentence that people read, in Vietnamese and
// English, and knows how Vietnamese is written: NFC, keys without accents,
// tone places, collation, old encodings.
package text

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/BurntSushi/toml"
)

// Lang is a language of the product.
type Lang string

// The languages. Vietnamese is the first: a sentence missing elsewhere is shown in it.
const (
	Vi Lang = "vi"
	En Lang = "en"
)

// Catalogue holds the sentences of all modules by language and key.
type Catalogue struct {
	sentences map[Lang]map[string]string
	names     atomic.Pointer[map[Lang]map[string]string]
}

// Load reads text/vi.toml and text/en.toml of each file system. A key that is
// given twice, or in one language only, is an error: the start-up stops.
func Load(files ...fs.FS) (*Catalogue, error) {
	c := &Catalogue{sentences: map[Lang]map[string]string{Vi: {}, En: {}}}
	for _, f := range files {
		for _, lang := range []Lang{Vi, En} {
			if err := c.read(f, lang); err != nil {
				return nil, err
			}
		}
	}
	for key := range c.sentences[Vi] {
		if _, ok := c.sentences[En][key]; !ok {
			return nil, fmt.Errorf("text: %q has no English sentence", key)
		}
	}
	for key := range c.sentences[En] {
		if _, ok := c.sentences[Vi][key]; !ok {
			return nil, fmt.Errorf("text: %q has no Vietnamese sentence", key)
		}
	}
	return c, nil
}

func (c *Catalogue) read(f fs.FS, lang Lang) error {
	b, err := fs.ReadFile(f, "text/"+string(lang)+".toml")
	if err != nil {
		return fmt.Errorf("text: %w", err)
	}
	var tree map[string]any
	if err := toml.Unmarshal(b, &tree); err != nil {
		return fmt.Errorf("text: %s.toml: %w", lang, err)
	}
	return c.add(lang, "", tree)
}

func (c *Catalogue) add(lang Lang, prefix string, tree map[string]any) error {
	for k, v := range tree {
		key := strings.TrimPrefix(prefix+"."+k, ".")
		switch v := v.(type) {
		case map[string]any:
			if err := c.add(lang, key, v); err != nil {
				return err
			}
		case string:
			if _, twice := c.sentences[lang][key]; twice {
				return fmt.Errorf("text: %q is given twice in %s", key, lang)
			}
			c.sentences[lang][key] = NFC(v)
		default:
			return fmt.Errorf("text: %q is not a sentence in %s", key, lang)
		}
	}
	return nil
}

// Rename puts the names that an office has given to things of its own, such as
// a new field of work, over the shipped sentences. Each call replaces the names
// of the one before; a name missing in a language is shown in Vietnamese.
func (c *Catalogue) Rename(names map[Lang]map[string]string) {
	all := make(map[Lang]map[string]string, len(names))
	for lang, of := range names {
		all[lang] = make(map[string]string, len(of))
		for key, name := range of {
			all[lang][key] = NFC(name)
		}
	}
	c.names.Store(&all)
}

// named is what an office calls the thing of key.
func (c *Catalogue) named(lang Lang, key string) (string, bool) {
	all := c.names.Load()
	if all == nil {
		return "", false
	}
	for _, l := range []Lang{lang, Vi} {
		if name := (*all)[l][key]; name != "" {
			return name, true
		}
	}
	return "", false
}

// Has reports whether key has a sentence.
func (c *Catalogue) Has(key string) bool {
	_, shipped := c.sentences[Vi][key]
	_, named := c.named(Vi, key)
	return shipped || named
}

// Keys lists all keys in order.
func (c *Catalogue) Keys() []string {
	keys := make([]string, 0, len(c.sentences[Vi]))
	for k := range c.sentences[Vi] {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Say gives the sentence of key in lang with {name} places filled from args
// (name, value pairs). An unknown key gives the key itself in brackets, which
// the text-key rule test and every browser test look for.
func (c *Catalogue) Say(lang Lang, key string, args ...any) string {
	if name, ok := c.named(lang, key); ok {
		return name // as typed by people: braces in it are theirs
	}
	s, ok := c.sentences[lang][key]
	if !ok {
		if s, ok = c.sentences[Vi][key]; !ok {
			return "⟦" + key + "⟧"
		}
	}
	return Fill(s, args...)
}

// Fill replaces {name} places of s by the args (name, value pairs).
func Fill(s string, args ...any) string {
	if len(args) == 0 || !strings.Contains(s, "{") {
		return s
	}
	pairs := make([]string, 0, len(args))
	for i := 0; i+1 < len(args); i += 2 {
		pairs = append(pairs, fmt.Sprintf("{%v}", args[i]), fmt.Sprint(args[i+1]))
	}
	return strings.NewReplacer(pairs...).Replace(s)
}

type voice struct {
	c    *Catalogue
	lang Lang
}

type voiceKey struct{}

// With makes a context whose sentences come from c in lang.
func With(ctx context.Context, c *Catalogue, lang Lang) context.Context {
	return context.WithValue(ctx, voiceKey{}, voice{c, lang})
}

// LangOf is the language of ctx; Vietnamese when none was set.
func LangOf(ctx context.Context) Lang {
	if v, ok := ctx.Value(voiceKey{}).(voice); ok {
		return v.lang
	}
	return Vi
}

// T is the sentence of key in the language of ctx. Pages use it: text.T(ctx, "petitions.title").
func T(ctx context.Context, key string, args ...any) string {
	v, ok := ctx.Value(voiceKey{}).(voice)
	if !ok {
		return "⟦" + key + "⟧"
	}
	return v.c.Say(v.lang, key, args...)
}

// Known reports whether key has a sentence in the catalogue of ctx.
func Known(ctx context.Context, key string) bool {
	v, ok := ctx.Value(voiceKey{}).(voice)
	return ok && v.c.Has(key)
}
