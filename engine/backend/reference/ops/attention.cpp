#include "engine/backend/reference/attention.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/registry.h"

// Attention and what surrounds it in language models.
namespace kasuri::reference {
namespace {

constexpr double kMinusInfinity = -std::numeric_limits<double>::infinity();

/// What is added to the scores: a given mask, padding, causality and a sliding window.
class Bias {
 public:
  Bias(Context& c, const Heads& scores, int64_t past) : scores_(scores), past_(past) {
    causal_ = c.node().get_int("is_causal", 0) != 0;
    left_ = c.node().get_int("left_window_size", -1);
    right_ = c.node().get_int("right_window_size", -1);
    valid_ = c.ints(6);
    c.require(valid_.empty() || static_cast<int64_t>(valid_.size()) == scores.batch,
              "{} lengths for a batch of {}", valid_.size(), scores.batch);
    if (!c.has(3)) return;
    const Tensor& mask = c.in(3);
    c.require(mask.rank() >= 1 && mask.rank() <= 4 && mask.extents().back() <= scores.size,
              "mask {} for scores {}", text_of(mask.extents()), text_of(scores.extents()));
    width_ = mask.extents().back() == 1 && scores.size > 1 && mask.rank() > 0
                 ? scores.size
                 : mask.extents().back();
    Extents to = scores.extents();
    to.back() = width_;
    c.require(broadcast(c, {mask.extents(), to}) == to, "mask {} for scores {}",
              text_of(mask.extents()), text_of(scores.extents()));
    strides_ = broadcast_strides(mask.extents(), to);
    mask_ = elements<double>(mask);
    if (mask.dtype() == DataType::kBool)
      for (double& m : mask_) m = m != 0 ? 0 : kMinusInfinity;
  }

  double at(int64_t b, int64_t h, int64_t i, int64_t j) const {
    const int64_t before = valid_.empty() ? past_ : valid_[static_cast<size_t>(b)] - scores_.length;
    const int64_t position = i + before;
    const bool hidden = (causal_ && j > position) || (left_ >= 0 && j < position - left_) ||
                        (right_ >= 0 && j > position + right_) ||
                        (!valid_.empty() && j >= valid_[static_cast<size_t>(b)]) ||
                        (!mask_.empty() && j >= width_);
    if (hidden) return kMinusInfinity;
    if (mask_.empty()) return 0;
    return mask_[static_cast<size_t>(b * strides_[0] + h * strides_[1] + i * strides_[2] +
                                     j * strides_[3])];
  }

