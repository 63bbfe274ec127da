// Package clocks tells which time limit of the law applies to a letter, a
// complaint or a denunciation: 22 steps, each under the law of the day of its
// event, for first and second instance, remote places and complex matters.
//
// It is pure: it knows no tables, people or today. The numbers themselves are
// dated data of kernel/calendar; this package holds which of them counts when,
// and what has to be there before a longer one may be taken (Luật Khiếu nại,
// Luật Tố cáo; Nghị định 155, 156/2026/NĐ-CP).
package clocks
