#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "profiling/export/anonymise.h"
#include "profiling/export/dynamic_schema.h"
#include "profiling/export/html.h"

// Early exit, generation and denoising in a report: what is claimed, what is refused.
namespace kasuri::profiling {
namespace {

using nlohmann::json;

json generation() {
  return json::parse(
      R"({"kind": "generate", "model": "/home/me/secret.onnx", "command": "kasuri generate <x>",
    "prompts": 3, "tokens": 96, "draft": "lookup", "tokens_per_second": 900.0, "first_token_ms": 3.0,
    "tokens_per_pass": 1.9, "acceptance": 0.5, "proposed": 40, "depth": {"most": 4, "adaptive": true},
    "sampling": {"temperature": 0.0}, "accepted_histogram": [10, 5], "texts": [[1, 2]],
    "target_passes_by_size": [{"tokens": 1, "passes": 10, "ms": 1.0}],
    "plain": {"tokens_per_second": 600.0, "first_token_ms": 3.0}, "speed_up": 1.5, "ceiling": 1.8,
    "identical": 3, "divergences": []})");
}

json denoising() {
  return json::parse(
      R"({"kind": "diffuse", "model": "d.onnx", "command": "kasuri diffuse", "schedule": "s.json",
    "sampler": "ddim", "guidance": 2.0, "seeds": 8, "rival": {"name": "stride 13", "as_well": true, "undecided": false,
      "difference": -0.0003, "difference_low": -0.001, "difference_high": 0.0004, "worst_tenth_difference": 0.0},
    "ways": [{"name": "full 200", "evaluations": 200, "ms": 90.0, "psnr": 100, "ssim": 1, "worst_tenth_ssim": 1},
      {"name": "asked for", "evaluations": 18.4, "ms": 9.0, "psnr": 45, "ssim": 0.9951, "worst_tenth_ssim": 0.98},
      {"name": "stride 13", "evaluations": 18, "ms": 9.0, "psnr": 45, "ssim": 0.9954, "worst_tenth_ssim": 0.98}]})");
}

std::string page(const json& result, const char* language = "en") {
  return html_dynamic({{"dynamic", json::array({result})}, {"document", {{"language", language}}}});
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(DynamicReport, ClaimsNoMoreThanWasMeasured) {
  json result = generation();
  EXPECT_TRUE(has(page(result), "1.50 times the tokens per second of plain decoding"));
  EXPECT_TRUE(has(page(result), "3 of 3 texts equal plain decoding"));
  result["speed_up"] = 0.98;
  EXPECT_TRUE(has(page(result), "drafting does not pay here"));
  result["speed_up"] = 0.84;
  EXPECT_TRUE(has(page(result), "Slower than plain decoding (0.84)"));
  result.erase("plain");
  EXPECT_TRUE(has(page(result), "no gain is claimed"));
  EXPECT_TRUE(has(page(result), "kasuri generate &lt;x&gt;")) << "what is shown is escaped";
  EXPECT_TRUE(has(page(result, "ja"), "効果は主張しません"));
}

TEST(DynamicReport, SaysWhereAFixedStrideDoesAsWell) {
  json result = denoising();
  EXPECT_TRUE(has(page(result), "‘stride 13’ does as well for no more evaluations (18.4)"));
  EXPECT_TRUE(has(page(result), "0.9954"));
  result["rival"]["as_well"] = false;
  EXPECT_TRUE(has(page(result), "Better than the best plain way"));
  result["rival"]["undecided"] = true;
  EXPECT_TRUE(has(page(result), "With so few images it is not decided"));
  result["rival"] = nullptr;
  EXPECT_TRUE(has(page(result), "No plain way that asks the network as seldom"));
  EXPECT_TRUE(has(page(denoising(), "ja"), "同等です"));
}

TEST(DynamicReport, NamesWhatAnAnswerLacks) {
  const auto problem = [](const json& result) {
    const Status checked = check_dynamic_result(result);
    return checked.ok() ? std::string() : checked.error().text();
  };
  EXPECT_EQ(problem(generation()), "");
  EXPECT_EQ(problem(denoising()), "");
  EXPECT_FALSE(is_dynamic_result(json::array()));
  EXPECT_NE(problem({{"kind", "compare"}}), "");
  for (const json& whole : {generation(), denoising()})
    for (const auto& [key, value] : whole.items()) {
      if (key == "texts" || key == "plain" || key == "kind") continue;
      json less = whole;
      less.erase(key);
      EXPECT_TRUE(has(problem(less), "'" + key + "' is missing")) << key << ": " << problem(less);
      less[key] = json::object({{"x", 1}});
      EXPECT_NE(problem(less), "") << key;
    }
  json few = denoising();
  few["ways"] = json::array({few["ways"][0]});
  EXPECT_TRUE(has(problem(few), "fewer than two"));
}

TEST(DynamicReport, AnonymousReportsNameNothing) {
  json reports = json::array(
      {{{"model", {{"path", "/home/me/secret.onnx"}}}, {"dynamic", json::array({generation()})}}});
  anonymise(reports);
  const std::string html = html_dynamic(reports[0]);
  EXPECT_FALSE(has(html, "secret"));
  EXPECT_FALSE(has(html, "/home"));
  EXPECT_FALSE(reports[0]["dynamic"][0].contains("texts"));
}

}  // namespace
}  // namespace kasuri::profiling
