#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "profiling/export/html.h"
#include "profiling/export/html_parts.h"

// A Japanese report says the engine's own sentences in Japanese, too.
namespace kasuri::profiling {
namespace {

using nlohmann::json;

const Words kEnglish("en"), kJapanese("ja");

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

/// Two passes that declined, and what "worth trying next" reads beside them.
json declined() {
  return json::parse(R"({
    "passes": [
      {"name": "stitch", "law": "less memory for the same steps", "fidelity": "exact",
       "enabled": true, "applied": 1, "declined_count": 9, "declined": [
         {"reason": "they work on different rows", "count": 8},
         {"reason": "'…' (Reshape) cannot be written as strides; its input is read elsewhere too",
          "count": 1}]},
      {"name": "fuse", "law": "less memory for the same steps", "fidelity": "exact",
       "enabled": true, "applied": 0, "declined_count": 2, "declined": [
         {"reason": "the next step belongs to another kernel", "count": 2}]}],
    "deltas": [{"latency": {"verdict": "faster"}}],
    "sides": [{"environment": {"cores": 2}},
              {"latency_ms": null, "runtime": {"settings": {"threads": 2}}}]})");
}

TEST(ReportReasons, SitesAndWhatToTryNext) {
  for (const auto& section : {passes_table, next_section}) {
    const std::string english = section(declined(), kEnglish);
    const std::string japanese = section(declined(), kJapanese);
    EXPECT_TRUE(has(english, "they work on different rows")) << english;
    EXPECT_TRUE(has(japanese, "異なる行を処理している")) << japanese;
    EXPECT_TRUE(has(japanese, "次のステップが別のカーネルに属する")) << japanese;
    for (const char* part : {"they work", "belongs to", "cannot be written", "elsewhere"})
      EXPECT_FALSE(has(japanese, part)) << part;
  }
  const std::string table = passes_table(declined(), kJapanese);
  EXPECT_TRUE(has(table, "8 × 異なる行")) << table;
  EXPECT_TRUE(has(table, "1 × 「…」(Reshape)はストライドで表せない; 入力が他でも読まれる"))
      << table;
}

TEST(ReportReasons, StepsOnASlowerPath) {
  const json report = json::parse(R"({"sides": [{"name": "after", "fallbacks": [
    {"step": "topk", "op": "TopK", "backend": "reference",
     "why": "TopK: k is computed at run time"}]}]})");
  EXPECT_TRUE(has(fallback_table(report, kJapanese), "TopK: k が実行時に決まる"));
  EXPECT_TRUE(has(fallback_table(report, kEnglish), "TopK: k is computed at run time"));
}

TEST(ReportReasons, OutputsThatCouldNotBeCompared) {
  const char* why =
      "reference run: node '/Gather' (Gather, opset 13): index 1 is outside an axis of 1";
  json report = {{"fidelity", {json::object(), {{"side", "after"}, {"verdict", "unchecked"}}}},
                 {"deltas", {{{"side", "after"}, {"against", "before"}}}},
                 {"inputs", json::array()},
                 {"reference",
                  {{"method", nullptr},
                   {"why", why},
                   {"tolerance", {{"relative", 1e-4}, {"why", "float32 arithmetic"}}}}}};
  report["fidelity"][0] = {{"side", "before"}, {"outputs", json::array()}};
  report["fidelity"][1]["outputs"] = json::array();
  report["fidelity"][1]["why"] = why;
  for (const auto& section : {fidelity_table, fidelity_sentence}) {
    const std::string japanese = section(report, kJapanese);
    EXPECT_TRUE(has(japanese, "添字 1 が大きさ 1 の軸の範囲外")) << japanese;
    EXPECT_FALSE(has(japanese, "outside")) << japanese;
    EXPECT_TRUE(has(section(report, kEnglish), "index 1 is outside an axis of 1"));
  }
}

TEST(ReportReasons, RunsThatFailed) {
  const json failed = {{"model", {{"path", "a.onnx"}}},
                       {"exit", 1},
                       {"error", "'a.onnx': not an ONNX file, or damaged: an unknown wire type"},
                       {"document", {{"language", "ja"}}}};
  const std::string page = html_overview(json::array({failed}));
  EXPECT_TRUE(has(page, "ONNX ファイルではないか、破損している: 不明なワイヤー型")) << page;
}

TEST(ReportReasons, RequirementsMemoryAndTheMachine) {
  const json report = json::parse(R"({
    "requirements": [{"text": "p99<=3ms", "met": false, "value": null,
                      "why": "p99 needs 500 samples, has 21"}],
    "sides": [{"name": "a", "memory": {"peak_rss_bytes": null, "peak_rss_why": "not asked for"},
               "environment": {"cpu": "x", "cores": 2, "isa": "y", "governor": null, "load": 1,
                 "memory_bytes": 1, "available_bytes": 1, "os": "z", "version": "1",
                 "compiler": "g", "warnings": [
                   "busy machine: load 1.7 on 2 cores before measuring",
                   "CPU governor is 'powersave'"]}},
              {"name": "b", "memory": {"peak_rss_bytes": null}}]})");
  EXPECT_TRUE(has(requirements_table(report, kJapanese), "p99 には標本 500 個が必要"));
  EXPECT_TRUE(has(process_memory_table(report, kJapanese), "指定されていない"));
  const std::string machine = machine_table(report, kJapanese);
  EXPECT_TRUE(has(machine, "2 コアに対し負荷 1.7")) << machine;
  EXPECT_TRUE(has(machine, "CPU ガバナーは「powersave」です")) << machine;
}

}  // namespace
}  // namespace kasuri::profiling
