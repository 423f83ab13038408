#include "engine/ir/text_lexer.h"

#include <algorithm>
#include <cctype>

namespace kasuri::text {
namespace {

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)); }
bool is_word_character(char c) { return is_name_character(c) && c != ':'; }

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

template <typename F>
std::string_view leading(std::string_view text, F&& belongs) {
  return text.substr(0, std::find_if_not(text.begin(), text.end(), belongs) - text.begin());
}

}  // namespace

bool is_name_character(char c) {
  return is_letter(c) || is_digit(c) || c == '.' || c == '/' || c == '-' || c == ':';
}

bool is_word(std::string_view text) {
  return !text.empty() && is_letter(text[0]) &&
         std::all_of(text.begin(), text.end(), is_word_character);
}

void Lexer::skip_space() {
  while (!rest_.empty()) {
    if (rest_[0] == '#') {
      rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
    } else if (std::isspace(static_cast<unsigned char>(rest_[0]))) {
      line_ += rest_[0] == '\n';
      rest_.remove_prefix(1);
    } else {
      return;
    }
  }
}

/// After the opening quote; false when the string does not end or has an unknown escape.
bool Lexer::take_string(std::string& out) {
  while (!rest_.empty() && rest_[0] != '"') {
    if (rest_[0] != '\\') {
      line_ += rest_[0] == '\n';
      out += rest_[0];
      rest_.remove_prefix(1);
      continue;
    }
    if (rest_.size() < 2) return false;
    const char escape = rest_[1];
    const bool hex =
        escape == 'x' && rest_.size() >= 4 && hex_digit(rest_[2]) >= 0 && hex_digit(rest_[3]) >= 0;
    if (hex)
      out += static_cast<char>(hex_digit(rest_[2]) * 16 + hex_digit(rest_[3]));
    else if (escape == 'n')
      out += '\n';
    else if (escape == '"' || escape == '\\')
      out += escape;
    else
      return false;
    rest_.remove_prefix(hex ? 4 : 2);
  }
  if (rest_.empty()) return false;
  rest_.remove_prefix(1);
  return true;
}

void Lexer::advance() {
  using Kind = Token::Kind;
  skip_space();
  token_ = {Kind::kEnd, "", line_};
  if (rest_.empty()) return;
  const char first = rest_[0];
  const bool name = first == '%';
  if (name) rest_.remove_prefix(1);
  if (!rest_.empty() && rest_[0] == '"') {
    rest_.remove_prefix(1);
    token_.kind = take_string(token_.text) ? (name ? Kind::kName : Kind::kString) : Kind::kDamage;
    return;
  }
  std::string_view run = rest_.substr(0, 1);
  if (name) {
    run = leading(rest_, is_name_character);
    token_.kind = run.empty() ? Kind::kDamage : Kind::kName;
  } else if (is_letter(first)) {
    run = leading(rest_, is_word_character);
    token_.kind = Kind::kWord;
  } else if (is_digit(first) || (first == '-' && rest_.size() > 1)) {
    const auto belongs = [](char c) {
      return is_letter(c) || is_digit(c) || c == '.' || c == '+' || c == '-';
    };
    run = leading(rest_, belongs);
    token_.kind = Kind::kNumber;
  } else if (rest_.substr(0, 3) == "...") {
    run = rest_.substr(0, 3);
    token_.kind = Kind::kWord;
  } else {
    token_.kind = Kind::kPunctuation;
  }
  token_.text = run;
  rest_.remove_prefix(run.size());
}

Token Lexer::take() {
  Token taken = std::move(token_);
  advance();
  return taken;
}

bool Lexer::at(char c) const {
  return token_.kind == Token::Kind::kPunctuation && token_.text[0] == c;
}

bool Lexer::at_word(std::string_view word) const {
  return token_.kind == Token::Kind::kWord && token_.text == word;
}

bool Lexer::accept(char c) {
  const bool yes = at(c);
  if (yes) advance();
  return yes;
}

bool Lexer::accept_word(std::string_view word) {
  const bool yes = at_word(word);
  if (yes) advance();
  return yes;
}

Status Lexer::expect(char c) {
  if (accept(c)) return Done{};
  return error(std::string("expected '") + c + "'");
}

Error Lexer::error(const std::string& message) const {
  std::string found = "the end";
  if (token_.kind == Token::Kind::kDamage)
    found = "an unfinished string or name";
  else if (token_.kind != Token::Kind::kEnd)
    found = "'" + token_.text.substr(0, 40) + "'";
  return Error("line " + std::to_string(token_.line) + ": " + message + ", found " + found);
}

}  // namespace kasuri::text
