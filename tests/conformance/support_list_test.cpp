#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "engine/backend/reference/registry.h"
#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"
#include "engine/lower/registry.h"
#include "tests/conformance/skip_list.h"

// The section of engine/ir/README.md about what is not supported is made from the registries. The
// test fails when it is out of date; KASURI_UPDATE=1 writes it.
namespace kasuri::testing {
namespace {

constexpr int kAny = OpSignature::kAny;
constexpr OpSignature kSignatures[] = {
#include "engine/ir/op_signatures.inc"
};
constexpr std::string_view kBegin =
    "<!-- begin: made by tests/conformance/support_list_test.cpp -->\n";
constexpr std::string_view kEnd = "<!-- end -->\n";

using Names = std::set<std::string>;

/// "ai.onnx.ml.Imputer"; operators of ai.onnx go by their bare name.
std::string full_name(const OpKind& op) { return op.domain.empty() ? op.name : op.text(); }

Names standard_operators(bool (*take)(const OpKind&)) {
  Names names;
  for (const OpSignature& s : kSignatures) {
    const OpKind op{std::string(s.domain), std::string(s.name)};
    if (take(op)) names.insert(full_name(op));
  }
  return names;
}

bool has_kernel(const OpKind& op) { return reference::Registry::instance().find(op) != nullptr; }

Names contrib_operators() {
  Names names;
  for (const auto& [op, kernel] : reference::Registry::instance().all())
    if (op.domain == "com.microsoft") names.insert(op.name);
  return names;
}

/// Comma-separated, broken before column 110.
std::string listed(const Names& names) {
  std::string out, line;
  for (const std::string& name : names) {
    if (!line.empty() && line.size() + name.size() > 106) {
      out += line + ",\n";
      line.clear();
    }
    line += (line.empty() ? "" : ", ") + name;
  }
  return names.empty() ? "none\n" : out + line + "\n";
}

std::string section() {
  std::string out(kBegin);
  out += "### Standard operators that nothing runs\n\n";
  out += listed(standard_operators([](const OpKind& op) { return !has_kernel(op); }));
  out += "\n### Standard operators without type inference\n\n";
  out += listed(standard_operators([](const OpKind& op) { return !is_known_operator(op); }));
  out += "\n### Operators of com.microsoft that run (any other is refused by name)\n\n";
  out += listed(contrib_operators());
  out += "\n### Operators that run by the library only: no form as loops, in no type or mode\n\n";
  out += "Contractions of the cpu backend and control flow have steps of their own besides.\n\n";
  out += listed(standard_operators([](const OpKind& op) {
    return has_kernel(op) && lower::Registry::instance().find(op) == nullptr;
  }));
  out += "\n### Cases of the ONNX operator suite that do not pass\n\n";
  const SkipList skips = SkipList::read(source_root() / "tests/conformance/skips.txt");
  for (const auto& [name, reason] : skips.lines()) out += fmt::format("- {}: {}\n", name, reason);
  return out + std::string(kEnd);
}

TEST(SupportList, IsUpToDateInTheReadme) {
  const auto file = source_root() / "engine/ir/README.md";
  std::ifstream in(file);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  const size_t begin = text.find(kBegin), end = text.find(kEnd);
  ASSERT_TRUE(begin != std::string::npos && end != std::string::npos && begin < end)
      << file << " has no generated section";
  const std::string wanted = text.substr(0, begin) + section() + text.substr(end + kEnd.size());
  if (std::getenv("KASURI_UPDATE") != nullptr)
    std::ofstream(file) << wanted;
  else
    EXPECT_EQ(text, wanted) << "run conformance_tests once with KASURI_UPDATE=1";
}

}  // namespace
}  // namespace kasuri::testing
