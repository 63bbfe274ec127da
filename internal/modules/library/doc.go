// Package library is cơ sở dữ liệu văn bản: every resolution, report and issued
// paper of the councils, kept so that it can be found, read, cited and trusted.
//
// Legal basis: Luật Ban hành văn bản quy phạm pháp luật 64/2025/QH15, amended by
// 87/2025/QH15; Nghị định 30/2020/NĐ-CP for the form of papers; Luật Tổ chức
// chính quyền địa phương 72/2025/QH15, Điều 54 for the texts of former districts.
//
// It owns the tables library_*: the documents with their fields and provisions,
// what they do to each other, the files they were read from. Bytes and their
// pictures belong to kernel/documents, the index to kernel/search.
//
// Its parts know nothing of each other:
//
//	extract    from a file to its pages of text, whatever the file is
//	reading    from text to number, signer, căn cứ, chương, mục, điều, khoản, điểm
//	validity   what holds on a day: relations, status, consolidated text, comparison
//	imports    batches of files: progress, what failed and why
//	finding    what can be found, and how well; hdnd library eval
//	akoma      Akoma Ntoso, out and in
//
// What they need of the library is plugged in parts.go.
package library
