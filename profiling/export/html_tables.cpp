#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "profiling/export/html_parts.h"
#include "profiling/export/units.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

std::string number(const json& value) { return number_or_dash(value); }
std::string size(const json& value) { return size_or_dash(value); }
std::string count(const json& value) { return count_or_dash(value); }
std::string text(const json& value) { return text_or_dash(value); }

std::string runtime_text(const json& side, const Words& w) {
  const json& runtime = side["runtime"];
  std::string out = text(runtime["name"]) + " " + text(runtime["version"]);
  for (const auto& [key, value] : runtime["settings"].items())
    if (!value.is_object())
      out += fmt::format("; {} {}", html_escape(key),
                         html_escape(value.is_string() ? value.get<std::string>() : value.dump()));
  if (side["recipe"].is_string()) out += "; " + w("passes") + " " + text(side["recipe"]);
  return out;
}

bool has_effects(const json& report) {
  for (const json& pass : report["passes"])
    if (pass.contains("effects")) return true;
  return false;
}

std::string effect_cells(const json& pass, const Words& w) {
  std::string cells;
  for (const char* question : {"cumulative", "alone", "left_out"}) {
    const json effect = pass.contains("effects") ? pass["effects"][question] : json();
    if (!effect.is_object())
      cells += tn("–");
    else if (effect["verdict"] == "faster" || effect["verdict"] == "slower")
      cells += tn(signed_text(effect["ms"].get<double>()));
    else
      cells += tn(effect["verdict"] == "broken" ? w("× outputs differ")
                                                : w(effect["verdict"].get<std::string>()));
  }
  return cells;
}

/// Of a file that may say anything.
int64_t streams_of(const json& side) {
  const json& found = side["throughput"];
  const json streams = found.is_object() ? found.value("streams", json()) : json();
  return streams.is_number_integer() ? streams.get<int64_t>() : 1;
}

std::string throughput_text(const json& side, const Words& w) {
  if (!side["throughput"].is_object()) return "–";
  const std::string items = number(side["throughput"]["items_per_s"]);
  return streams_of(side) > 1 ? items + " " + w.say("({} streams)", streams_of(side)) : items;
}

std::string streams_note(const json& report, const Words& w) {
  const auto& sides = report["sides"];
  if (std::none_of(sides.begin(), sides.end(), [](const json& s) { return streams_of(s) > 1; }))
    return "";
  return "<p class=\"note\">" +
         w("Items per second of several streams are measured with so many runs at the same time, "
           "each with threads of its own. Latency is that of one stream alone, the process peak "
           "that of all streams.") +
         "</p>\n";
}

std::string side_row(const json& side, const json* delta, const Words& w) {
  const json& latency = side["latency_ms"];
  const json& memory = side["memory"];
  std::string row = "<tr class=\"side\">" + td(text(side["name"]));
  row += tn(latency.is_object() ? number(latency["median"]) : "–") +
         tn(latency.is_object() ? number(latency["p90"]) : "–");
  row += tn(throughput_text(side, w));
  row += tn(count(side["kernels"])) + tn(size(memory["arena_bytes"])) +
         tn(size(memory["weights_bytes"]));
  row += tn(size(memory["packed_weights_bytes"])) + tn(size(memory["peak_rss_bytes"])) +
         tn(number(side["prepare_ms"]));
  std::string against = w("baseline");
  if (delta != nullptr) {
    const json& found = (*delta)["latency"];
    const bool differs = found["verdict"] == "faster" || found["verdict"] == "slower";
    against = w(found["verdict"].get<std::string>());
    if (differs) against += " " + percent_text(found["ratio"].get<double>() - 1);
  }
  row += "<td class=\"tight\">" + against + "</td></tr>\n";
  return row + "<tr><td colspan=\"11\" class=\"what\">" + runtime_text(side, w) + "</td></tr>\n";
}

