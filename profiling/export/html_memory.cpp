#include <fmt/format.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

struct Part {
  const char *key, *title;
  bool inside = false;  ///< Of the part before it, so not to be added.
};
constexpr Part kParts[] = {{"baseline_rss_bytes", "the program itself, before a model"},
                           {"weights_bytes", "weights"},
                           {"packed_weights_bytes", "packed copies of weights"},
                           {"arena_bytes", "arena (intermediate tensors)"},
                           {"workspace_bytes", "of it workspace of kernels", true},
                           {"io_bytes", "inputs and outputs"}};

std::string row(const std::string& title, const json& report,
                const std::function<std::string(const json& memory)>& cell) {
  std::string out = "<tr>" + td(title);
  for (const json& side : report["sides"]) out += tn(cell(side["memory"]));
  return out + "</tr>\n";
}

/// What the parts do not explain: the graph, code, the allocator; less than nothing where parts
/// were never touched or are shared with the file.
std::string rest_of(const json& memory) {
  if (!memory["peak_rss_bytes"].is_number()) return "–";
  int64_t rest = memory["peak_rss_bytes"];
  for (const Part& part : kParts) {
    if (!memory.contains(part.key) || !memory[part.key].is_number()) return "–";
    if (!part.inside) rest -= memory[part.key].get<int64_t>();
  }
  return (rest < 0 ? "\u2212" : "") + bytes_text(rest < 0 ? -rest : rest);
}

/// A row per side, when there are too many for a column each.
std::string by_side(const json& report, const Words& w, const std::string& note) {
  std::string head = html_head({"Side"}, w), rows;
  for (const char* title : {"program", "weights", "packed", "arena", "of it workspace",
                            "in and out", "not attributed", "process peak"})
    head += "<th class=\"n\">" + w(title) + "</th>";
  for (const json& side : report["sides"]) {
    rows += "<tr>" + td(text_or_dash(side["name"]));
    for (const Part& part : kParts)
      rows += tn(size_or_dash(side["memory"].value(part.key, json())));
    rows += tn(rest_of(side["memory"])) +
            tn("<b>" + size_or_dash(side["memory"]["peak_rss_bytes"]) + "</b>") + "</tr>\n";
  }
  return html_section(w("Process memory"), note, head, rows);
}

std::string by_part(const json& report, const Words& w, const std::string& note) {
  std::string head = html_head({"Part"}, w);
  for (const json& side : report["sides"])
    head += "<th class=\"n\">" + text_or_dash(side["name"]) + "</th>";
  std::string rows;
  for (const Part& part : kParts)
    rows += row(w(part.title), report,
                [&](const json& memory) { return size_or_dash(memory.value(part.key, json())); });
  rows += row(w("not attributed"), report, rest_of);
  rows += row("<b>" + w("process peak") + "</b>", report, [](const json& memory) {
    return "<b>" + size_or_dash(memory["peak_rss_bytes"]) + "</b>";
  });
  return html_section(w("Process memory"), note, head, rows);
}

}  // namespace

std::string process_memory_table(const json& report, const Words& w) {
  constexpr size_t kMostColumns = 5;
  std::string why;
  for (const json& side : report["sides"])
    if (const json found = side["memory"].value("peak_rss_why", json()); found.is_string())
      why += "<p class=\"note\">" + text_or_dash(side["name"]) + ": " + reason_or_dash(found, w) +
             "</p>\n";
  const std::string note =
      w("resident memory of a fresh process at its peak, and what it consists of");
  return (report["sides"].size() > kMostColumns ? by_side(report, w, note)
                                                : by_part(report, w, note)) +
         why;
}

}  // namespace kasuri::profiling
