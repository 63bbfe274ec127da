package search

// weightOf is what each feature is worth. Learned by a linear model over the
// 100 candidates of each of 538 citizens' questions to 49,128 articles, written
// with accents and without, and of 408 examination questions to 2,249 articles.
// What it does for questions it was not learned from, by five-fold
// cross-validation, and what each feature contributes: docs/search.md.
var weightOf = features{
	fRelative:   3.84,
	fTitleAsked: 2.19,
	fTitlePairs: 2.17,
	fPairs:      9.70,
	fWhole:      6.50,
	fWholePairs: 18.80,
	fWindow:     5.89,
	fNear:       3.01,
	fLength:     -0.27,
	fGroup:      2.08,
	fGroupSum:   0.98,
	fDefines:    2.57,
}
