#pragma once

#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "profiling/export/words.h"

namespace kasuri::profiling {

// The parts of the HTML report; each takes the object of `compare --json`.

std::string html_escape(const std::string& text);
/// The style sheet: light tokens of the window, before = indigo, after = persimmon, A4 when
/// printed.
const char* html_style();
/// A whole page: what stands in its body, and the line of who made it.
std::string html_page(const std::string& title, const std::string& body, const Words& w);
std::string html_top(const std::string& kind, const std::string& when);
/// Everything of one comparison's report but the page around it.
std::string report_body(const nlohmann::json& report, const Words& w);
/// What document/language says, "en" without.
std::string report_language(const nlohmann::json& report);
/// "▼ Faster" filled, "= Same" outlined, "? Undecided" dashed, "× Outputs differ".
std::string verdict_stamp(const std::string& verdict, const Words& w);

/// A section with a table; `head` and `rows` are HTML.
std::string html_section(const std::string& title, const std::string& note, const std::string& head,
                         const std::string& rows);
/// "<th>" or, for a title that begins with '#', a right-aligned one, of each title translated.
std::string html_head(std::initializer_list<const char*> titles, const Words& w);

// Cells: text is escaped; what is missing becomes "–".
std::string td(const std::string& html);
std::string tn(const std::string& html);
std::string text_or_dash(const nlohmann::json& value);
/// The same of what the engine said, in the language of the report.
std::string reason_or_dash(const nlohmann::json& value, const Words& w);
std::string number_or_dash(const nlohmann::json& value);
std::string size_or_dash(const nlohmann::json& value);
std::string count_or_dash(const nlohmann::json& value);

/// What was found, in one sentence; never a speed-up beside broken outputs.
std::string conclusion_sentence(const nlohmann::json& report, const Words& w);
/// What may be claimed about results, by the fidelity measured.
std::string fidelity_sentence(const nlohmann::json& report, const Words& w);
/// What the outputs were compared with.
std::string method_words(const nlohmann::json& report, const Words& w);
/// Of all outputs of one entry of "fidelity", relative to the largest value of the output.
double largest_relative_error(const nlohmann::json& fidelity);
/// Go, no-go or undecided, with the sentences that say why; client, project, signatures.
std::string decision_block(const nlohmann::json& report, const Words& w);
std::string document_block(const nlohmann::json& report, const Words& w);

std::string summary_cells(const nlohmann::json& report, const Words& w);
std::string requirements_table(const nlohmann::json& report, const Words& w);
/// Peak process memory by what it is made of, side by side.
std::string process_memory_table(const nlohmann::json& report, const Words& w);
std::string sides_table(const nlohmann::json& report, const Words& w);
std::string fidelity_table(const nlohmann::json& report, const Words& w);
std::string passes_table(const nlohmann::json& report, const Words& w);
/// Which part of the gain the exported file carries into other runtimes; empty if not measured.
std::string travel_table(const nlohmann::json& report, const Words& w);
std::string environment_table(const nlohmann::json& report, const Words& w);
/// The same without what is of one model only.
std::string machine_table(const nlohmann::json& report, const Words& w);
std::string fallback_table(const nlohmann::json& report, const Words& w);
/// Drift of a long run; empty if none was asked for.
std::string soak_table(const nlohmann::json& report, const Words& w);
/// Recipes tried, as a table and as latency against arena; empty if none was searched.
std::string search_section(const nlohmann::json& report, const Words& w);
std::string cold_start_table(const nlohmann::json& report, const Words& w);
/// What could go wrong with the change, from what was measured, and the way back.
std::string risks_section(const nlohmann::json& report, const Words& w);
/// What this comparison did not try, or could not tell.
std::string next_section(const nlohmann::json& report, const Words& w);
/// Early exit, generation and denoising (report["dynamic"], dynamic_schema.h), a section each.
std::string dynamic_sections(const nlohmann::json& report, const Words& w);
std::string early_exit_section(const nlohmann::json& result, const Words& w);
std::string generation_section(const nlohmann::json& result, const Words& w);
std::string denoising_section(const nlohmann::json& result, const Words& w);
/// A line each, escaped; empty ones are left out.
std::string claims(const std::vector<std::string>& sentences);
/// "98.76 %".
std::string share_text(double share);
/// Live bytes of both plans over the operators of the imported model, one axis, as SVG.
std::string memory_figure(const nlohmann::json& report, const Words& w);
/// What every pass adds or takes away, from the first side's median to the second's, as SVG; empty
/// unless each pass was measured.
std::string waterfall_figure(const nlohmann::json& report, const Words& w);
/// Histogram of the runs of the first two sides, as SVG.
std::string distribution_figure(const nlohmann::json& report, const Words& w);

}  // namespace kasuri::profiling
