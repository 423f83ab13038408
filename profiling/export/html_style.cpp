#include "profiling/export/html_parts.h"

namespace kasuri::profiling {

const char* html_style() {
  return R"CSS(
:root { --window:#F1F3F7; --canvas:#FFFFFF; --line:#D8DDE6; --line-strong:#7C8599; --text:#1A2030; --text2:#4F586C;
  --text3:#59627A; --accent:#2B478B; --before:#46598C; --before-mark:#5A71AB; --before-soft:#E3E8F2; --after:#AE410F;
  --after-mark:#D2571F; --after-soft:#FBE9DF; --warn:#5C4A00; --error:#9C0F55; }
* { box-sizing: border-box; }
body { margin: 0; background: var(--window); color: var(--text); font: 13px/1.5 "Inter", "Noto Sans", "Noto Sans CJK JP",
  "Segoe UI", system-ui, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 860px; margin: 24px auto; padding: 40px 48px; background: var(--canvas); border: 1px solid var(--line); }
header.top { display: flex; justify-content: space-between; align-items: center; color: var(--text2); }
header.top .mark { display: flex; gap: 10px; align-items: center; color: var(--text); }
header.top strong { font-size: 15px; }
h1 { font-size: 26px; line-height: 1.25; margin: 24px 0 2px; font-weight: 600; overflow-wrap: anywhere; }
.subtitle { color: var(--text2); margin: 0 0 14px; overflow-wrap: anywhere; }
.conclusion { border-top: 2px solid var(--text); padding-top: 14px; font-size: 16px; font-weight: 600; margin: 0 0 8px;
  display: flex; gap: 14px; align-items: flex-start; } .conclusion p { margin: 0; } .conclusion .stamp { white-space: nowrap; }
.claim { color: var(--text2); margin: 0 0 5px; } .note { color: var(--text2); font-size: 11px; margin: -8px 0 14px; overflow-wrap: anywhere; }
.letterhead { display: flex; justify-content: space-between; gap: 24px; margin: 0 0 14px; align-items: flex-end; }
.facts div span { color: var(--text2); display: inline-block; min-width: 72px; } .signatures { display: flex; }
.signatures div { border: 1px solid var(--line-strong); border-left-width: 0; width: 92px; min-height: 62px; text-align: center;
  overflow-wrap: anywhere; } .signatures div:first-child { border-left-width: 1px; }
.signatures b { display: block; font-weight: 400; font-size: 11px; border-bottom: 1px solid var(--line-strong); margin-bottom: 8px; }
.remarks { margin: 0 0 14px; white-space: pre-wrap; overflow-wrap: anywhere; } ul { margin: 0; padding-left: 18px; } li { overflow-wrap: anywhere; }
h2 { font-size: 15px; margin: 0 0 8px; font-weight: 600; }
h2 span { font-weight: 400; color: var(--text2); font-size: 13px; }
section { border-top: 1px solid var(--line); padding: 16px 0; break-inside: avoid; }
section.long { break-inside: auto; } h2, thead { break-after: avoid; break-inside: avoid; }
footer { break-before: avoid; break-inside: avoid; } .note { break-before: avoid; } td.law { min-width: 120px; } span.why { display: inline-block; min-width: 105px; } .first > section:first-of-type { margin-top: 10px; }
.cells { display: grid; grid-template-columns: 1.25fr 1fr; gap: 18px 32px; }
.cell .label { font-size: 11px; } .cell .label b { font-weight: 600; } .cell .label span { color: var(--text2); }
.cell .figure { font-size: 24px; font-weight: 600; margin: 2px 0 6px; white-space: nowrap; }
.cell .figure small { font-size: 13px; font-weight: 400; } .cell .figure i { font-style: normal; color: var(--text2); font-weight: 400; }
.b { color: var(--before); } .a { color: var(--after); }
.cell .fine { font-size: 11px; color: var(--text2); margin-top: 6px; }
.stamp { display: inline-block; padding: 1px 9px; border: 1.5px solid var(--text); border-radius: 2px; font-weight: 600; white-space: nowrap; }
.stamp.filled { background: var(--text); color: #FFFFFF; } .stamp.dashed { border-style: dashed; }
.stamp.error { border-color: var(--error); color: var(--error); }
.cell .delta { font-weight: 600; margin-left: 8px; }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 32px; }
table { border-collapse: collapse; width: 100%; font-size: 12px; }
th { text-align: left; font-weight: 400; font-size: 11px; color: var(--text2); border-bottom: 1px solid var(--line-strong); }
th, td { padding: 4px 10px 4px 0; vertical-align: top; } td { border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th.n, td.n { text-align: right; white-space: nowrap; } td:first-child { font-weight: 600; min-width: 76px; }
.wide td:first-child { min-width: 150px; } td.tight { white-space: nowrap; } tr.side td { border-bottom: 0; padding-bottom: 0; }
td.what { font-weight: 400; font-size: 11px; color: var(--text2); padding-top: 0; } tr { break-inside: avoid; }
td.key { font-weight: 400; color: var(--text2); width: 32%; }
svg { width: 100%; height: auto; display: block; } svg text { font: 11px "Inter", "Noto Sans", system-ui, sans-serif; fill: var(--text2); }
pre { font: 11px/1.5 ui-monospace, "DejaVu Sans Mono", monospace; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0;
  padding: 8px 10px; background: var(--window); }
.warn { color: var(--warn); } .why { color: var(--text2); }
footer { border-top: 1px solid var(--line); padding-top: 10px; color: var(--text2); font-size: 11px; }
@page { size: A4; margin: 14mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 9px; } }
@media print { body { background: #FFFFFF; } main { margin: 0; padding: 0; border: 0; max-width: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)CSS";
}

}  // namespace kasuri::profiling
