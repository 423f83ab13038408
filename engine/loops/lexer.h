#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace kasuri::loops {

/// Reads the text form of nests token by token: words, numbers, strings and signs. Errors name the
/// line.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The next token is exactly `sign` (of signs or a word): takes it.
  bool accept(std::string_view sign);
  Status expect(std::string_view sign);
  bool at_end();
  /// A run of letters, digits, '_' and '.'; empty if there is none. Not taken.
  std::string_view peek_word();
  Result<std::string> word();
  Result<int64_t> integer();
  /// 1.5, -3e-05, inf, -nan: what precedes a type suffix such as ".float32".
  struct Literal {
    std::string number, type;
  };
  /// A number with its type, or nothing if none starts here.
  std::optional<Literal> literal();
  Result<std::string> quoted();
  /// "b12" -> 12 if the next word is a letter followed by a number. Not taken if it is not.
  std::optional<int> numbered(char letter);
  Error error(const std::string& message) const;

 private:
  void skip_space();
  std::string_view rest() { return text_.substr(at_); }

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace kasuri::loops