/// On which data the outputs were compared.
std::string data_lines(const json& report, const Words& w) {
  std::string inputs;
  for (const json& input : report["inputs"])
    inputs += (inputs.empty() ? "" : "; ") + text(input["name"]) + " " +
              reason_or_dash(input["source"], w);
  const int samples = report["reference"].value("samples", 1);
  return "<p class=\"note\">" +
         w.say("Compared on {0} sample(s): {1}. Differences are those of the worst sample.",
               samples, inputs.empty() ? w("none") : inputs) +
         "</p>\n";
}

/// "ort, 2 threads"
std::string with_threads(const std::string& runtime, const json& threads, const Words& w) {
  const int count = threads.get<int>();
  return count == 1 ? w.say("{0}, 1 thread", runtime) : w.say("{0}, {1} threads", runtime, count);
}

/// Which of the gains needs no other program.
std::string travel_sentence(const json& report, const Words& w) {
  std::string out;
  for (const json& line : report["travels"]) {
    const std::string runtime = with_threads(line["runtime"], line["threads"], w);
    const json& file = line["file"];
    const double change = (file["ratio"].get<double>() - 1) * 100;
    out += out.empty() ? "" : " ";
    const std::string verdict = file["verdict"];
    if (verdict == "faster")
      out += w.say("{0}: the file alone saves {1:.1f} % of its time.", runtime, -change);
    else if (verdict == "slower")
      out += w.say("{0}: the exported file is {1:.1f} % slower there; keep the original.", runtime,
                   change);
    else if (verdict == "same")
      out += w.say("{0}: the file alone changes nothing there.", runtime);
    else
      out += w.say("{0}: what the file alone brings could not be decided.", runtime);
    const json& plan = line["plan"];
    if (plan.is_object() && plan["verdict"] == "faster")
      out += " " + w.say("Another {:.1f} % needs the Kasuri plan.",
                         (1 - plan["ratio"].get<double>()) * 100);
  }
  return out;
}

}  // namespace

std::string sides_table(const json& report, const Words& w) {
  std::string rows;
  for (size_t i = 0; i < report["sides"].size(); ++i)
    rows += side_row(report["sides"][i], i == 0 ? nullptr : &report["deltas"][i - 1], w);
  return html_section(
             w("All sides"),
             w("measured in alternating blocks of live processes; memory in fresh ones"),
             html_head({"Side", "#median ms", "#p90 ms", "#items/s", "#kernels", "#arena",
                        "#weights", "#packed", "#process peak", "#prepare ms", "against the first"},
                       w),
             rows) +
         streams_note(report, w);
}

std::string fidelity_table(const json& report, const Words& w) {
  std::string rows;
  for (const json& side : report["fidelity"])
    for (const json& output : side["outputs"]) {
      const std::string agreement =
          output["argmax_agreement"].is_number()
              ? fmt::format("{:.2f} %", output["argmax_agreement"].get<double>() * 100)
              : "–";
      rows +=
          "<tr>" + td(text(side["side"])) + td(text(output["name"])) +
          tn(fmt::format("{:.1e}", output["max_abs"].get<double>())) +
          tn(fmt::format("{:.1e}", output["max_rel"].get<double>())) +
          tn(fmt::format("{:.7f}", output["cosine"].get<double>())) +
          tn(output["sqnr_db"].is_number() ? fmt::format("{:.1f}", output["sqnr_db"].get<double>())
                                           : "–") +
          tn(agreement) +
          td(verdict_stamp(output["verdict"], w) +
             (output.contains("why") ? " " + reason_or_dash(output["why"], w) : "")) +
          "</tr>\n";
    }
  if (rows.empty())
    rows = "<tr><td colspan=\"8\">" + reason_or_dash(report["reference"]["why"], w) + "</td></tr>";
  const json& tolerance = report["reference"]["tolerance"];
  const std::string note = w.say(
      "against the unmodified model ({0}); tolerance {1:.0e} of the output’s largest value, {2}",
      html_escape(method_words(report, w)), tolerance["relative"].get<double>(),
      w(text(tolerance["why"])));
  const std::string head = html_head({"Side", "Output", "#max abs", "#max rel", "#cosine",
                                      "#SQNR dB", "#argmax agrees", "Verdict"},
                                     w);
  return html_section(w("Outputs"), note, head, rows) + data_lines(report, w);
}

