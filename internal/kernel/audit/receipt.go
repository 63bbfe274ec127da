package audit

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"filippo.io/torchwood"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"

	"example.vn/hdnd/internal/kernel/clock"
	"example.vn/hdnd/internal/kernel/fault"
)

// Standing is what a receipt shows.
type Standing string

// What a receipt shows.
const (
	Promised Standing = "promised" // the log signed that it has the leaf and will place it
	Proven   Standing = "proven"   // the leaf is in the tree that the log signed
)

// Result is a receipt that was checked and is good.
type Result struct {
	Standing Standing  `json:"standing"`
	Leaf     LeafText  `json:"leaf"`
	Origin   string    `json:"origin"`            // the log that signed
	Promised time.Time `json:"promised,omitzero"` // when it promised; zero for a proof
	Index    int64     `json:"index"`             // the leaf's place, from 0; −1 for a promise
	Size     int64     `json:"size"`              // the size of the log that signed; −1 for a promise
}

// receiptBytesMax is far above any honest receipt: a leaf with the most papers
// is 14 kB, a proof in a log of a billion leaves under 2 kB.
const receiptBytesMax = 64 << 10

// ParseReceipt takes a receipt file apart into leaf and proof. It forgives what
// mail and editors do to text: Windows line ends, a byte order mark, blank
// lines around.
func ParseReceipt(text string) (leafJSON, proof string, err error) {
	if len(text) > receiptBytesMax {
		return "", "", fault.New(fault.Invalid, "audit.receipt_malformed").Because(fmt.Errorf("%d bytes", len(text)))
	}
	leaf, proof, ok := strings.Cut(tidy(text), "\n")
	if !ok || proof == "" || !strings.HasPrefix(leaf, "{") {
		return "", "", fault.New(fault.Invalid, "audit.receipt_malformed").Because(errors.New("not a leaf and a proof"))
	}
	return leaf, proof, nil
}

func tidy(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	return strings.Trim(strings.ReplaceAll(text, "\r\n", "\n"), " \t\n") + "\n"
}

// VerifyReceipt checks a leaf against a proof or a promise with the verifier
// keys of the logs one trusts. It needs no network, no clock and no database.
// A bad receipt is an Invalid fault that says what is wrong with it.
func VerifyReceipt(verifierKeys []string, leafJSON, proofOrPromise string) (Result, error) {
	if len(leafJSON)+len(proofOrPromise) > receiptBytesMax {
		return Result{}, fault.New(fault.Invalid, "audit.receipt_malformed").Because(errors.New("too long"))
	}
	leaf, err := readLeaf(leafJSON)
	if err != nil {
		return Result{}, fault.New(fault.Invalid, "audit.leaf_malformed").Because(err)
	}
	policy, err := trust(verifierKeys)
	if err != nil {
		return Result{}, err
	}
	hash := tlog.RecordHash([]byte(leafJSON))
	text := tidy(proofOrPromise)
	var r Result
	if strings.HasPrefix(text, promiseHeader+"\n") {
		r, err = verifyPromise(policy, hash, text)
	} else {
		r, err = verifyProof(policy, hash, text)
	}
	if err != nil {
		return Result{}, blame(err)
	}
	r.Leaf = leaf
	return r, nil
}

// trust makes the policy "signed by any of these logs under its own name".
func trust(keys []string) (torchwood.Policy, error) {
	var logs []torchwood.Policy
	known := map[string]bool{}
	for _, k := range keys {
		v, err := note.NewVerifier(strings.TrimSpace(k))
		if err != nil {
			return nil, fault.New(fault.Invalid, "audit.key_malformed", "key", k).Because(err)
		}
		if id := fmt.Sprintf("%s+%08x", v.Name(), v.KeyHash()); !known[id] {
			known[id] = true
			logs = append(logs, logPolicy(v))
		}
	}
	if len(logs) == 0 {
		return nil, fault.New(fault.Invalid, "audit.no_key")
	}
	return torchwood.ThresholdPolicy(1, logs...), nil
}

