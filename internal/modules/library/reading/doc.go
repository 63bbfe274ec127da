// Package reading is bóc tách văn bản: from the text of an official paper to
// what the paper says of itself. It reads number and symbol, kind, issuing
// body, place and day, signers, trích yếu, căn cứ, nơi nhận, the structure down
// to điểm, and what the paper does to other papers.
//
// It is pure: text in, Paper out; the same text gives the same paper. It never
// decides: every value carries how sure it is and where it was read, every
// repair of a misread letter is told, and a person looks at what is below Sure.
//
// Legal basis: Nghị định 30/2020/NĐ-CP, Phụ lục I, for where the parts of a
// paper stand; Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15 for the
// parts of a normative text.
//
// It does not read files (library/extract) and does not know what holds on a
// day (library/validity).
package reading
