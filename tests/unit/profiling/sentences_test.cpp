#include "profiling/sentences/sentences.h"

#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "profiling/sentences/in_japanese.h"
#include "tests/support/file_text.h"

// Reasons and errors are said in Japanese, too: whatever the sources can say has its sentence.
namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;
using Strings = std::vector<std::string>;

std::string trimmed(const std::string& text) {
  const size_t begin = text.find_first_not_of(" \n"), end = text.find_last_not_of(" \n");
  return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// The arguments of a call whose arguments begin here, or what stands before a semicolon.
Strings arguments_in(const std::string& text) {
  Strings found(1);
  int depth = 0;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      found.back() += text[i++];
    else if (c == '"')
      quoted = !quoted;
    else if (quoted)
      ;
    else if (std::string("([{").find(c) != std::string::npos)
      ++depth;
    else if (std::string(")]}").find(c) != std::string::npos && --depth < 0)
      break;
    else if (c == ';' && depth == 0)
      break;
    else if (c == ',' && depth == 0) {
      found.emplace_back();
      continue;
    }
    found.back() += text[i];
  }
  return found;
}

/// A sentence put together from literals, with x for everything else.
std::string sentence_of(std::string expression) {
  static const std::regex kLiteral(R"re("((?:[^"\\]|\\.)*)")re"), kPlace(R"(\{[^}]*\})");
  expression = trimmed(expression);
  if (const size_t call = expression.find("fmt::format("); call == 0 || call == 10)
    expression = trimmed(arguments_in(expression.substr(call + 12))[0]);
  std::string sentence;
  size_t at = 0;
  for (std::sregex_iterator it(expression.begin(), expression.end(), kLiteral), end; it != end;
       ++it) {
    const auto begin = static_cast<size_t>(it->position());
    if (!trimmed(expression.substr(at, begin - at)).empty()) sentence += 'x';
    sentence += (*it)[1];
    at = begin + static_cast<size_t>(it->length());
  }
  if (expression.find('+', at) != std::string::npos) sentence += 'x';
  return std::regex_replace(std::regex_replace(sentence, kPlace, "x"), std::regex(R"(\\(.))"),
                            "$1");
}

/// What a call says: its first argument that is a sentence, the last for rules.
std::string said_by(const std::string& call, const std::string& rest) {
  const Strings arguments = arguments_in(rest);
  static const std::set<std::string> kLast = {"KASURI_DECLINE_UNLESS(", "Declined{", "note(",
                                              "refuse(", "declined("};
  if (kLast.contains(call)) {
    const std::string& last = arguments.back();
    return last.find('"') == std::string::npos ? "" : sentence_of(last);
  }
  for (const std::string& argument : arguments)
    if (const std::string text = trimmed(argument);
        text.starts_with('"') || text.starts_with("fmt::format("))
      return sentence_of(text);
  for (const std::string& argument : arguments)
    if (argument.find('"') != std::string::npos && argument.find('+') != std::string::npos)
      return sentence_of(argument);
  return "";
}

/// All that calls matching `calls` say in the sources of `places`.
std::set<std::string> said_in(const Strings& places, const char* calls) {
  const char* root = std::getenv("KASURI_SOURCE");
  std::set<std::string> found;
  const std::regex call(calls);
  const auto read = [&](const fs::path& path) {
    const std::string text =
        std::regex_replace(test::text_of(path), std::regex("//[^\n]*"), std::string());
    for (std::sregex_iterator it(text.begin(), text.end(), call), end; it != end; ++it)
      found.insert(said_by(trimmed(it->str()), text.substr(it->position() + it->length(), 1200)));
  };
  for (const std::string& place : places) {
    const fs::path path = fs::path(root == nullptr ? "." : root) / place;
    if (fs::is_regular_file(path)) read(path);
    if (!fs::is_directory(path)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(path))
      if (entry.path().extension() == ".cpp") read(entry.path());
  }
  return found;
}

bool has_japanese(const std::string& text) {
  static const std::regex kJapanese("\xE3[\x81-\x83]|[\xE4-\xE9]");
  return std::regex_search(text, kJapanese);
}

/// Names of attributes and operators stay as they are.
bool is_words(const std::string& said) {
  static const std::regex kWords("[a-z]{2,} [a-z0-9]{1,}|^[a-z]{8,}$");
  return std::regex_search(said, kWords);
}

struct Missing {
  std::string list;
  size_t count = 0, of = 0;
};

Missing missing_in(const Strings& places, const char* calls) {
  // What a kernel is called, and sentences put together from others.
  static const std::set<std::string> kNone = {"stitch of x", "x; x", "x: x"};
  Missing missing;
  for (const std::string& said : said_in(places, calls)) {
    if (kNone.contains(said) || !is_words(said)) continue;
    ++missing.of;
    if (has_japanese(in_japanese(said))) continue;
    ++missing.count;
    missing.list += said + "\n";
  }
  return missing;
}

constexpr const char* kReasons =
    R"re(KASURI_DECLINE_UNLESS\(|Declined\{|\bnote\(|\brefuse\(|\bdeclined\(|)re"
    R"re(\bunavailable\(|\breturn\s+(?="))re";
