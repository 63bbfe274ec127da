// Package finding is tìm kiếm văn bản: what of a document can be found, and how
// well it is.
//
// A document is found by its passages: an article (điều), or a part of a long
// one, with its heading, the symbol it is cited by, and what the whole document
// is about. People ask in sentences, so the best passages are read again, word
// by word (kernel/search, Query.Closely).
//
// How good that is does not go by feeling: Evaluate asks a set of questions
// whose right articles are known and counts (hdnd library eval).
package finding
