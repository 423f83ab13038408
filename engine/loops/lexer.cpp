#include "engine/loops/lexer.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace kasuri::loops {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.';
}

}  // namespace

void Lexer::skip_space() {
  while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
}

Error Lexer::error(const std::string& message) const {
  const auto line = 1 + std::count(text_.begin(), text_.begin() + static_cast<long>(at_), '\n');
  return Error(fmt::format("line {}: {}", line, message));
}

bool Lexer::at_end() {
  skip_space();
  return at_ == text_.size();
}

std::string_view Lexer::peek_word() {
  skip_space();
  size_t end = at_;
  while (end < text_.size() && is_word(text_[end])) ++end;
  return text_.substr(at_, end - at_);
}

bool Lexer::accept(std::string_view sign) {
  skip_space();
  if (is_word(sign[0]) ? peek_word() != sign : !rest().starts_with(sign)) return false;
  at_ += sign.size();
  return true;
}

Status Lexer::expect(std::string_view sign) {
  if (accept(sign)) return Done{};
  return error(fmt::format("expected '{}'", sign));
}

Result<std::string> Lexer::word() {
  const std::string_view found = peek_word();
  if (found.empty()) return error("expected a word");
  at_ += found.size();
  return std::string(found);
}

Result<int64_t> Lexer::integer() {
  skip_space();
  int64_t value = 0;
  const std::string_view from = rest();
  const auto [end, code] = std::from_chars(from.data(), from.data() + from.size(), value);
  if (code != std::errc()) return error("expected an integer");
  at_ += static_cast<size_t>(end - from.data());
  return value;
}

std::optional<Lexer::Literal> Lexer::literal() {
  skip_space();
  size_t end = at_ + (rest().starts_with("-") ? 1 : 0);
  while (end < text_.size() &&
         (is_word(text_[end]) ||
          (text_[end - 1] == 'e' && text_[end] != ' ' && (text_[end] == '-' || text_[end] == '+'))))
    ++end;
  const std::string_view all = text_.substr(at_, end - at_);
  const size_t dot = all.rfind('.');
  if (dot == std::string_view::npos || dot + 1 == all.size()) return std::nullopt;
  const std::string_view digits = all.substr(0, dot),
                         bare = digits.starts_with("-") ? digits.substr(1) : digits;
  if (bare.empty() ||
      (std::isdigit(static_cast<unsigned char>(bare[0])) == 0 && bare != "inf" && bare != "nan"))
    return std::nullopt;
  at_ = end;
  return Literal{std::string(digits), std::string(all.substr(dot + 1))};
}

Result<std::string> Lexer::quoted() {
  KASURI_RETURN_IF_ERROR(expect("\""));
  std::string value;
  while (at_ < text_.size() && text_[at_] != '"') {
    if (text_[at_] == '\\' && at_ + 1 < text_.size()) ++at_;
    value += text_[at_++];
  }
  if (at_ == text_.size()) return error("a string without an end");
  ++at_;
  return value;
}

std::optional<int> Lexer::numbered(char letter) {
  const std::string_view found = peek_word();
  if (found.size() < 2 || found[0] != letter) return std::nullopt;
  int value = 0;
  const auto [end, code] = std::from_chars(found.data() + 1, found.data() + found.size(), value);
  if (code != std::errc() || end != found.data() + found.size()) return std::nullopt;
  at_ += found.size();
  return value;
}

}  // namespace kasuri::loops