std::string passes_table(const json& report, const Words& w) {
  std::string rows;
  const bool effects = has_effects(report);
  std::string idle;
  for (const json& pass : report["passes"]) {
    if (pass["applied"] == 0 && pass["declined_count"] == 0) {
      idle += (idle.empty() ? "" : ", ") + text(pass["name"]);
      continue;
    }
    const std::string fidelity = pass["fidelity"] == "exact"          ? w("= exact")
                                 : pass["fidelity"] == "reassociates" ? w("≈ rounding")
                                                                      : w("~ approximate");
    std::string reasons;
    for (size_t i = 0; i < pass["declined"].size() && i < 3; ++i)
      reasons +=
          fmt::format("{}{} × {}", reasons.empty() ? "" : "; ", count(pass["declined"][i]["count"]),
                      reason_or_dash(pass["declined"][i]["reason"], w));
    for (const json& site : pass.value("slowed_by", json::array()))
      reasons += (reasons.empty() ? "" : "; ") + w("slowed by") + " " + text(site);
    rows += "<tr>" + td(text(pass["name"])) + "<td class=\"law\">" + html_escape(w(pass["law"])) +
            "</td>" + "<td class=\"tight\">" + fidelity +
            (pass["enabled"].get<bool>() ? "" : ", " + w("off")) + "</td>" +
            tn(count(pass["applied"])) + tn(count(pass["declined_count"])) +
            (effects ? effect_cells(pass, w) : "") +
            td("<span class=\"why\">" + reasons + "</span>") + "</tr>\n";
  }
  const std::string note =
      w("milliseconds with the pass less without it, each pair interleaved: after those before it; "
        "alone; in the whole recipe");
  std::string head = html_head({"Pass", "Law", "Fidelity", "#Applied", "#Declined"}, w);
  if (effects) head += html_head({"#cumulative ms", "#alone", "#left out"}, w);
  return html_section(w("Passes"), effects ? note : "",
                      head + html_head({"Why not, most frequent"}, w), rows) +
         (idle.empty()
              ? ""
              : "<p class=\"note\">" + w("No site in this model:") + " " + idle + "</p>\n");
}

std::string fallback_table(const json& report, const Words& w) {
  std::string rows;
  for (const json& side : report["sides"])
    for (const json& step : side["fallbacks"])
      rows += "<tr>" + td(text(side["name"])) + td(text(step["step"])) + td(text(step["op"])) +
              td(text(step["backend"])) + td(reason_or_dash(step["why"], w)) + "</tr>\n";
  if (rows.empty()) return "";
  return html_section(w("Steps on a slower path"), "",
                      html_head({"Side", "Step", "Operator", "Runs on", "Why"}, w), rows);
}

std::string travel_table(const json& report, const Words& w) {
  std::string rows;
  for (const json& line : report.value("travels", json::array())) {
    const auto ratio = [&w](const json& found) {
      if (!found.is_object()) return td("–") + td("–");
      return tn(fmt::format("{} ({} … {})", percent_text(found["ratio"].get<double>() - 1),
                            percent_text(found["low"].get<double>() - 1),
                            percent_text(found["high"].get<double>() - 1))) +
             td(verdict_stamp(found["verdict"], w));
    };
    rows += "<tr>" + td(with_threads(text(line["runtime"]), line["threads"], w)) +
            ratio(line["file"]) + ratio(line["plan"]) + "</tr>\n";
  }
  if (rows.empty()) return "";
  return html_section(w("What travels with the ONNX file"),
                      w("change of latency, interleaved, 99 % interval"),
                      html_head({"Runtime", "#exported against original file", "",
                                 "#Kasuri plan against exported file", ""},
                                w),
                      rows) +
         "<p class=\"note\">" + html_escape(travel_sentence(report, w)) + "</p>\n";
}

}  // namespace kasuri::profiling
