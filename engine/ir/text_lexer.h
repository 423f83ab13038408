#pragma once

#include <string>
#include <string_view>

#include "engine/base/result.h"

namespace kasuri::text {

struct Token {
  enum class Kind : uint8_t { kEnd, kWord, kNumber, kString, kName, kPunctuation, kDamage };
  Kind kind = Kind::kEnd;
  std::string text;  ///< Word, digits, unescaped string, name without %, one character.
  int line = 1;
};

/// Splits graph text (engine/ir/printer.h) into tokens, one at a time.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) { advance(); }

  const Token& peek() const { return token_; }
  Token take();
  bool at(char punctuation) const;
  bool at_word(std::string_view word) const;
  /// Takes the token if it is this one.
  bool accept(char punctuation);
  bool accept_word(std::string_view word);
  Status expect(char punctuation);
  /// "line 12: ..." about the present token.
  Error error(const std::string& message) const;

 private:
  void advance();
  void skip_space();
  bool take_string(std::string& out);

  std::string_view rest_;
  Token token_;
  int line_ = 1;
};

/// Letters, digits and what exporters put into names; readable without quotes after %.
bool is_name_character(char c);
/// Starts with a letter or _, goes on with name characters other than ':'.
bool is_word(std::string_view text);

}  // namespace kasuri::text
