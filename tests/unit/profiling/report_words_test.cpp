#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>

#include "profiling/export/words.h"
#include "tests/support/file_text.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;
using test::text_of;

/// The literals of a piece of source, neighbours joined as the compiler joins them.
std::string joined(const std::string& source) {
  static const std::regex kLiteral(R"re("((?:[^"\\]|\\.)*)")re");
  std::string out;
  for (std::sregex_iterator it(source.begin(), source.end(), kLiteral), end; it != end; ++it)
    out += std::regex_replace((*it)[1].str(), std::regex(R"(\\(.))"), "$1");
  return out;
}

void collect(const std::string& source, std::set<std::string>& sentences) {
  static const std::regex kSentence(R"re(\bw(?:\.say)?\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+))re");
  for (std::sregex_iterator it(source.begin(), source.end(), kSentence), end; it != end; ++it)
    sentences.insert(joined((*it)[1].str()));
  static const std::regex kHead(R"re(html_head\(\s*\{([^}]*)\})re");
  static const std::regex kTitle(R"re("((?:[^"\\]|\\.)*)")re");
  for (std::sregex_iterator it(source.begin(), source.end(), kHead), end; it != end; ++it) {
    const std::string titles = (*it)[1];
    for (std::sregex_iterator at(titles.begin(), titles.end(), kTitle); at != end; ++at) {
      std::string title = (*at)[1];
      if (title.starts_with('#')) title.erase(0, 1);
      if (!title.empty()) sentences.insert(title);
    }
  }
}

TEST(ReportWords, EveryLawOfAPassIsTranslated) {
  const char* source = std::getenv("KASURI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "KASURI_SOURCE is not set";
  const std::string catalogue = text_of(fs::path(source) / "passes/catalogue.cpp");
  static const std::regex kLaw(R"re(\.law =\s*((?:"(?:[^"\\]|\\.)*"\s*)+))re");
  int laws = 0;
  for (std::sregex_iterator it(catalogue.begin(), catalogue.end(), kLaw), end; it != end; ++it) {
    EXPECT_NE(japanese_of(joined((*it)[1])), nullptr) << "no Japanese for: " << (*it)[1];
    ++laws;
  }
  EXPECT_GE(laws, 10);
}

TEST(ReportWords, EverySentenceOfTheReportIsTranslated) {
  const char* source = std::getenv("KASURI_SOURCE");
  if (source == nullptr) GTEST_SKIP() << "KASURI_SOURCE is not set";
  std::set<std::string> sentences;
  for (const auto& entry : fs::directory_iterator(fs::path(source) / "profiling/export"))
    if (entry.path().filename().string().starts_with("html"))
      collect(text_of(entry.path()), sentences);
  EXPECT_GT(sentences.size(), 120u);
  for (const std::string& sentence : sentences)
    EXPECT_NE(japanese_of(sentence), nullptr) << "no Japanese for: " << sentence;
}

TEST(ReportWords, StayEnglishWhereNothingIsTranslated) {
  EXPECT_EQ(Words("ja")("no such sentence"), "no such sentence");
  EXPECT_EQ(Words("fr").language(), "en");
  EXPECT_EQ(Words("ja").say("{} models", 3), "3 モデル");
  EXPECT_EQ(Words("en").say("{} models", 3), "3 models");
}

}  // namespace
}  // namespace kasuri::profiling
