#include "engine/backend/reference/regex.h"

#include <fmt/format.h>

#include <cctype>
#include <memory>

namespace kasuri::reference {

/// Recursive descent to a tree, then to states back to front.
class RegexParser {
 public:
  explicit RegexParser(const std::string& pattern) : text_(pattern) {}

  Result<Regex> run() {
    const int tree = alternatives(0);
    if (problem_.empty() && at_ < text_.size()) problem_ = "an unmatched ')'";
    if (!problem_.empty()) return Error(fmt::format("pattern '{}': {}", text_, problem_));
    regex_.states_.push_back({});
    regex_.start_ = compile(tree, 0);
    if (regex_.states_.size() > kMostStates)
      return Error(fmt::format("pattern '{}' is too large", text_));
    return std::move(regex_);
  }

 private:
  static constexpr int kDeepest = 100;
  static constexpr int kMostRepeats = 1000;
  static constexpr size_t kMostStates = 100000;
  using Bytes = Regex::Bytes;
  using State = Regex::State;

  struct Tree {
    enum class Kind : uint8_t { kBytes, kFirst, kLast, kSequence, kChoice, kRepeat };
    Kind kind = Kind::kBytes;
    Bytes set;
    std::vector<int> parts;
    int least = 0, most = -1;  // of kRepeat; -1: any number
  };

  int make(Tree tree) {
    trees_.push_back(std::move(tree));
    return static_cast<int>(trees_.size()) - 1;
  }
  bool more() const { return problem_.empty() && at_ < text_.size(); }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  int alternatives(int depth) {
    if (depth > kDeepest) problem_ = "groups nest too deep";
    Tree choice{Tree::Kind::kChoice, {}, {sequence(depth)}};
    while (take('|')) choice.parts.push_back(sequence(depth));
    return choice.parts.size() == 1 ? choice.parts[0] : make(std::move(choice));
  }

  int sequence(int depth) {
    Tree all{Tree::Kind::kSequence};
    while (more() && text_[at_] != '|' && text_[at_] != ')') {
      all.parts.push_back(repeated(depth));
    }
    return make(std::move(all));
  }

  int repeated(int depth) {
    int item = atom(depth);
    while (more()) {
      Tree repeat{Tree::Kind::kRepeat, {}, {item}};
      if (take('*'))
        repeat.least = 0;
      else if (take('+'))
        repeat.least = 1;
      else if (take('?'))
        repeat.most = 1;
      else if (text_[at_] != '{' || !counts(repeat))
        break;
      take('?');  // greed does not change whether a whole text matches
      item = make(std::move(repeat));
    }
    return item;
  }

  bool number(int& value) {
    const size_t begin = at_;
    value = 0;
    while (more() && std::isdigit(static_cast<unsigned char>(text_[at_])) && value <= kMostRepeats)
      value = value * 10 + (text_[at_++] - '0');
    if (value > kMostRepeats) problem_ = "too many repeats";
    return at_ > begin;
  }

  /// "{m}", "{m,}" or "{m,n}"; otherwise the brace is a letter.
  bool counts(Tree& repeat) {
    const size_t begin = at_;
    ++at_;
    if (number(repeat.least)) {
      repeat.most = repeat.least;
      if (take(',') && !number(repeat.most)) repeat.most = -1;
      if (take('}')) {
        if (repeat.most >= 0 && repeat.most < repeat.least) problem_ = "repeats are reversed";
        return true;
      }
    }
    at_ = begin;
    return false;
  }

  int atom(int depth) {
    if (take('(')) {
      if (take('?') && !take(':')) problem_ = "only (?:...) groups are known";
      const int inside = alternatives(depth + 1);
      if (!take(')') && problem_.empty()) problem_ = "a missing ')'";
      return inside;
    }
    if (take('[')) return make({Tree::Kind::kBytes, byte_class()});
    if (take('^')) return make({Tree::Kind::kFirst});
    if (take('$')) return make({Tree::Kind::kLast});
    if (take('.')) return make({Tree::Kind::kBytes, ~Bytes().set('\n')});
    if (take('\\')) return make({Tree::Kind::kBytes, escape()});
    const char c = text_[at_++];
    if (c == '*' || c == '+' || c == '?') problem_ = "nothing to repeat";
    return make({Tree::Kind::kBytes, Bytes().set(static_cast<unsigned char>(c))});
  }

  template <typename F>
  static Bytes bytes_where(F f) {
    Bytes set;
    for (int c = 0; c < 128; ++c)
      if (f(c)) set.set(static_cast<size_t>(c));
    return set;
  }

