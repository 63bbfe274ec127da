package worklist

import (
	"strings"

	"example.vn/hdnd/internal/kernel/cases"
)

// CodeKind begins the code of every petition, "KN26-7F3K-9QXD".
const CodeKind = "KN"

// codeIn is the code that was typed into a search; empty when it is other words.
func codeIn(typed string) string {
	if code := cases.TidyCode(typed); len(code) == cases.CodeLen && strings.HasPrefix(code, CodeKind) {
		return code
	}
	return ""
}
