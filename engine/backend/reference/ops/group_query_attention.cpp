#include <algorithm>
#include <cmath>

#include "engine/backend/reference/attention.h"
#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// com.microsoft::GroupQueryAttention: causal attention with a cache, its key heads shared by groups
// of query heads, and rotary positions where asked for.
namespace kasuri::reference {
namespace {

enum Input : size_t {
  kQuery,
  kKey,
  kValue,
  kPastKey,
  kPastValue,
  kLastIndices,
  kTotalLength,
  kCosines,
  kSines,
  kPositions,
  kBias,
  kSink,
  kSupported
};

struct Operands {
  Heads q, k, v;
};

/// Query, key and value; packed in the first input where the others are absent.
Operands operands_of(Context& c) {
  const int64_t heads = c.node().get_int("num_heads", 0),
                groups = c.node().get_int("kv_num_heads", 0);
  c.require(heads > 0 && groups > 0 && heads % groups == 0 && c.in(kQuery).rank() == 3,
            "{} heads of queries, {} of keys over {}", heads, groups,
            text_of(c.in(kQuery).extents()));
  if (c.has(kKey))
    return {heads_of(c, c.in(kQuery), heads), heads_of(c, c.in(kKey), groups),
            heads_of(c, c.in(kValue), groups)};
  const Heads all = heads_of(c, c.in(kQuery), heads + 2 * groups);
  const auto part = [&](int64_t first, int64_t count) {
    Heads out{all.batch, count, all.length, all.size, {}};
    for (int64_t b = 0; b < all.batch; ++b) {
      const double* from = all.values.data() + (b * all.heads + first) * all.length * all.size;
      out.values.insert(out.values.end(), from, from + count * all.length * all.size);
    }
    return out;
  };
  return {part(0, heads), part(heads, groups), part(heads + groups, groups)};
}

/// How many tokens each text has, and how many of these the cache holds already.
class Lengths {
 public:
  Lengths(Context& c, const Heads& q) : now_(q.length), last_(c.ints(kLastIndices)) {
    longest_ = c.integer(kTotalLength, 0);
    first_ = longest_ == now_;
    c.require(static_cast<int64_t>(last_.size()) == q.batch, "{} lengths for a batch of {}",
              last_.size(), q.batch);
    for (const int64_t last : last_)
      c.require(last >= 0 && last < longest_ && (first_ || last + 1 >= now_),
                "length {} of at most {}, {} of them new", last + 1, longest_, now_);
  }
  int64_t longest() const { return longest_; }
  int64_t total(int64_t b) const { return last_[static_cast<size_t>(b)] + 1; }
  int64_t past(int64_t b) const { return first_ ? 0 : total(b) - now_; }

 private:
  int64_t now_, longest_ = 0;
  bool first_ = false;
  std::vector<int64_t> last_;
};

/// Token i of text b counted from the text's start.
std::vector<int64_t> positions_of(Context& c, const Heads& x, const Lengths& lengths) {
  std::vector<int64_t> out = c.ints(kPositions);
  c.require(out.empty() || static_cast<int64_t>(out.size()) == x.batch * x.length,
            "{} positions for {} tokens", out.size(), x.batch * x.length);
  if (!out.empty()) return out;
  for (int64_t b = 0; b < x.batch; ++b)
    for (int64_t i = 0; i < x.length; ++i) out.push_back(lengths.past(b) + i);
  return out;
}

void rotate(Context& c, Heads& x, const std::vector<int64_t>& positions) {
  const Tensor &cosines = c.in(kCosines), &sines = c.in(kSines);
  c.require(cosines.rank() == 2 && cosines.extents() == sines.extents() &&
                2 * cosines.extents()[1] <= x.size,
            "rotary caches {} and {} for heads of {}", text_of(cosines.extents()),
            text_of(sines.extents()), x.size);
  const bool interleaved = c.node().get_int("rotary_interleaved", 0) != 0;
  const int64_t half = cosines.extents()[1];
  const std::vector<double> cosine = elements<double>(cosines), sine = elements<double>(sines);
  for (int64_t row = 0; row < x.batch * x.heads * x.length; ++row) {
    const int64_t b = row / (x.heads * x.length), i = row % x.length;
    const int64_t at = positions[static_cast<size_t>(b * x.length + i)];
    c.require(at >= 0 && at < cosines.extents()[0], "position {} of {}", at, cosines.extents()[0]);
    double* values = x.values.data() + row * x.size;
    for (int64_t d = 0; d < half; ++d) {
      double& first = values[interleaved ? 2 * d : d];
      double& second = values[interleaved ? 2 * d + 1 : half + d];
      const double cs = cosine[static_cast<size_t>(at * half + d)],
                   sn = sine[static_cast<size_t>(at * half + d)];
      const double real = cs * first - sn * second;
      second = sn * first + cs * second;
      first = real;
    }
  }
}

/// The cache with the new tokens behind those each text has; what is behind them is zero.
Heads extended(Context& c, size_t past_input, const Heads& now, const Lengths& lengths) {
  Heads past{now.batch, now.heads, 0, now.size, {}};
  if (c.has(past_input)) past = heads_of(c, c.in(past_input), now.heads);
  c.require(past.batch == now.batch && past.heads == now.heads && past.size == now.size,
            "past {} and present {} do not fit", text_of(past.extents()), text_of(now.extents()));
  Heads out{now.batch, now.heads, std::max(past.length, lengths.longest()), now.size, {}};
  out.values.assign(static_cast<size_t>(c.scratch_count(out.extents())), 0);
  for (int64_t b = 0; b < now.batch; ++b) {
    const int64_t before = lengths.past(b);
    c.require(before <= past.length, "{} tokens in a cache of {}", before, past.length);
    for (int64_t h = 0; h < now.heads; ++h) {
      std::copy_n(past.row(b, h, 0), before * now.size, out.row(b, h, 0));
      std::copy_n(now.row(b, h, 0), now.length * now.size, out.row(b, h, before));
    }
  }
  return out;
}

/// What changes scores besides the causal window.
class ScoreRules {
 public:
  explicit ScoreRules(Context& c, const Heads& scores)
      : softcap_(c.node().get_float("softcap", 0)),
        smooth_(c.node().get_int("smooth_softmax", 0) == 1),
        window_(c.node().get_int("local_window_size", -1)) {
    if (c.has(kSink)) sinks_ = elements<double>(c.in(kSink));
    c.require(sinks_.empty() || static_cast<int64_t>(sinks_.size()) == scores.heads,
              "{} sinks for {} heads", sinks_.size(), scores.heads);
    if (!c.has(kBias)) return;
    c.require(c.in(kBias).rank() == 4, "attention_bias is {}", text_of(c.in(kBias).extents()));
    Extents wanted = scores.extents();
    wanted.back() = c.in(kBias).extents().back();
    c.require(broadcast(c, {c.in(kBias).extents(), wanted}) == wanted,
              "attention_bias is {} for scores {}", text_of(c.in(kBias).extents()),
              text_of(scores.extents()));
    bias_ = elements<double>(c.in(kBias));
    strides_ = broadcast_strides(c.in(kBias).extents(), wanted);
    width_ = wanted.back();
  }

