package app

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"example.vn/hdnd/internal/kernel/calendar"
	"example.vn/hdnd/internal/kernel/cases"
	"example.vn/hdnd/internal/modules/petitions"
	"example.vn/hdnd/internal/modules/reception"
)

// offers lists what each module gives to the case engine, without opening
// anything.
func offers() []cases.Offer {
	return []cases.Offer{petitions.New().Offer(), reception.New().Offer()}
}

// CheckProcedures reads procedure files strictly, those of a folder or the
// built-in ones, and gives the names of the good ones and every flaw.
func CheckProcedures(folder string) (good []string, flaws []cases.Flaw, err error) {
	rules, err := calendar.LoadRules()
	if err != nil {
		return nil, nil, err
	}
	read := func(files fs.FS, names cases.Names) {
		all, found := cases.ReadAll(files, names)
		flaws = append(flaws, found...)
		for _, p := range all {
			good = append(good, p.Key())
		}
	}
	var every cases.Names // whose a file of a folder will be is not known
	for _, o := range offers() {
		names := cases.NamesOf(o, rules)
		if folder == "" {
			read(o.Files, names)
		}
		every.Guards, every.Steps, every.Chooses, every.Rules = append(every.Guards, names.Guards...), append(every.Steps, names.Steps...), append(every.Chooses, names.Chooses...), names.Rules
	}
	if folder != "" {
		read(inFolder(folder), every)
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
