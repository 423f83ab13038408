#include "profiling/sentences/in_japanese.h"

#include <array>
#include <optional>

#include "profiling/sentences/sentences.h"

namespace kasuri::profiling {
namespace {

constexpr std::string_view kBetween = "; ";

/// What stands in a place of a sentence.
struct Filler {
  std::string_view text;
  bool is_name = false;
};
using Fillers = std::array<Filler, 9>;

/// Several sentences in one place only where it is all that follows a colon.
bool may_hold(std::string_view filler, std::string_view before, std::string_view after) {
  const bool name = before.ends_with('\'') && after.starts_with('\'');
  if (name) return filler.find('\'') == std::string_view::npos;
  return filler.find(kBetween) == std::string_view::npos ||
         (after.empty() && before.ends_with(": "));
}

/// Where the next place of a sentence begins; npos where none does.
size_t place_in(std::string_view sentence) {
  for (size_t at = sentence.find('%'); at != std::string_view::npos;
       at = sentence.find('%', at + 1))
    if (at + 1 < sentence.size() && sentence[at + 1] >= '1' && sentence[at + 1] <= '9') return at;
  return std::string_view::npos;
}

/// Whether the sentence fits, each place as short as it can be.
bool fits(std::string_view sentence, std::string_view said, Fillers& fillers) {
  const size_t place = place_in(sentence);
  const std::string_view before = sentence.substr(0, place);
  if (!said.starts_with(before)) return false;
  said.remove_prefix(before.size());
  if (place == std::string_view::npos) return said.empty();
  const auto number = static_cast<size_t>(sentence[place + 1] - '1');
  sentence.remove_prefix(place + 2);
  for (size_t length = sentence.empty() ? said.size() : 1; length <= said.size(); ++length) {
    const std::string_view filler = said.substr(0, length);
    if (filler.empty() || !may_hold(filler, before, sentence)) return false;
    if (!fits(sentence, said.substr(length), fillers)) continue;
    fillers.at(number) = {filler, before.ends_with('\'') && sentence.starts_with('\'')};
    return true;
  }
  return false;
}

std::string filled(std::string_view japanese, const Fillers& fillers) {
  std::string out;
  for (size_t place; (place = place_in(japanese)) != std::string_view::npos;) {
    const Filler& filler = fillers.at(static_cast<size_t>(japanese[place + 1] - '1'));
    out += japanese.substr(0, place);
    out += filler.is_name ? std::string(filler.text) : in_japanese(filler.text);
    japanese.remove_prefix(place + 2);
  }
  return out + std::string(japanese);
}

std::optional<std::string> known(std::string_view said) {
  for (const auto& table : {rule_sentences(), report_sentences(), error_sentences(),
                            kernel_sentences(), general_sentences()})
    for (const Sentence& sentence : table)
      if (Fillers fillers; fits(sentence.english, said, fillers))
        return filled(sentence.japanese, fillers);
  return std::nullopt;
}

}  // namespace

std::string in_japanese(std::string_view said) {
  if (const auto whole = known(said)) return *whole;
  const size_t end = said.find(kBetween);
  if (end == std::string_view::npos) return std::string(said);
  return in_japanese(said.substr(0, end)) + std::string(kBetween) +
         in_japanese(said.substr(end + kBetween.size()));
}

}  // namespace kasuri::profiling
