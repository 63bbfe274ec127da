package extract

import (
	"archive/zip"
	"errors"
	"io"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"example.vn/hdnd/internal/kernel/fault"
	"example.vn/hdnd/internal/kernel/text"
)

// FolderLimits bound what a ZIP of documents may hold. Zero fields mean the usual.
//
// vi: -
type FolderLimits struct {
	MembersMax      int
	MemberMaxBytes  int64
	AllMaxBytes     int64 // unpacked, together
	RatioMax        int64 // unpacked against packed, of members beyond a megabyte
	PathMaxElements int
}

func (l FolderLimits) filled() FolderLimits {
	if l.MembersMax == 0 {
		l.MembersMax = 5000
	}
	if l.MemberMaxBytes == 0 {
		l.MemberMaxBytes = 500 << 20
	}
	if l.AllMaxBytes == 0 {
		l.AllMaxBytes = 8 << 30
	}
	if l.RatioMax == 0 {
		l.RatioMax = 200
	}
	if l.PathMaxElements == 0 {
		l.PathMaxElements = 20
	}
	return l
}

// Member is one file of a ZIP.
//
// vi: tệp trong thư mục nén
type Member struct {
	Name  string // with its folders; shown only, never a path of ours
	Size  int64  // as stated; Open gives no more
	Wrong *fault.Fault
	file  *zip.File
}

// Open reads a member. More bytes than it states are an error.
func (m Member) Open() (io.ReadCloser, error) {
	if m.Wrong != nil {
		return nil, m.Wrong
	}
	r, err := m.file.Open()
	if err != nil {
		return nil, refuse("extract.damaged_member", m.Name).Because(err)
	}
	return &stated{r, m.Size, m.Name}, nil
}

// stated ends a member that unpacks to more than it states.
type stated struct {
	io.ReadCloser
	left int64
	name string
}

// Read implements io.Reader.
func (s *stated) Read(b []byte) (int, error) {
	n, err := s.ReadCloser.Read(b)
	if s.left -= int64(n); s.left < 0 {
		return 0, refuse("extract.bomb", s.name)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = refuse("extract.damaged_member", s.name).Because(err)
	}
	return n, err
}

// Members lists the files of a ZIP in their order. The ZIP as a whole is refused
// when it is damaged or a bomb; single members that cannot be taken say why.
func Members(f io.ReaderAt, size int64, name string, l FolderLimits) ([]Member, error) {
	l = l.filled()
	z, err := zip.NewReader(f, size)
	if err != nil {
		return nil, refuse("extract.damaged_zip", name).Because(err)
	}
	if len(z.File) > l.MembersMax {
		return nil, refuse("extract.members_many", name, "max", l.MembersMax)
	}
	var all []Member
	var packed, unpacked int64
	seen := map[string]bool{}
	for _, e := range z.File {
		// Members that lie upon each other have more packed bytes than the file.
		if e.CompressedSize64 > uint64(size) || e.UncompressedSize64 > uint64(l.AllMaxBytes) {
			return nil, refuse("extract.bomb", name)
		}
		packed, unpacked = packed+int64(e.CompressedSize64), unpacked+int64(e.UncompressedSize64)
		if packed > size || unpacked > l.AllMaxBytes {
			return nil, refuse("extract.bomb", name)
		}
		m := Member{Name: memberName(e), Size: int64(e.UncompressedSize64), file: e}
		if m.Name == "" || strings.HasSuffix(m.Name, "/") || leftover(m.Name) {
			continue
		}
		m.Wrong = l.judge(e, m)
		if seen[m.Name] && m.Wrong == nil {
			m.Wrong = refuse("extract.member_twice", m.Name)
		}
		seen[m.Name] = true
		all = append(all, m)
	}
	if len(all) == 0 {
		return nil, refuse("extract.zip_empty", name)
	}
	return all, nil
}

func (l FolderLimits) judge(e *zip.File, m Member) *fault.Fault {
	const encrypted = 0x1
	parts := strings.Split(m.Name, "/")
	for _, p := range parts {
		if p == ".." || p == "" || strings.Contains(p, ":") {
			return refuse("extract.member_path", m.Name)
		}
	}
	switch {
	case len(parts) > l.PathMaxElements:
		return refuse("extract.member_path", m.Name)
	case e.Flags&encrypted != 0:
		return refuse("extract.member_locked", m.Name)
	case !e.Mode().IsRegular():
		return refuse("extract.member_path", m.Name) // a link to elsewhere
	case m.Size > l.MemberMaxBytes:
		return refuse("extract.member_large", m.Name, "max", l.MemberMaxBytes>>20)
	case m.Size > 1<<20 && m.Size > l.RatioMax*int64(max(1, e.CompressedSize64)):
		return refuse("extract.bomb", m.Name)
	case m.Size == 0:
		return refuse("extract.empty", m.Name)
	case ending(m.Name) == ".zip", ending(m.Name) == ".rar", ending(m.Name) == ".7z":
		return refuse("extract.nested", m.Name)
	}
	return nil
}

// leftover reports what programs leave in folders and nobody means to send.
func leftover(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || strings.HasPrefix(base, "~$") || strings.HasPrefix(base, "._") ||
		base == ".DS_Store" || strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// memberName is a member's name fit to be shown. Windows writes names in an old
// code page when it is not told otherwise.
func memberName(e *zip.File) string {
	name := e.Name
	if !utf8.ValidString(name) {
		if s, err := charmap.CodePage437.NewDecoder().String(name); err == nil {
			name = s
		}
	}
	slash := strings.HasSuffix(strings.ReplaceAll(name, `\`, "/"), "/")
	name = text.Line(strings.ReplaceAll(name, `\`, "/"))
	const most = 400
	if r := []rune(name); len(r) > most {
		name = string(r[len(r)-most:])
	}
	if slash && !strings.HasSuffix(name, "/") {
		name += "/"
	}
	return name
}