  Bytes escape() {
    if (!more()) {
      problem_ = "a '\\' at the end";
      return {};
    }
    const char c = text_[at_++];
    const auto lower = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    Bytes set;
    if (lower == 'd')
      set = bytes_where([](int b) { return std::isdigit(b) != 0; });
    else if (lower == 'w')
      set = bytes_where([](int b) { return std::isalnum(b) != 0 || b == '_'; });
    else if (lower == 's')
      set = bytes_where([](int b) { return b == ' ' || (b >= 9 && b <= 13 && b != 11); });
    else if (c == 'n')
      return Bytes().set('\n');
    else if (c == 't')
      return Bytes().set('\t');
    else if (c == 'r')
      return Bytes().set('\r');
    else if (std::isalnum(static_cast<unsigned char>(c)))
      problem_ = fmt::format("'\\{}' is not supported", c);
    else
      return Bytes().set(static_cast<unsigned char>(c));
    return c == lower ? set : ~set;
  }

  Bytes byte_class() {
    const bool negated = take('^');
    Bytes set;
    bool first = true;
    while (more() && (text_[at_] != ']' || first)) {
      first = false;
      if (take('\\')) {
        set |= escape();
        continue;
      }
      const auto low = static_cast<unsigned char>(text_[at_++]);
      auto high = low;
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        high = static_cast<unsigned char>(text_[at_ + 1]);
        at_ += 2;
      }
      if (high < low) problem_ = "a reversed range";
      for (int b = low; b <= high; ++b) set.set(static_cast<size_t>(b));
    }
    if (!take(']') && problem_.empty()) problem_ = "a missing ']'";
    return negated ? ~set : set;
  }

  int state(State s) {
    if (regex_.states_.size() <= kMostStates) regex_.states_.push_back(s);
    return static_cast<int>(regex_.states_.size()) - 1;
  }

  /// The state that matches the tree and goes on at `next`.
  int compile(int number, int next) {
    const Tree tree = trees_[static_cast<size_t>(number)];
    switch (tree.kind) {
      case Tree::Kind::kFirst:
        return state({State::Kind::kFirst, {}, next});
      case Tree::Kind::kLast:
        return state({State::Kind::kLast, {}, next});
      case Tree::Kind::kBytes:
        return state({State::Kind::kBytes, tree.set, next});
      case Tree::Kind::kSequence:
        for (size_t i = tree.parts.size(); i-- > 0;) next = compile(tree.parts[i], next);
        return next;
      case Tree::Kind::kChoice: {
        int all = compile(tree.parts[0], next);
        for (size_t i = 1; i < tree.parts.size(); ++i)
          all = state({State::Kind::kSplit, {}, all, compile(tree.parts[i], next)});
        return all;
      }
      case Tree::Kind::kRepeat:
        return compile_repeat(tree, next);
    }
    return next;
  }

  int compile_repeat(const Tree& tree, int next) {
    if (regex_.states_.size() > kMostStates) return next;
    if (tree.most < 0) {
      const int loop = state({State::Kind::kSplit, {}, next, next});
      const int body = compile(tree.parts[0], loop);
      regex_.states_[static_cast<size_t>(loop)].other = body;
      next = loop;
    } else {
      const int after = next;
      for (int i = tree.least; i < tree.most; ++i)
        next = state({State::Kind::kSplit, {}, after, compile(tree.parts[0], next)});
    }
    for (int i = 0; i < tree.least; ++i) next = compile(tree.parts[0], next);
    return next;
  }

  const std::string& text_;
  size_t at_ = 0;
  std::string problem_;
  std::vector<Tree> trees_;
  Regex regex_;
};

Result<Regex> Regex::parse(const std::string& pattern) { return RegexParser(pattern).run(); }

void Regex::add(int state, Place place, std::vector<int>& list, std::vector<bool>& seen) const {
  std::vector<int> open = {state};
  while (!open.empty()) {
    const int s = open.back();
    open.pop_back();
    if (seen[static_cast<size_t>(s)]) continue;
    seen[static_cast<size_t>(s)] = true;
    const State& here = states_[static_cast<size_t>(s)];
    const bool anchor = here.kind == State::Kind::kFirst || here.kind == State::Kind::kLast;
    if (here.kind == State::Kind::kSplit) {
      open.push_back(here.next);
      open.push_back(here.other);
    } else if (!anchor) {
      list.push_back(s);
    } else if (here.kind == State::Kind::kFirst ? place.first : place.last) {
      open.push_back(here.next);
    }
  }
}

bool Regex::matches(const std::string& text) const {
  std::vector<int> now, next;
  std::vector<bool> seen(states_.size(), false);
  add(start_, {true, text.empty()}, now, seen);
  for (size_t i = 0; i < text.size(); ++i) {
    next.clear();
    seen.assign(states_.size(), false);
    for (int s : now) {
      const State& here = states_[static_cast<size_t>(s)];
      if (here.kind == State::Kind::kBytes && here.set.test(static_cast<unsigned char>(text[i])))
        add(here.next, {false, i + 1 == text.size()}, next, seen);
    }
    now.swap(next);
  }
  for (int s : now)
    if (states_[static_cast<size_t>(s)].kind == State::Kind::kEnd) return true;
  return false;
}

}  // namespace kasuri::reference
