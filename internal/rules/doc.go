// Package rules holds the tests that read the source instead of running it: who
// may import whom, what a file of a module may touch, how long things may be,
// that every sentence has its key and every key its sentence, that documents
// lead somewhere.
//
// Each rule is a function over a tree of files. It runs twice: over this
// repository, where it must find nothing, and over small planted trees, where
// it must find the planted fault (planted_*_test.go). A rule without a plant fails.
//
// These are statements of policy. Do not change one to make a build pass.
package rules
