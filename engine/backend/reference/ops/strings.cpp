#include <algorithm>
#include <map>
#include <set>

#include "engine/backend/reference/regex.h"
#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Operators on strings (UTF-8).
namespace kasuri::reference {
namespace {

const std::vector<std::string>& strings_in(Context& c, size_t i) {
  c.require(c.in(i).dtype() == DataType::kString, "input {} must hold strings", i);
  return c.in(i).strings();
}

std::vector<std::string> string_list(Context& c, const std::string& name) {
  const Attribute* given = c.node().find(name);
  const auto* list = given ? std::get_if<std::vector<std::string>>(given) : nullptr;
  return list ? *list : std::vector<std::string>();
}

/// Case of ASCII and Latin-1 letters; others stay.
std::string cased(std::string text, bool upper) {
  for (size_t i = 0; i < text.size(); ++i) {
    auto& ch = reinterpret_cast<unsigned char&>(text[i]);
    if (ch < 128) {
      ch = static_cast<unsigned char>(upper ? std::toupper(ch) : std::tolower(ch));
    } else if (ch == 0xC3 && i + 1 < text.size()) {
      auto& next = reinterpret_cast<unsigned char&>(text[++i]);
      const unsigned char low = next & 0x1F;
      if (low != 0x17 && low != 0x1F)
        next = static_cast<unsigned char>((next & ~0x20) | (upper ? 0 : 0x20));
    }
  }
  return text;
}

void string_normalizer(Context& c) {
  const Tensor& x = c.in(0);
  const std::vector<std::string>& words = strings_in(c, 0);
  const std::string action = c.node().get_string("case_change_action", "NONE");
  const bool sensitive = c.node().get_int("is_case_sensitive", 0) != 0;
  c.require(x.rank() == 1 || (x.rank() == 2 && x.extents()[0] == 1),
            "needs one row of strings, not {}", text_of(x.extents()));
  std::set<std::string> stops;
  for (const std::string& w : string_list(c, "stopwords"))
    stops.insert(sensitive ? w : cased(w, false));
  std::vector<std::string> out;
  for (const std::string& w : words) {
    if (stops.contains(sensitive ? w : cased(w, false))) continue;
    out.push_back(action == "NONE" ? w : cased(w, action == "UPPER"));
  }
  if (out.empty()) out.emplace_back();
  const auto n = static_cast<int64_t>(out.size());
  c.set(0, c.pack_strings(x.rank() == 1 ? Extents{n} : Extents{1, n}, std::move(out)));
}

void string_concat(Context& c) {
  const std::vector<std::string>&a = strings_in(c, 0), &b = strings_in(c, 1);
  const Extents extents = broadcast(c, {c.in(0).extents(), c.in(1).extents()});
  const Strides sa = broadcast_strides(c.in(0).extents(), extents),
                sb = broadcast_strides(c.in(1).extents(), extents);
  std::vector<std::string> out;
  for_each_row<2>(extents, {sa, sb}, [&](const std::array<int64_t, 2>& at) {
    for (int64_t i = 0; i < row_length(extents); ++i)
      out.push_back(a[static_cast<size_t>(at[0] + i * row_step(sa))] +
                    b[static_cast<size_t>(at[1] + i * row_step(sb))]);
  });
  c.set(0, c.pack_strings(extents, std::move(out)));
}

/// At most `most` splits; an empty delimiter splits at runs of white space.
std::vector<std::string> split(const std::string& text, const std::string& delimiter,
                               int64_t most) {
  std::vector<std::string> parts;
  const std::string blanks = " \t\n\r\f\v";
  size_t at = delimiter.empty() ? text.find_first_not_of(blanks) : 0;
  if (text.empty()) return delimiter.empty() ? parts : std::vector<std::string>{""};
  while (at != std::string::npos) {
    const size_t end =
        delimiter.empty() ? text.find_first_of(blanks, at) : text.find(delimiter, at);
    if (end == std::string::npos || static_cast<int64_t>(parts.size()) >= most) {
      parts.push_back(text.substr(at));
      break;
    }
    parts.push_back(text.substr(at, end - at));
    at = delimiter.empty() ? text.find_first_not_of(blanks, end) : end + delimiter.size();
  }
  return parts;
}

void string_split(Context& c) {
  const std::string delimiter = c.node().get_string("delimiter", "");
  const int64_t most = c.node().has("maxsplit") ? c.node().get_int("maxsplit", 0) : INT64_MAX;
  std::vector<std::vector<std::string>> all;
  std::vector<int64_t> counts;
  size_t widest = 0;
  for (const std::string& text : strings_in(c, 0)) {
    all.push_back(split(text, delimiter, most));
    counts.push_back(static_cast<int64_t>(all.back().size()));
    widest = std::max(widest, all.back().size());
  }
  std::vector<std::string> out;
  for (std::vector<std::string>& parts : all) {
    parts.resize(widest);
    out.insert(out.end(), parts.begin(), parts.end());
  }
  Extents extents = c.in(0).extents();
  c.set(1, c.pack(DataType::kInt64, extents, counts));
  extents.push_back(static_cast<int64_t>(widest));
  c.set(0, c.pack_strings(extents, std::move(out)));
}

void regex_full_match(Context& c) {
  const Result<Regex> regex = Regex::parse(c.node().get_string("pattern", ""));
  if (!regex.ok()) c.fail(regex.error().text());
  std::vector<int64_t> out;
  for (const std::string& text : strings_in(c, 0)) {
    c.poll();
    out.push_back(regex->matches(text) ? 1 : 0);
  }
  c.set(0, c.pack(DataType::kBool, c.in(0).extents(), out));
}

/// The n-grams of a TfIdfVectorizer: tokens -> column.
template <typename Token>
struct Vocabulary {
  std::map<std::vector<Token>, size_t> column;  // index into ngram_indexes
};

template <typename Token>
Vocabulary<Token> vocabulary(Context& c, const std::vector<Token>& pool) {
  const std::vector<int64_t> counts = c.node().get_ints("ngram_counts");
  Vocabulary<Token> v;
  size_t number = 0;
  for (size_t size = 1; size <= counts.size(); ++size) {
    const int64_t begin = counts[size - 1];
    const int64_t end = size < counts.size() ? counts[size] : static_cast<int64_t>(pool.size());
    c.require(begin >= 0 && begin <= end && end <= static_cast<int64_t>(pool.size()),
              "ngram_counts do not fit the pool");
    for (int64_t at = begin; at + static_cast<int64_t>(size) <= end;
         at += static_cast<int64_t>(size))
      v.column[{pool.begin() + at, pool.begin() + at + static_cast<int64_t>(size)}] = number++;
  }
  return v;
}

template <typename Token>
std::vector<double> count_ngrams(Context& c, const Vocabulary<Token>& v, std::span<const Token> row,
                                 size_t width) {
  const std::vector<int64_t> columns = c.node().get_ints("ngram_indexes");
  const auto shortest = static_cast<size_t>(c.node().get_int("min_gram_length", 1));
  const auto longest = static_cast<size_t>(c.node().get_int("max_gram_length", 1));
  std::vector<double> counts(width, 0);
  // Nothing is left to skip to beyond the row.
  const int64_t most =
      std::min(c.node().get_int("max_skip_count", 0), static_cast<int64_t>(row.size()));
  for (int64_t skip = 0; skip <= most; ++skip)
    for (size_t start = 0; start < row.size(); ++start) {
      std::vector<Token> gram;
      for (size_t at = start; at < row.size() && gram.size() < longest;
           at += static_cast<size_t>(skip) + 1) {
        gram.push_back(row[at]);
        if (gram.size() < shortest || (gram.size() == 1 && skip > 0)) continue;
        const auto found = v.column.find(gram);
        if (found != v.column.end() && found->second < columns.size())
          ++counts[static_cast<size_t>(columns[found->second])];
      }
    }
  return counts;
}

template <typename Token>
void vectorize(Context& c, const std::vector<Token>& tokens, const std::vector<Token>& pool) {
  const Tensor& x = c.in(0);
  const std::vector<int64_t> columns = c.node().get_ints("ngram_indexes");
  c.require(!columns.empty() && *std::min_element(columns.begin(), columns.end()) >= 0 &&
                *std::max_element(columns.begin(), columns.end()) < (1 << 28),
            "ngram_indexes are wrong");
  c.require(x.rank() <= 2, "needs rows of tokens, not {}", text_of(x.extents()));
  const auto width = static_cast<size_t>(*std::max_element(columns.begin(), columns.end())) + 1;
  const std::string mode = c.node().get_string("mode", "TF");
  const std::vector<float> weights = c.node().get_floats("weights");
  const Vocabulary<Token> v = vocabulary(c, pool);
  const int64_t rows = x.rank() == 2 ? x.extents()[0] : 1;
  const size_t length = rows > 0 ? tokens.size() / static_cast<size_t>(rows) : 0;
  std::vector<double> out;
  for (int64_t r = 0; r < rows; ++r) {
    std::vector<double> counts = count_ngrams<Token>(
        c, v, std::span(tokens).subspan(static_cast<size_t>(r) * length, length), width);
    std::vector<double> weight(width, 1);  // ngram_indexes map weights to columns
    for (size_t i = 0; i < weights.size() && i < columns.size(); ++i)
      weight[static_cast<size_t>(columns[i])] = weights[i];
    for (size_t i = 0; i < width; ++i)
      out.push_back(mode == "TF"    ? counts[i]
                    : mode == "IDF" ? (counts[i] > 0 ? weight[i] : 0)
                                    : counts[i] * weight[i]);
  }
  const auto n = static_cast<int64_t>(width);
  c.set(0, c.pack(DataType::kFloat, x.rank() == 2 ? Extents{rows, n} : Extents{n}, out));
}

void tf_idf_vectorizer(Context& c) {
  if (c.in(0).dtype() == DataType::kString)
    vectorize<std::string>(c, strings_in(c, 0), string_list(c, "pool_strings"));
  else
    vectorize<int64_t>(c, c.ints(0), c.node().get_ints("pool_int64s"));
}

}  // namespace

void register_strings_kernels(Registry& r) {
  r.add("StringNormalizer", string_normalizer);
  r.add("StringConcat", string_concat);
  r.add("StringSplit", string_split);
  r.add("RegexFullMatch", regex_full_match);
  r.add("TfIdfVectorizer", tf_idf_vectorizer);
}

}  // namespace kasuri::reference