constexpr const char* kErrors = R"re(\b(require|Error|fail|unavailable|with_context)\()re";

TEST(Sentences, WhateverAPassCanSayHasJapanese) {
  const Missing missing = missing_in(
      {"passes", "engine/rewrite/rule_driver.cpp", "engine/backend/cpu/cpu_legality.cpp"},
      kReasons);
  EXPECT_EQ(missing.count, 0u) << missing.list;
  EXPECT_GT(missing.of, 70u) << "the sources still say why in the way this test reads";
}

TEST(Sentences, WhatKernelsAnswerWhenAskedHasJapanese) {
  const Missing missing = missing_in(
      {"engine/lower", "engine/backend/cpu/contraction_match.cpp",
       "engine/backend/cpu/contraction_kernel.cpp", "engine/backend/cpu/quantized_terms.cpp",
       "engine/backend/cpu/row_scatter_kernel.cpp"},
      kReasons);
  EXPECT_LE(missing.count, missing.of / 20) << missing.list;
  EXPECT_GT(missing.of, 60u);
}

TEST(Sentences, WhatFilesAndPlansFailWithMostlyHasJapanese) {
  const Missing missing = missing_in({"engine/onnx", "engine/exec", "engine/plan", "engine/base",
                                      "profiling/worker/worker_client.cpp"},
                                     kErrors);
  EXPECT_LE(missing.count, missing.of / 10) << missing.list;
  EXPECT_GT(missing.of, 140u);
}

TEST(Sentences, WhatIsTakenForAModelHasJapanese) {
  const Missing missing = missing_in({"engine/onnx/importer.cpp"}, kReasons);
  EXPECT_EQ(missing.count, 0u) << missing.list;
  EXPECT_GE(missing.of, 6u);
}

TEST(Sentences, WhatOperatorsFailWithMostlyHasJapanese) {
  const Missing missing = missing_in({"engine/backend/reference", "engine/ir/shape_inference",
                                      "engine/ir/shape_context.cpp", "engine/ir/op_catalogue.cpp"},
                                     kErrors);
  EXPECT_LE(missing.count, missing.of / 10) << missing.list;
  EXPECT_GT(missing.of, 300u);
}

/// With "7" and the number of the place in each place.
std::string filled(std::string sentence) {
  for (int i = 1; i <= 9; ++i)
    for (const std::string place = "%" + std::to_string(i);
         sentence.find(place) != std::string::npos;)
      sentence.replace(sentence.find(place), 2, "7" + std::to_string(i));
  return sentence;
}

TEST(Sentences, EachIsReachedAndHasThePlacesOfItsJapanese) {
  size_t count = 0;
  for (const auto& table : {rule_sentences(), report_sentences(), error_sentences(),
                            kernel_sentences(), general_sentences()})
    for (const auto& [english, japanese] : table) {
      const std::string said = english;
      static const std::set<std::string> kNames = {"%1: %2", "'%1' (%2): %3", "'%1'"};
      EXPECT_TRUE(kNames.contains(said) || has_japanese(japanese)) << said;
      EXPECT_EQ(in_japanese(filled(said)), filled(japanese)) << "another sentence takes: " << said;
      ++count;
    }
  EXPECT_GT(count, 600u);
}

TEST(Sentences, NamesStayAndSeveralAreSaidEach) {
  EXPECT_EQ(in_japanese("'Gather_2' (GatherND) is no kernel of ours; its input is read elsewhere "
                        "too"),
            "「Gather_2」(GatherND)は Kasuri のカーネルではない; 入力が他でも読まれる");
  EXPECT_EQ(in_japanese("Dropout: its mask is read"), "Dropout: マスクが読まれている");
  EXPECT_EQ(in_japanese("'integers' (Add): integers"), "「integers」(Add): 整数")
      << "a node may be called like a sentence";
  EXPECT_EQ(in_japanese("nobody foresaw this"), "nobody foresaw this");
  EXPECT_EQ(in_japanese(""), "");
  EXPECT_EQ(in_japanese("%1"), "%1");
}

TEST(Sentences, ErrorsAreSaidFromTheOutermostInwards) {
  EXPECT_EQ(in_japanese("reference run: node '/model/Gather_1' (Gather, opset 13): index 1 is "
                        "outside an axis of 1"),
            "参照実装での実行: ノード「/model/Gather_1」(Gather、opset 13): "
            "添字 1 が大きさ 1 の軸の範囲外");
  EXPECT_EQ(in_japanese("'a.onnx': not an ONNX file, or damaged: a number is cut off (truncated?)"),
            "「a.onnx」: ONNX ファイルではないか、破損している: "
            "数値が途中で切れている（ファイルが途中で切れた可能性）");
  EXPECT_EQ(in_japanese("making values for input 'x'; give a file with --input: numbers cannot be "
                        "made up as string"),
            "入力「x」の値の生成中（--input でファイルを指定）: string の数値は合成できない");
  EXPECT_EQ(in_japanese("not in one kernel: the shape of 'a' is not known; training mode"),
            "1 カーネルにできない: 「a」の形状が不明; 学習モード");
}

}  // namespace
}  // namespace kasuri::profiling
