package documents

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// Fonts are the four faces of the type that letters are set in: Tinos, which
// has the measures of Times New Roman (NĐ 30/2020 asks for it) and, unlike
// other free faces of those measures, every Vietnamese letter.
type Fonts struct{ Regular, Bold, Italic, BoldItalic []byte }

// ReadFonts finds the faces among the files of a folder, by their names.
func ReadFonts(folder fs.FS) (Fonts, error) {
	var f Fonts
	err := fs.WalkDir(folder, ".", func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name := strings.ToLower(e.Name())
		if !strings.HasPrefix(name, "tinos") || !strings.HasSuffix(name, ".ttf") {
			return nil
		}
		face := &f.Regular
		bold, italic := strings.Contains(name, "bold"), strings.Contains(name, "italic")
		switch {
		case bold && italic:
			face = &f.BoldItalic
		case bold:
			face = &f.Bold
		case italic:
			face = &f.Italic
		}
		*face, err = fs.ReadFile(folder, path)
		return err
	})
	if err != nil {
		return Fonts{}, fmt.Errorf("documents: reading type: %w", err)
	}
	return f, f.whole()
}

func (f Fonts) whole() error {
	if len(f.Regular) == 0 || len(f.Bold) == 0 || len(f.Italic) == 0 || len(f.BoldItalic) == 0 {
		return errors.New("documents: the four faces of Tinos are not all there; `make build` puts them into web/dist/type")
	}
	return nil
}
