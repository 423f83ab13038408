#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cctype>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command_test.h"

// What the pages of a report say, beside `reports_test.cpp`: fields, languages, bundle, names.
namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

/// Three significant digits or one decimal, as the pages promise.
std::string number_text(double value) {
  std::array<char, 64> text{};
  const char* format = value == 0       ? "0"
                       : value >= 10    ? "%.1f"
                       : value >= 1     ? "%.2f"
                       : value >= 0.001 ? "%.3f"
                                        : "%.1e";
  std::snprintf(text.data(), text.size(), format, value);
  return text.data();
}

std::string bytes_text(int64_t bytes) {
  if (bytes < 1024) return std::to_string(bytes) + " B";
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (; value >= 1024; ++unit) value /= 1024;
  return number_text(value) + " " + std::array{"B", "KiB", "MiB", "GiB"}[unit];
}

class ReportPages : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    if (IsSkipped()) return;
    ASSERT_EQ(exit_code_of("compare " + model_ +
                           " --blocks 9 --quiet --json --require 'p90<=100s' --client "
                           "'Acme <Ltd>' > " +
                           file("a.json")),
              0);
  }
  std::string report(const std::string& arguments) const {
    EXPECT_EQ(exit_code_of("report " + file("a.json") + " -o " + file("a.html") + " " + arguments +
                           " > /dev/null"),
              0);
    return text_of(file("a.html"));
  }
};

TEST_F(ReportPages, NumbersAreThoseOfTheJson) {
  const json comparison = json::parse(text_of(file("a.json")));
  const std::string page = report("");
  for (const json& side : comparison["sides"]) {
    for (const char* key : {"median", "p90"})
      if (side["latency_ms"][key].is_number()) {
        EXPECT_NE(page.find(">" + number_text(side["latency_ms"][key]) + "<"), std::string::npos)
            << side["name"] << " " << key;
      }
    for (const auto& [key, value] : side["memory"].items()) {
      if (!value.is_number() || key == "arena_no_reuse_bytes" || key.starts_with("rss") ||
          key == "own_peak_rss_bytes")
        continue;
      EXPECT_NE(page.find(bytes_text(value.get<int64_t>())), std::string::npos)
          << side["name"] << " " << key;
    }
  }
  EXPECT_NE(page.find("1 of 1 requirements are met"), std::string::npos);
  const std::string p90 = number_text(comparison["requirements"][0]["value"]);
  EXPECT_NE(page.find(">" + p90 + " ms<"), std::string::npos) << "a requirement without its unit";
}

TEST_F(ReportPages, StandAlone) {
  const std::string page = report("");
  for (const char* outside : {"http:", "https:", "src=", "href=", "url(", "@import", "<script"})
    EXPECT_EQ(page.find(outside), std::string::npos) << outside;
}

TEST_F(ReportPages, CarryTheFieldsAndBothLanguages) {
  const std::string english = report("--project P --approved 'S. Abe' --remarks 'a & b'");
  for (const char* word : {"Acme &lt;Ltd&gt;", "Approved", "S. Abe", "a &amp; b", "lang=\"en\""})
    EXPECT_NE(english.find(word), std::string::npos) << word;
  const std::string japanese = report("--language ja --checked 鈴木");
  for (const char* word : {"lang=\"ja\"", "お客様", "確認", "鈴木", "レイテンシ", "許容誤差",
                           "プロセスのメモリ", "リスクと切り戻し"})
    EXPECT_NE(japanese.find(word), std::string::npos) << word;
  EXPECT_EQ(japanese.find("Worth trying next"), std::string::npos);
}

TEST_F(ReportPages, ComeAsABundle) {
  ASSERT_EQ(exit_code_of("compare " + model_ + " --blocks 9 --no-memory --quiet --bundle " +
                         file("b") + " > /dev/null"),
            0);
  for (const char* name : {"report.html", "report.json", "optimized.onnx", "optimized.kplan"})
    EXPECT_GT(fs::file_size(folder_ / "b" / name), 100u) << name;
  for (const char* name : {"sides.csv", "outputs.csv", "passes.csv"}) {
    const std::string text = text_of(folder_ / "b" / name);
    EXPECT_TRUE(text.starts_with("\xEF\xBB\xBFmodel,")) << name;
    EXPECT_NE(text.find("\r\n"), std::string::npos) << name;
  }
  const json comparison = json::parse(text_of(folder_ / "b/report.json"));
  EXPECT_NE(
      text_of(folder_ / "b/sides.csv").find(comparison["sides"][1]["latency_ms"]["median"].dump()),
      std::string::npos);
  EXPECT_EQ(exit_code_of("run " + file("b/optimized.kplan") + " --quiet > /dev/null"), 0);
}

TEST_F(ReportPages, HideNamesWhenAsked) {
  const std::string page = report("--anonymise --bundle " + file("c"));
  const std::string all = page + text_of(file("c/report.json")) + text_of(file("c/sides.csv")) +
                          text_of(file("c/outputs.csv"));
  const json comparison = json::parse(text_of(file("a.json")));
  std::vector<std::string> secrets = {"small_cnn", model_, fs::path(model_).parent_path().string(),
                                      folder_.string(),
                                      comparison["model"]["hash"].get<std::string>()};
  for (const json& step : comparison["sides"][0]["timeline"])
    for (const json& source : step["sources"]) secrets.push_back(source);
  for (const json& output : comparison["fidelity"][1]["outputs"])
    secrets.push_back(output["name"].get<std::string>());
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  const json anonymous = json::parse(text_of(file("c/report.json")));
  for (const json& step : anonymous["sides"][0]["timeline"])
    for (const json& source : step["sources"])
      EXPECT_TRUE(source.get<std::string>().starts_with("node_")) << source;
  for (const std::string& secret : secrets) {
    if (secret.size() < 6) continue;  // short names are also words
    const size_t at = all.find(secret);
    const bool whole = at != std::string::npos && !is_word(all[at + secret.size()]);
    EXPECT_FALSE(whole) << secret << " in " << all.substr(at == std::string::npos ? 0 : at, 60);
  }
  EXPECT_NE(page.find("model_1.ktxt"), std::string::npos);
  EXPECT_NE(page.find("Acme"), std::string::npos);
}

}  // namespace
}  // namespace kasuri::test
