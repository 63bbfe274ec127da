package search

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// folder keeps the segments on disk. Each file is written under a temporary
// name, flushed to the disk and renamed; the manifest that names them all comes
// last. Files no manifest names are swept away when the folder is opened.
type folder struct {
	path string
	mu   sync.Mutex
	next int             // number of the last file
	kept map[string]bool // files of the last manifest
	step func(string)    // tests look at the folder after each step; nil otherwise
	lock io.Closer
}

const (
	manifestName = "manifest"
	// rulesVersion counts the changes to how text is cut into terms. An index
	// of another version is built anew.
	rulesVersion = 1
)

// manifest is what a whole index consists of.
type manifest struct {
	Rules    int            `json:"rules"`
	Low      int64          `json:"low"`
	Identity int64          `json:"identity"`
	Anchor   string         `json:"anchor"`
	Segments []manifestSlot `json:"segments"`
}

type manifestSlot struct {
	File string `json:"file"`
	Dead string `json:"dead,omitempty"`
	// Since is when the first of the dead died, in microseconds.
	Since int64 `json:"since,omitempty"`
}

// take makes the folder this process's own.
func (f *folder) take() error {
	if err := os.MkdirAll(f.path, 0o700); err != nil {
		return err
	}
	var err error
	f.lock, err = lockFile(filepath.Join(f.path, "lock"))
	return err
}

// leave gives it up; a second time does nothing.
func (f *folder) leave() error {
	if f.lock == nil {
		return nil
	}
	err := f.lock.Close()
	f.lock = nil
	return err
}

func (f *folder) stepped(what string) {
	if f.step != nil {
		f.step(what)
	}
}

func (f *folder) number() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.next++
	return f.next
}

// write makes a file that is either whole or not there.
func (f *folder) write(name string, fill func(io.Writer) error) error {
	temp := filepath.Join(f.path, name+".tmp")
	file, err := os.Create(temp)
	if err != nil {
		return err
	}
	err = fill(file)
	f.stepped("written " + name)
	if err == nil {
		err = file.Sync()
	}
	if cerr := file.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return errors.Join(err, os.Remove(temp))
	}
	if err := os.Rename(temp, filepath.Join(f.path, name)); err != nil {
		return err
	}
	f.stepped("renamed " + name)
	return f.flush()
}

// flush makes renames durable.
func (f *folder) flush() error {
	d, err := os.Open(f.path)
	if err != nil {
		return err
	}
	err = d.Sync()
	return errors.Join(err, d.Close())
}

// writeSegment writes a segment and opens it.
func (f *folder) writeSegment(docs int, fill func(*segmentWriter)) (*segment, error) {
	terms := &spool{dir: f.path}
	defer terms.drop()
	name := fmt.Sprintf("%08d.segment", f.number())
	err := f.write(name, func(w io.Writer) error {
		sw := newSegmentWriter(w, docs, terms)
		fill(sw)
		return sw.finish()
	})
	if err != nil {
		return nil, err
	}
	return f.openSegment(name)
}

