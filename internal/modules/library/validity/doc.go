// Package validity tells what holds on a day (hiệu lực của văn bản): what documents
// do to each other (sửa đổi, thay thế, bãi bỏ, hủy bỏ, đình chỉ, ngưng hiệu lực,
// đính chính, căn cứ, dẫn chiếu, hướng dẫn, hợp nhất), the status of each document
// and article that follows, with the reason; the text as it reads on a day; two
// texts compared; what is doubtful, with its place.
//
// Its core is pure: New works out a Graph from documents and relations, At asks it.
// A machine proposes relations, a person confirms them, and only what a person
// stands for counts.
//
// It owns library_relations, library_status, library_lapsing, library_warnings.
// The documents themselves, who may see them, and the names of former units are
// plugged in.
//
// Legal basis: Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15, amended by
// 87/2025/QH15; Luật 72/2025/QH15, Điều 54 (texts of former districts). What we
// could not hold against the law is dated configuration in rules.toml.
package validity
