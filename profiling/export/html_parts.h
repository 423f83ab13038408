#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace kasuri::profiling {

// The parts of the HTML report; each takes the object of `compare --json`.

std::string html_escape(const std::string& text);
/// The style sheet: light tokens of the window, before = indigo, after = persimmon, A4 when
/// printed.
const char* html_style();
/// "▼ Faster" filled, "= Same" outlined, "? Undecided" dashed, "× Outputs differ".
std::string verdict_stamp(const std::string& verdict);

/// What was found, in one sentence; never a speed-up beside broken outputs.
std::string conclusion_sentence(const nlohmann::json& report);
/// What may be claimed about results, by the fidelity measured.
std::string fidelity_sentence(const nlohmann::json& report);

std::string summary_cells(const nlohmann::json& report);
std::string sides_table(const nlohmann::json& report);
std::string fidelity_table(const nlohmann::json& report);
std::string passes_table(const nlohmann::json& report);
/// Which part of the gain the exported file carries into other runtimes; empty if not measured.
std::string travel_table(const nlohmann::json& report);
std::string environment_table(const nlohmann::json& report);
std::string fallback_table(const nlohmann::json& report);
/// Live bytes of both plans over the operators of the imported model, one axis, as SVG.
std::string memory_figure(const nlohmann::json& report);
/// What every pass adds or takes away, from the first side's median to the second's, as SVG; empty
/// unless each pass was measured.
std::string waterfall_figure(const nlohmann::json& report);
/// Histogram of the runs of the first two sides, as SVG.
std::string distribution_figure(const nlohmann::json& report);

}  // namespace kasuri::profiling
