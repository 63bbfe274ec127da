package desk

import (
	"encoding/json"
	"fmt"
	"strings"
)

// wording writes a fact of the log as people read it: lists apart by commas,
// what is nested as JSON.
func wording(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		parts := make([]string, len(v))
		for i, e := range v {
			parts[i] = wording(e)
		}
		return strings.Join(parts, ", ")
	case map[string]any:
		b, err := json.Marshal(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(b)
	}
	return fmt.Sprint(v)
}
