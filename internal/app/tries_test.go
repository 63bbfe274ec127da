package app_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"example.vn/hdnd/internal/testkit/council"
)

// Wrong keys are counted over all addresses that a receipt's key opens; then
// none of them takes a key from there, a right one neither, and what everybody
// may read stays open.
func TestReceiptKeysCannotBeGuessed(t *testing.T) {
	t.Parallel()
	council.Each(t, func(t *testing.T, w *council.World) {
		handed := w.HandIn(t, council.Petition{Steps: council.Done})
		ask := func(method, path, from, key string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(method, path+handed.Code+"?key="+key, nil)
			if method == http.MethodPost {
				form := url.Values{"key": {key}, "score": {"4"}, "fixed": {"yes"}, "note": {"Đường vẫn còn ngập khi mưa lớn, chưa nạo vét cống."}}
				r = httptest.NewRequest(method, path+handed.Code, strings.NewReader(form.Encode()))
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			r.RemoteAddr = from + ":4711"
			rec := httptest.NewRecorder()
			w.App.Server.ServeHTTP(rec, r)
			return rec
		}
		ways := []struct{ method, path string }{
			{"POST", "/kien-nghi/danh-gia/"}, {"POST", "/kien-nghi/phan-hoi/"}, {"POST", "/kien-nghi/ngung-thu/"}, {"GET", "/kien-nghi/danh-gia/"}, {"GET", "/kien-nghi/"}, {"GET", "/kien-nghi/bien-nhan/"}}
		const guesser, neighbour = "198.51.100.7", "203.0.113.20"
		for i := range 10 {
			way := ways[i%len(ways)]
			if got := ask(way.method, way.path, guesser, fmt.Sprintf("SAI%09d", i)); got.Code >= 500 || got.Code == http.StatusTooManyRequests || strings.Contains(got.Body.String(), "Cảm ơn") {
				t.Fatalf("try %d, %s %s: %d", i, way.method, way.path, got.Code)
			}
		}
		for _, way := range ways {
			got := ask(way.method, way.path, guesser, handed.Key)
			if got.Code != http.StatusTooManyRequests || got.Header().Get("Retry-After") == "" || !strings.Contains(got.Body.String(), "tạm dừng nhận mã") {
				t.Errorf("%s %s: %d", way.method, way.path, got.Code)
			}
		}
		if got := ask("GET", "/kien-nghi/", guesser, ""); got.Code != http.StatusOK {
			t.Errorf("what everybody may read: %d", got.Code)
		}
		if got := ask("POST", "/kien-nghi/phan-hoi/", neighbour, handed.Key); got.Code != http.StatusSeeOther {
			t.Errorf("the voter, from another network: %d", got.Code)
		}
	})
}