// errLeaf says that a good promise or proof is about another leaf.
var errLeaf = errors.New("audit: it is about another leaf")

func verifyProof(policy torchwood.Policy, hash tlog.Hash, text string) (Result, error) {
	if err := torchwood.VerifyProof(policy, hash, []byte(text)); err != nil {
		return Result{}, err
	}
	// The proof is good; what follows only reads where it stands.
	head, signed, _ := strings.Cut(text, "\n\n")
	c, _, err := torchwood.VerifyCheckpoint([]byte(signed), policy)
	if err != nil {
		return Result{}, err
	}
	r := Result{Standing: Proven, Origin: c.Origin, Size: c.N, Index: -1}
	for line := range strings.Lines(head) {
		if s, ok := strings.CutPrefix(line, "index "); ok {
			if r.Index, err = strconv.ParseInt(strings.TrimSpace(s), 10, 64); err != nil {
				return Result{}, err
			}
		}
	}
	return r, nil
}

func verifyPromise(policy torchwood.Policy, hash tlog.Hash, text string) (Result, error) {
	n, err := note.Open([]byte(text), policy)
	if err != nil {
		return Result{}, err
	}
	lines := strings.Split(n.Text, "\n")
	if len(lines) != 5 {
		return Result{}, fmt.Errorf("audit: a promise of %d lines", len(lines))
	}
	origin, ok1 := strings.CutPrefix(lines[1], "origin ")
	leaf, ok2 := strings.CutPrefix(lines[2], "leaf ")
	at, ok3 := strings.CutPrefix(lines[3], "at ")
	if !ok1 || !ok2 || !ok3 {
		return Result{}, errors.New("audit: the lines of the promise are not origin, leaf, at")
	}
	if err := policy.Check(origin, n.Sigs); err != nil {
		return Result{}, fmt.Errorf("audit: promise: %w", err)
	}
	when, err := time.Parse(stampForm, at)
	if err != nil {
		return Result{}, fmt.Errorf("audit: promise: %w", err)
	}
	if leaf != hash.String() {
		return Result{}, errLeaf
	}
	return Result{Standing: Promised, Origin: origin, Promised: when.In(clock.Hanoi), Index: -1, Size: -1}, nil
}

// blame turns what the formats' packages say into a sentence for a person.
func blame(err error) error {
	key := "audit.receipt_malformed"
	var unsigned *note.UnverifiedNoteError
	var forged *note.InvalidSignatureError
	var outside *torchwood.VerifyRecordError
	switch {
	case errors.Is(err, errLeaf) || errors.As(err, &outside):
		key = "audit.receipt_other_leaf"
	case errors.As(err, &forged):
		key = "audit.receipt_forged"
	case errors.As(err, &unsigned):
		key = "audit.receipt_other_log"
	}
	return fault.New(fault.Invalid, key).Because(err)
}

// VerifyConsistency checks, offline, that the log of a newer checkpoint begins
// with the log of an older one.
func VerifyConsistency(verifierKeys []string, older, newer string, proof tlog.TreeProof) error {
	policy, err := trust(verifierKeys)
	if err != nil {
		return err
	}
	var trees [2]torchwood.Checkpoint
	for i, text := range []string{older, newer} {
		if trees[i], _, err = torchwood.VerifyCheckpoint([]byte(tidy(text)), policy); err != nil {
			return blame(err)
		}
	}
	if trees[0].Origin != trees[1].Origin {
		return fault.New(fault.Invalid, "audit.receipt_other_log")
	}
	if err := tlog.CheckTree(proof, trees[1].N, trees[1].Hash, trees[0].N, trees[0].Hash); err != nil {
		return fault.New(fault.Invalid, "audit.other_history", "size", trees[0].N).Because(err)
	}
	return nil
}
