package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/modules/petitions"
)

// offers lists what each module gives to the case engine, without opening
// anything.
func offers() []cases.Offer {
	return []cases.Offer{petitions.New().Offer()}
}

// CheckProcedures reads procedure files strictly, those of a folder or the
// built-in ones, and gives the names of the good ones and every flaw.
func CheckProcedures(folder string) (good []string, flaws []cases.Flaw, err error) {
	rules, err := calendar.LoadRules()
	if err != nil {
		return nil, nil, err
	}
	for _, o := range offers() {
		var files fs.FS = o.Files
		if folder != "" {
			files = inFolder(folder)
		}
		all, found := cases.ReadAll(files, cases.NamesOf(o, rules))
		flaws = append(flaws, found...)
		for _, p := range all {
			good = append(good, p.Key())
		}
	}
	return good, flaws, nil
}

// inFolder takes a folder of procedure files, or the folder above it.
func inFolder(folder string) fs.FS {
	if filepath.Base(folder) == "procedures" {
		folder = filepath.Dir(folder)
	}
	return os.DirFS(folder)
}

// publicKeyFile holds the log's public key, beside the secret one.
const publicKeyFile = "log.pub"

// PublicKey reads the log's public key of an installation.
func PublicKey(data string) (string, error) {
	b, err := os.ReadFile(filepath.Join(data, publicKeyFile))
	return strings.TrimSpace(string(b)), err
}