  /// Scores of query i, which stands at `position`, become probabilities.
  void finish(Heads& s, int64_t b, int64_t h, int64_t i, int64_t position) const {
    double* row = s.row(b, h, i);
    const int64_t end = std::min(position + 1, s.size);
    const int64_t begin = window_ > 0 ? std::max<int64_t>(0, end - window_) : 0;
    for (int64_t j = begin; j < end; ++j) {
      if (softcap_ > 0) row[j] = softcap_ * std::tanh(row[j] / softcap_);
      if (j < width_)
        row[j] += bias_[static_cast<size_t>(b * strides_[0] + h * strides_[1] + i * strides_[2] +
                                            j * strides_[3])];
    }
    std::fill(row, row + begin, 0);
    std::fill(row + end, row + s.size, 0);
    std::vector<double> seen(row + begin, row + end);
    if (smooth_ || !sinks_.empty())
      seen.push_back(sinks_.empty() ? 0 : sinks_[static_cast<size_t>(h)]);
    softmax_row(seen.data(), static_cast<int64_t>(seen.size()));
    std::copy_n(seen.begin(), end - begin, row + begin);
  }

 private:
  double softcap_;
  bool smooth_;
  int64_t window_, width_ = 0;
  std::vector<double> sinks_, bias_;
  Strides strides_;
};

void group_query_attention(Context& c) {
  const Node& n = c.node();
  c.require(n.get_int("qk_output", 0) == 0 && n.get_int("kv_cache_bit_width", 0) == 0,
            "a quantised cache and the scores as an output are not supported");
  for (size_t i = kSupported; i < c.input_count(); ++i)
    c.require(!c.has(i), "input {} is not supported", i);
  Operands o = operands_of(c);
  c.require(o.k.length == o.q.length && o.v.length == o.q.length && o.k.batch == o.q.batch,
            "queries {} and keys {} do not fit", text_of(o.q.extents()), text_of(o.k.extents()));
  const Lengths lengths(c, o.q);
  if (n.get_int("do_rotary", 0) != 0) {
    const std::vector<int64_t> positions = positions_of(c, o.q, lengths);
    rotate(c, o.q, positions);
    rotate(c, o.k, positions);
  }
  const Heads k = extended(c, kPastKey, o.k, lengths), v = extended(c, kPastValue, o.v, lengths);
  const double given = n.get_float("scale", 0);
  Heads s = scores(c, o.q, k, given != 0 ? given : 1 / std::sqrt(static_cast<double>(o.q.size)));
  const ScoreRules rules(c, s);
  for (int64_t row = 0; row < s.batch * s.heads * s.length; ++row) {
    const int64_t b = row / (s.heads * s.length), i = row % s.length;
    rules.finish(s, b, row / s.length % s.heads, i, lengths.past(b) + i);
  }
  const DataType dtype = c.in(kQuery).dtype();
  c.set(0, tensor_of(c, weighted(c, s, v), dtype, true));
  if (c.wants(1)) c.set(1, tensor_of(c, k, dtype, false));
  if (c.wants(2)) c.set(2, tensor_of(c, v, dtype, false));
}

}  // namespace

void register_group_query_attention_kernels(Registry& r) {
  r.add("com.microsoft", "GroupQueryAttention", group_query_attention);
}

}  // namespace kasuri::reference
