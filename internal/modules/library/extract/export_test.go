package extract

// DocxPages is what the fuzz target reads with: files in a temporary folder would
// make each run another one.
var DocxPages = docxPages
