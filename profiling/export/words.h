#pragma once

#include <fmt/format.h>

#include <string>

namespace kasuri::profiling {

/// Sentences of a report in its language. English sentences are the keys of the table; names of
/// passes, rules, operators and sides stay as they are.
class Words {
 public:
  /// "en" or "ja"; anything else is English.
  explicit Words(const std::string& language);
  const std::string& language() const { return language_; }
  /// The sentence in this language, English where the table has none.
  std::string operator()(const std::string& english) const;
  /// The same with {} or {0} {1} ... filled in.
  template <typename... Arguments>
  std::string say(const std::string& english, const Arguments&... arguments) const {
    return fmt::vformat((*this)(english), fmt::make_format_args(arguments...));
  }
  /// A reason, error or warning of the engine in this language (profiling/sentences).
  std::string reason(const std::string& said) const;

 private:
  std::string language_;
};

/// Null where the table has no such sentence.
const char* japanese_of(const std::string& english);
/// The part of it about early exit, generation and denoising.
const char* japanese_of_dynamic(const std::string& english);
/// The laws of the passes, how outputs were compared, what the machine is warned of.
const char* japanese_of_law(const std::string& english);

}  // namespace kasuri::profiling
