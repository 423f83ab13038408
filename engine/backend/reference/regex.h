#pragma once

#include <bitset>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::reference {

/// A regular expression that is matched in time linear in the text (Thompson's construction, as
/// RE2): literals, ".", classes, groups, "|", "*", "+", "?", "{m,n}", \d \w \s, "^" and "$". Works
/// on bytes. What it does not know (back references, look-around) is an error.
class Regex {
 public:
  static Result<Regex> parse(const std::string& pattern);
  /// Does the whole text match?
  bool matches(const std::string& text) const;

 private:
  friend class RegexParser;
  using Bytes = std::bitset<256>;

  /// kBytes: take a byte of `set`, go on at `next`. kSplit: go on at `next` and at `other`.
  /// kFirst, kLast: go on at `next` at the beginning or end of the text only.
  struct State {
    enum class Kind : uint8_t { kBytes, kSplit, kFirst, kLast, kEnd };
    Kind kind = Kind::kEnd;
    Bytes set;
    int next = -1, other = -1;
  };

  struct Place {
    bool first, last;
  };

  void add(int state, Place place, std::vector<int>& list, std::vector<bool>& seen) const;

  std::vector<State> states_;
  int start_ = 0;
};

}  // namespace kasuri::reference
