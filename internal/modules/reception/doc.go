// Package reception is tiếp công dân, xử lý đơn: letters that citizens write to
// their council (khiếu nại, tố cáo, kiến nghị, phản ánh), from the day one is
// entered in the book until it is guided, forwarded, filed or settled.
//
// Legal basis: Nghị quyết 116/2025/UBTVQH15; Luật Tiếp công dân, Luật Khiếu nại,
// Luật Tố cáo as amended by Luật 136/2025/QH15; Nghị định 154, 155, 156/2026. The
// council settles none of what concerns administration: it guides, forwards,
// urges and follows. What it must settle itself becomes a matter of its own.
//
//	                 ┌─▶ joined, split              ┌─▶ accepted ──▶ complaint, denunciation
//	received ─ classify ─▶ proposed ─ sign ─────────┼─▶ refused, guided, returned, filed
//	    ▲                     │                     └─▶ following ─ answer ─▶ answered ─▶ closed
//	    └───── send_back ─────┘                             ▲ urge              │
//	                                                        └──── not enough ───┘
//
// It owns the tables reception_*. Where a letter stands, its clocks and history
// belong to kernel/cases; the steps are procedures/*.yaml, and which limit of the
// law applies is told by the part clocks.
//
// A denunciation is sealed: name, address, words and scan of the letter go to a
// compartment with keys of its own (kernel/vault) in the transaction that takes
// it in, and the ordinary tables keep a number, dates and states. No code of a
// letter stands in the public log, for any letter may turn out to be one.
package reception
