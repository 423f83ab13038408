#include "engine/ir/op_catalogue.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace kasuri {
namespace {

constexpr int kAny = OpSignature::kAny;

constexpr OpSignature kSignatures[] = {
#include "engine/ir/op_signatures.inc"
};

/// The letters a present attribute may stand for; an empty list can be of any list type.
std::string_view letters_of(const Attribute& a) {
  constexpr std::string_view kLetters[] = {"i", "f", "s", "tz", "g", "p",
                                           "I", "F", "S", "TZ", "G", "P"};
  return kLetters[a.index()];
}

bool is_empty_list(const Attribute& a) {
  return std::visit(
      [](const auto& v) {
        if constexpr (requires {
                        v.empty();
                        v.front();
                        v.data();
                      })
          return v.empty();
        return false;
      },
      a);
}

/// Type letter of `name` in the list of attributes; 0 if it is not there.
char letter_in(std::string_view list, std::string_view name) {
  for (size_t at = 0; at < list.size();) {
    const size_t end = std::min(list.find(' ', at), list.size());
    const std::string_view word = list.substr(at, end - at);
    if (word.size() > name.size() && word[name.size()] == '=' && word.starts_with(name))
      return word.back();
    at = end + 1;
  }
  return 0;
}

Status check_attributes(const Node& node, const OpSignature& s) {
  for (const auto& [name, value] : node.attributes) {
    if (name == "consumed_inputs") continue;  // A hint of the first versions, never obeyed.
    const char letter = letter_in(s.attributes, name);
    if (letter == 0) return Error(fmt::format("there is no attribute '{}'", name));
    const bool list = letter < 'a' && is_empty_list(value);
    if (!list && letters_of(value).find(letter) == std::string_view::npos)
      return Error(fmt::format("attribute '{}' has the wrong type", name));
  }
  for (size_t at = 0; (at = s.attributes.find("=!", at)) != std::string_view::npos; ++at) {
    const size_t begin = s.attributes.rfind(' ', at) + 1;
    const std::string name(s.attributes.substr(begin, at - begin));
    if (!node.has(name)) return Error(fmt::format("attribute '{}' is missing", name));
  }
  return Done{};
}

Status check_count(const char* what, size_t count, int least, int most) {
  if (count > static_cast<size_t>(most))
    return Error(fmt::format("{} {} where {} are known", count, what, most));
  if (count < static_cast<size_t>(least))
    return Error(fmt::format("{} {} where {} are needed", count, what, least));
  return Done{};
}

Status check_against(const Node& node, const OpSignature& s) {
  KASURI_RETURN_IF_ERROR(check_count("inputs", node.inputs.size(), s.min_inputs, s.max_inputs));
  KASURI_RETURN_IF_ERROR(check_count("outputs", node.outputs.size(), s.min_outputs, s.max_outputs));
  return check_attributes(node, s);
}

}  // namespace

const OpSignature* find_signature(const OpKind& op, int opset) {
  const auto key = std::make_tuple(std::string_view(op.domain), std::string_view(op.name), opset);
  const auto after = std::upper_bound(
      std::begin(kSignatures), std::end(kSignatures), key,
      [](const auto& k, const OpSignature& s) { return k < std::tie(s.domain, s.name, s.since); });
  if (after == std::begin(kSignatures)) return nullptr;
  const OpSignature& s = *std::prev(after);
  return s.domain == op.domain && s.name == op.name ? &s : nullptr;
}

Status check_signature(const Node& node) {
  const OpSignature* s = find_signature(node.op, node.opset);
  if (s == nullptr) return Done{};
  Status status = check_against(node, *s);
  if (status.ok()) return status;
  return std::move(status).error().with_context(
      fmt::format("node '{}' ({}, opset {})", node.name, node.op.text(), node.opset));
}

}  // namespace kasuri
