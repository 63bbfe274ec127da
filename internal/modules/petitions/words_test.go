package petitions

import (
	"strings"
	"testing"
)

func TestTitleIsCutBetweenWords(t *testing.T) {
	t.Parallel()
	whole := strings.Repeat("đường hỏng ", 30)
	got := title(whole)
	if len([]rune(got)) > titleMax+1 || !strings.HasSuffix(got, "…") || strings.Contains(got, " …") {
		t.Errorf("title = %q", got)
	}
}
