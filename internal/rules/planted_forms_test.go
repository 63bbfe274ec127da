package rules

func formPlants() []plant {
	page := func(html string) files { return files{"internal/modules/gifts/b.templ": html} }
	return []plant{
		{"forms speak our language", "a form to send", page("\n<form method=\"post\" action=\"/x\">"), "b.templ:2: a form without novalidate"},
		{"forms speak our language", "a form that asks", page("<form method=\"get\">"), "b.templ:1"},
		{"forms speak our language", "over several lines", page("<form\n\tmethod=\"post\"\n\tif n > 1 {\n\t\tclass=\"a\"\n\t}\n>\n\t<p>novalidate</p>"), "b.templ:1"},
		{"forms speak our language", "after an expression", page("<form\n\tmethod=\"post\"\n\tif n > 1 {\n\t\tclass=\"a\"\n\t}\n\tnovalidate\n>"), ""},
		{"forms speak our language", "a dialog", page("<form method=\"dialog\">"), ""},
		{"labels stay in sight", "a placeholder", page("<input name=\"x\"\n placeholder={ words }/>"), "a placeholder is gone once one types"},
		{"labels stay in sight", "a label", page("<label for=\"f-x\">Tên</label>"), ""},
	}
}