 private:
  const Heads& scores_;
  int64_t past_, left_ = -1, right_ = -1, width_ = 0;
  bool causal_ = false;
  std::vector<int64_t> valid_;
  std::vector<double> mask_;
  Strides strides_;
};

/// Scores to probabilities in place; `stages` gets the scores at the stage the fourth output shows.
void finish_scores(Heads& s, const Bias& bias, double softcap, int64_t mode, Heads& shown) {
  if (softcap > 0)
    for (double& v : s.values) v = softcap * std::tanh(v / softcap);
  if (mode == 1) shown = s;
  for (int64_t b = 0; b < s.batch; ++b)
    for (int64_t h = 0; h < s.heads; ++h)
      for (int64_t i = 0; i < s.length; ++i)
        for (int64_t j = 0; j < s.size; ++j) s.row(b, h, i)[j] += bias.at(b, h, i, j);
  if (mode == 2) shown = s;
  for (int64_t row = 0; row < s.batch * s.heads * s.length; ++row)
    softmax_row(s.values.data() + row * s.size, s.size);
  if (mode == 3) shown = s;
}

void attention(Context& c) {
  const Node& n = c.node();
  const DataType dtype = c.in(0).dtype();
  const bool packed = c.in(0).rank() == 3;
  const Heads q = heads_of(c, c.in(0), n.get_int("q_num_heads", 0));
  Heads k = heads_of(c, c.in(1), n.get_int("kv_num_heads", 0)),
        v = heads_of(c, c.in(2), n.get_int("kv_num_heads", 0));
  int64_t past = 0;
  if (c.has(4)) {
    const Heads past_k = heads_of(c, c.in(4), 0);
    past = past_k.length;
    k = appended(c, past_k, k);
    v = appended(c, heads_of(c, c.in(5), 0), v);
  }
  const double scale =
      n.has("scale") ? n.get_float("scale", 1) : 1 / std::sqrt(static_cast<double>(q.size));
  Heads s = scores(c, q, k, scale);
  const int64_t mode = n.get_int("qk_matmul_output_mode", 0);
  Heads shown;
  if (mode == 0 && c.wants(3)) shown = s;
  finish_scores(s, Bias(c, s, past), n.get_float("softcap", 0), mode, shown);
  c.set(0, tensor_of(c, weighted(c, s, v), dtype, packed));
  if (c.wants(1)) c.set(1, tensor_of(c, k, dtype, false));
  if (c.wants(2)) c.set(2, tensor_of(c, v, c.in(2).dtype(), false));
  if (c.wants(3)) c.set(3, tensor_of(c, shown, dtype, false));
}

/// The scores after a body has changed them, where there is one.
void modify(Context& c, const std::string& body, Heads& s, DataType dtype) {
  const GraphPointer graph = c.node().get_graph(body);
  if (graph == nullptr) return;
  const std::vector<RuntimeValue> out = c.run_body(*graph, {tensor_of(c, s, dtype, false)});
  c.require(out.size() == 1 && out[0].is_tensor() && out[0].tensor().extents() == s.extents(),
            "{} changes the extents", body);
  s.values = elements<double>(out[0].tensor());
}

void flex_attention(Context& c) {
  const Node& n = c.node();
  const Heads q = heads_of(c, c.in(0), 0), k = heads_of(c, c.in(1), 0), v = heads_of(c, c.in(2), 0);
  const DataType dtype = c.in(0).dtype();
  const auto precision = static_cast<DataType>(n.get_int(
      "softmax_precision",
      static_cast<int64_t>(dtype == DataType::kDouble ? DataType::kDouble : DataType::kFloat)));
  Heads s =
      scores(c, q, k,
             n.has("scale") ? n.get_float("scale", 1) : 1 / std::sqrt(static_cast<double>(q.size)));
  modify(c, "score_mod", s, precision);
  for (int64_t row = 0; row < s.batch * s.heads * s.length; ++row)
    softmax_row(s.values.data() + row * s.size, s.size);
  modify(c, "prob_mod", s, precision);
  c.set(0, tensor_of(c, weighted(c, s, v), dtype, false));
}

void rotary_embedding(Context& c) {
  const Tensor &cosines = c.in(1), &sines = c.in(2);
  const bool packed = c.in(0).rank() == 3, interleaved = c.node().get_int("interleaved", 0) != 0;
  Heads x = heads_of(c, c.in(0), c.node().get_int("num_heads", 0));
  int64_t rotated = c.node().get_int("rotary_embedding_dim", 0);
  if (rotated == 0) rotated = x.size;
  const int64_t half = rotated / 2;
  c.require(rotated > 0 && rotated <= x.size && rotated % 2 == 0 && cosines.rank() >= 2 &&
                cosines.extents().back() == half && sines.extents() == cosines.extents(),
            "rotates {} of {} with caches {}", rotated, x.size, text_of(cosines.extents()));
  const std::vector<int64_t> positions = c.ints(3);
  const int64_t rows = cosines.count() / half;
  c.require(positions.empty() ? rows == x.batch * x.length
                              : static_cast<int64_t>(positions.size()) == x.batch * x.length,
            "positions do not fit");
  const std::vector<double> cosine = elements<double>(cosines), sine = elements<double>(sines);
  for (int64_t b = 0; b < x.batch; ++b)
    for (int64_t i = 0; i < x.length; ++i) {
      const int64_t at =
          positions.empty() ? b * x.length + i : positions[static_cast<size_t>(b * x.length + i)];
      c.require(at >= 0 && at < rows, "position {} of {}", at, rows);
      for (int64_t h = 0; h < x.heads; ++h)
        for (int64_t d = 0; d < half; ++d) {
          double& first = x.row(b, h, i)[interleaved ? 2 * d : d];
          double& second = x.row(b, h, i)[interleaved ? 2 * d + 1 : half + d];
          const double cs = cosine[static_cast<size_t>(at * half + d)],
                       sn = sine[static_cast<size_t>(at * half + d)];
          const double real = cs * first - sn * second;
          second = sn * first + cs * second;
          first = real;
        }
    }
  c.set(0, tensor_of(c, x, c.in(0).dtype(), packed));
}

void swiglu(Context& c) {
  c.require(c.in(0).extents() == c.in(1).extents(), "{} and {} differ", text_of(c.in(0).extents()),
            text_of(c.in(1).extents()));
  const double alpha = c.node().get_float("alpha", 1.0f);
  c.set(0, zip_elements<double>(c, c.in(0), c.in(1), c.in(0).dtype(),
                                [&](double a, double b) { return a * sigmoid(alpha * a) * b; }));
}

/// Gates of linear attention at one token and head.
struct LinearGates {
  std::vector<double> decay, beta;
  int64_t decay_width = 0, beta_width = 0;
};

void linear_attention_head(const Heads& q, const Heads& k, const Heads& v, const LinearGates& g,
                           double scale, int64_t b, int64_t h, double* state, Heads& out) {
  const int64_t group = q.heads / k.heads;
  for (int64_t t = 0; t < q.length; ++t) {
    const int64_t token = b * q.length + t;
    std::vector<double> update(v.row(b, h, t), v.row(b, h, t) + v.size);
    const double* key = k.row(b, h, t);
    if (g.decay_width > 0)
      for (int64_t d = 0; d < k.size; ++d) {
        const bool per_head = g.decay_width == k.heads;
        const double decay =
            g.decay[static_cast<size_t>(token * g.decay_width + (per_head ? h : h * k.size + d))];
        for (int64_t m = 0; m < v.size; ++m) state[d * v.size + m] *= std::exp(decay);
      }
    if (g.beta_width > 0)
      for (int64_t m = 0; m < v.size; ++m) {
        double known = 0;
        for (int64_t d = 0; d < k.size; ++d) known += state[d * v.size + m] * key[d];
        update[static_cast<size_t>(m)] =
            g.beta[static_cast<size_t>(token * g.beta_width + (g.beta_width == 1 ? 0 : h))] *
            (update[static_cast<size_t>(m)] - known);
      }
    for (int64_t d = 0; d < k.size; ++d)
      for (int64_t m = 0; m < v.size; ++m)
        state[d * v.size + m] += key[d] * update[static_cast<size_t>(m)];
    for (int64_t head = h * group; head < (h + 1) * group; ++head)
      for (int64_t m = 0; m < v.size; ++m) {
        double sum = 0;
        for (int64_t d = 0; d < k.size; ++d) sum += q.row(b, head, t)[d] * state[d * v.size + m];
        out.row(b, head, t)[m] = scale * sum;
      }
  }
}

void linear_attention(Context& c) {
  const Node& n = c.node();
  const Heads q = heads_of(c, c.in(0), n.get_int("q_num_heads", 0));
  const Heads k = heads_of(c, c.in(1), n.get_int("kv_num_heads", 0)),
              v = heads_of(c, c.in(2), n.get_int("kv_num_heads", 0));
  c.require(
      q.size == k.size && q.heads % k.heads == 0 && q.length == k.length && v.length == k.length,
      "queries {}, keys {} and values {} do not fit", text_of(q.extents()), text_of(k.extents()),
      text_of(v.extents()));
  const std::string rule = n.get_string("update_rule", "gated_delta");
  LinearGates gates;
  const auto gate = [&](size_t input, std::vector<double>& values, int64_t& width) {
    values = elements<double>(c.in(input));
    width = c.in(input).extents().back();
    c.require(c.in(input).count() == q.batch * q.length * width, "gate {} does not fit",
              text_of(c.in(input).extents()));
  };
  if (rule.starts_with("gated")) gate(4, gates.decay, gates.decay_width);
  if (rule.ends_with("delta")) gate(5, gates.beta, gates.beta_width);
  c.require(gates.decay_width == 0 || gates.decay_width == k.heads ||
                gates.decay_width == k.heads * k.size,
            "decay is {} wide", gates.decay_width);
  c.require(gates.beta_width == 0 || gates.beta_width == 1 || gates.beta_width == k.heads,
            "beta is {} wide", gates.beta_width);
  const Extents state_extents = {k.batch, k.heads, k.size, v.size};
  std::vector<double> state(static_cast<size_t>(c.scratch_count(state_extents)), 0);
  if (c.has(3)) {
    c.require(c.in(3).extents() == state_extents, "state {} is not {}", text_of(c.in(3).extents()),
              text_of(state_extents));
    state = elements<double>(c.in(3));
  }
  double scale = n.get_float("scale", 0);
  if (scale == 0) scale = 1 / std::sqrt(static_cast<double>(k.size));
  Heads out{q.batch, q.heads, q.length, v.size, {}};
  out.values.assign(static_cast<size_t>(c.scratch_count(out.extents())), 0);
  for (int64_t b = 0; b < k.batch; ++b)
    for (int64_t h = 0; h < k.heads; ++h)
      linear_attention_head(q, k, v, gates, scale, b, h,
                            state.data() + (b * k.heads + h) * k.size * v.size, out);
  c.set(0, tensor_of(c, out, c.in(0).dtype(), true));
  c.set(1, c.pack(c.has(3) ? c.in(3).dtype() : c.in(0).dtype(), state_extents, state));
}

void causal_convolution(Context& c) {
  const Tensor &x = c.in(0), &w = c.in(1);
  c.require(x.rank() == 3 && w.rank() == 3 && w.extents()[0] == x.extents()[1] &&
                w.extents()[1] == 1 && w.extents()[2] >= 1,
            "input {} with weights {}", text_of(x.extents()), text_of(w.extents()));
  const int64_t batch = x.extents()[0], channels = x.extents()[1], length = x.extents()[2],
                k = w.extents()[2];
  const std::vector<double> in = elements<double>(x), weights = elements<double>(w);
  const std::vector<double> bias =
      c.has(2) ? elements<double>(c.in(2)) : std::vector<double>(static_cast<size_t>(channels), 0);
  const std::vector<double> past =
      c.has(3) ? elements<double>(c.in(3))
               : std::vector<double>(static_cast<size_t>(batch * channels * (k - 1)), 0);
  c.require(static_cast<int64_t>(bias.size()) == channels &&
                static_cast<int64_t>(past.size()) == batch * channels * (k - 1),
            "bias or state do not fit");
  const bool silu = c.node().get_string("activation", "none") != "none";
  std::vector<double> out, present;
  for (int64_t row = 0; row < batch * channels; ++row) {
    std::vector<double> line(past.begin() + row * (k - 1), past.begin() + (row + 1) * (k - 1));
    line.insert(line.end(), in.begin() + row * length, in.begin() + (row + 1) * length);
    for (int64_t i = 0; i < length; ++i) {
      double sum = 0;
      for (int64_t p = 0; p < k; ++p)
        sum +=
            line[static_cast<size_t>(i + p)] * weights[static_cast<size_t>(row % channels * k + p)];
      sum += bias[static_cast<size_t>(row % channels)];
      out.push_back(silu ? sum * sigmoid(sum) : sum);
    }
    present.insert(present.end(), line.end() - (k - 1), line.end());
  }
  c.set(0, c.pack(x.dtype(), x.extents(), out));
  c.set(1, c.pack(x.dtype(), {batch, channels, k - 1}, present));
}

}  // namespace

void register_attention_kernels(Registry& r) {
  r.add("Attention", attention);
  r.add("ai.onnx.preview", "FlexAttention", flex_attention);
  r.add("RotaryEmbedding", rotary_embedding);
  r.add("SwiGLU", swiglu);
  r.add("LinearAttention", linear_attention);
  r.add("CausalConvWithState", causal_convolution);
}

}  // namespace kasuri::reference