func (f *folder) openSegment(name string) (*segment, error) {
	data, done, err := mapFile(filepath.Join(f.path, name))
	if err != nil {
		return nil, err
	}
	seg, err := openSegment(data)
	if err != nil {
		if done != nil {
			done()
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	seg.close, seg.fileName = done, name
	return seg, nil
}

// commit writes the lists of dead documents and the manifest, and removes what
// it no longer names.
func (f *folder) commit(slots []*slot, p place) error {
	m := manifest{Rules: rulesVersion, Low: p.low, Identity: p.identity, Anchor: p.anchor, Segments: []manifestSlot{}}
	for _, s := range slots {
		ms := manifestSlot{File: s.seg.fileName}
		if s.gone > 0 {
			ms.Dead, ms.Since = fmt.Sprintf("%08d.dead", f.number()), s.since.UnixMicro()
			if err := f.write(ms.Dead, func(w io.Writer) error { return writeDead(w, s.dead) }); err != nil {
				return err
			}
		}
		m.Segments = append(m.Segments, ms)
	}
	body, err := json.Marshal(m)
	if err != nil {
		return err
	}
	line := fmt.Sprintf("%s\n%08x\n", body, crc32.Checksum(body, castagnoli))
	if err := f.write(manifestName, func(w io.Writer) error {
		_, err := io.WriteString(w, line)
		return err
	}); err != nil {
		return err
	}
	return f.tidy(m)
}

// tidy removes what the manifest before named and m does not.
func (f *folder) tidy(m manifest) error {
	f.mu.Lock()
	before, after := f.kept, m.files()
	f.kept = after
	f.mu.Unlock()
	for name := range before {
		if after[name] {
			continue
		}
		if err := os.Remove(filepath.Join(f.path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.stepped("removed " + name)
	}
	return nil
}

// discard removes a file that no manifest names.
func (f *folder) discard(name string) {
	f.mu.Lock()
	kept := f.kept[name]
	f.mu.Unlock()
	if kept {
		return
	}
	if err := os.Remove(filepath.Join(f.path, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		slog.Warn("search: a file stays behind until the next start", "err", err)
	}
}

// files are the names in m.
func (m manifest) files() map[string]bool {
	names := map[string]bool{}
	for _, s := range m.Segments {
		names[s.File] = true
		if s.Dead != "" {
			names[s.Dead] = true
		}
	}
	return names
}

func writeDead(w io.Writer, dead bitset) error {
	var b []byte
	for _, word := range dead {
		b = binary.LittleEndian.AppendUint64(b, word)
	}
	b = binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli))
	_, err := w.Write(b)
	return err
}

func (f *folder) readDead(name string, docs int) (bitset, error) {
	b, err := os.ReadFile(filepath.Join(f.path, name))
	if err != nil {
		return nil, err
	}
	dead := newBitset(docs)
	if len(b) != len(dead)*8+4 || crc32.Checksum(b[:len(b)-4], castagnoli) != binary.LittleEndian.Uint32(b[len(b)-4:]) {
		return nil, fmt.Errorf("%s: %w", name, errDamaged)
	}
	for i := range dead {
		dead[i] = binary.LittleEndian.Uint64(b[i*8:])
	}
	return dead, nil
}

// load opens what the manifest names. Damage comes back as an error beside
// whatever could be opened; fs.ErrNotExist means there is no index yet.
func (f *folder) load() ([]*slot, place, error) {
	m, err := f.readManifest()
	if err != nil {
		return nil, place{}, errors.Join(err, f.sweep(manifest{}))
	}
	var slots []*slot
	var broken error
	for _, ms := range m.Segments {
		seg, err := f.openSegment(ms.File)
		if err != nil {
			broken = errors.Join(broken, err)
			continue
		}
		s := &slot{seg: seg}
		if ms.Dead != "" {
			// Without its list a segment would show what was deleted.
			if s.dead, err = f.readDead(ms.Dead, seg.docs); err != nil {
				broken = errors.Join(broken, err)
				seg.release()
				continue
			}
			s.gone, s.since = s.dead.count(), time.UnixMicro(ms.Since)
		}
		slots = append(slots, s)
	}
	return slots, place{low: m.Low, max: m.Low, identity: m.Identity, anchor: m.Anchor}, errors.Join(broken, f.sweep(m))
}

func (f *folder) readManifest() (manifest, error) {
	var m manifest
	b, err := os.ReadFile(filepath.Join(f.path, manifestName))
	if err != nil {
		return m, err
	}
	body, sum, _ := strings.Cut(string(b), "\n")
	if fmt.Sprintf("%08x\n", crc32.Checksum([]byte(body), castagnoli)) != sum {
		return m, fmt.Errorf("manifest: %w", errDamaged)
	}
	if err := json.Unmarshal([]byte(body), &m); err != nil {
		return m, fmt.Errorf("manifest: %w", err)
	}
	if m.Rules != rulesVersion {
		return manifest{}, fmt.Errorf("manifest: index of rules %d, want %d", m.Rules, rulesVersion)
	}
	return m, nil
}

// sweep removes the files that m does not name, and numbers new ones after
// those it does.
func (f *folder) sweep(m manifest) error {
	kept := m.files()
	f.mu.Lock()
	f.kept = kept
	f.mu.Unlock()
	list, err := os.ReadDir(f.path)
	if err != nil {
		return err
	}
	for _, e := range list {
		var n int
		if _, err := fmt.Sscanf(e.Name(), "%08d.", &n); err == nil {
			f.mu.Lock()
			f.next = max(f.next, n)
			f.mu.Unlock()
		}
		if kept[e.Name()] || e.Name() == manifestName || !ours(e.Name()) {
			continue
		}
		if err := os.Remove(filepath.Join(f.path, e.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f.stepped("removed " + e.Name())
	}
	return nil
}

// ours reports that a file was made here: never remove another's.
func ours(name string) bool {
	for _, end := range []string{".segment", ".dead", ".tmp"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}
