#include <algorithm>
#include <cmath>
#include <functional>

#include "engine/backend/reference/activations.h"
#include "engine/backend/reference/contraction.h"
#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// RNN, GRU and LSTM, one direction and batch entry at a time.
namespace kasuri::reference {
namespace {

using Activation = std::function<double(double)>;

Activation activation(Context& c, const std::string& name, double alpha, double beta) {
  if (name == "sigmoid") return sigmoid;
  if (name == "tanh") return [](double x) { return std::tanh(x); };
  if (name == "relu") return [](double x) { return std::fmax(x, 0); };
  if (name == "affine") return [=](double x) { return alpha * x + beta; };
  if (name == "leakyrelu") return [=](double x) { return x >= 0 ? x : alpha * x; };
  if (name == "thresholdedrelu") return [=](double x) { return x > alpha ? x : 0; };
  if (name == "scaledtanh") return [=](double x) { return alpha * std::tanh(beta * x); };
  if (name == "hardsigmoid") return [=](double x) { return hard_sigmoid(x, alpha, beta); };
  if (name == "elu") return [=](double x) { return x >= 0 ? x : alpha * std::expm1(x); };
  if (name == "softsign") return [](double x) { return x / (1 + std::fabs(x)); };
  if (name == "softplus") return softplus;
  c.fail("activation '" + name + "' is unknown");
}

/// alpha and beta an activation has when none are given.
std::pair<double, double> default_parameters(const std::string& name) {
  if (name == "leakyrelu") return {0.01, 0};
  if (name == "thresholdedrelu" || name == "elu") return {1, 0};
  if (name == "hardsigmoid") return {0.2, 0.5};
  return {1, name == "scaledtanh" ? 1 : 0};
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char ch) { return std::tolower(ch); });
  return text;
}

/// The activations of all directions, `defaults` repeated where none are named.
std::vector<Activation> activations_of(Context& c, const std::vector<std::string>& defaults,
                                       size_t directions) {
  std::vector<std::string> names;
  if (const Attribute* given = c.node().find("activations"))
    if (const auto* list = std::get_if<std::vector<std::string>>(given)) names = *list;
  while (names.size() < defaults.size() * directions)
    names.push_back(defaults[names.size() % defaults.size()]);
  const std::vector<float> alphas = c.node().get_floats("activation_alpha"),
                           betas = c.node().get_floats("activation_beta");
  std::vector<Activation> out;
  size_t alpha = 0, beta = 0;
  for (const std::string& name : names) {
    const std::string key = lower(name);
    auto [a, b] = default_parameters(key);
    const bool has_alpha = key != "sigmoid" && key != "tanh" && key != "relu" &&
                           key != "softsign" && key != "softplus";
    const bool has_beta = key == "affine" || key == "scaledtanh" || key == "hardsigmoid";
    if (has_alpha && alpha < alphas.size()) a = alphas[alpha++];
    if (has_beta && beta < betas.size()) b = betas[beta++];
    out.push_back(activation(c, key, a, b));
  }
  return out;
}

/// Sizes and inputs common to the three operators. X is [steps, batch, input] here.
struct Sequence {
  int64_t steps, batch, input, hidden, directions, gates;
  bool batch_first;
  std::string direction;
  double clip;
  std::vector<int64_t> lengths;
  Tensor x, w, r;
  std::vector<double> bias, recurrent, initial_h;
  std::vector<Activation> f;
  int64_t y_states() const { return directions * batch * hidden; }
};

std::vector<double> state_input(Context& c, size_t i, const Sequence& s) {
  if (!c.has(i)) return std::vector<double>(static_cast<size_t>(s.y_states()), 0);
  Tensor t = c.in(i);
  c.require(t.rank() == 3 && t.count() == s.y_states(), "input {} is {}", i, text_of(t.extents()));
  return elements<double>(s.batch_first ? transposed(c, t, {1, 0, 2}) : t);
}

Sequence sequence_of(Context& c, int64_t gates, const std::vector<std::string>& defaults) {
  Sequence s;
  s.batch_first = c.node().get_int("layout", 0) != 0;
  c.require(c.in(0).rank() == 3 && c.in(1).rank() == 3 && c.in(2).rank() == 3,
            "X, W and R must have three axes");
  s.x = s.batch_first ? transposed(c, c.in(0), {1, 0, 2}) : c.in(0);
  s.w = c.in(1);
  s.r = c.in(2);
  s.gates = gates;
  s.steps = s.x.extents()[0];
  s.batch = s.x.extents()[1];
  s.input = s.x.extents()[2];
  s.hidden = s.r.extents()[2];
  s.direction = lower(c.node().get_string("direction", "forward"));
  s.directions = s.direction == "bidirectional" ? 2 : 1;
  c.require(s.w.extents() == Extents({s.directions, gates * s.hidden, s.input}) &&
                s.r.extents() == Extents({s.directions, gates * s.hidden, s.hidden}),
            "X {}, W {} and R {} do not fit", text_of(s.x.extents()), text_of(s.w.extents()),
            text_of(s.r.extents()));
  s.clip = c.node().get_float("clip", 0);
  s.bias.assign(static_cast<size_t>(s.directions * 2 * gates * s.hidden), 0);
  if (c.has(3)) {
    c.require(c.in(3).count() == static_cast<int64_t>(s.bias.size()), "B is {}",
              text_of(c.in(3).extents()));
    s.bias = elements<double>(c.in(3));
  }
  s.lengths = c.ints(4, std::vector<int64_t>(static_cast<size_t>(s.batch), s.steps));
  c.require(static_cast<int64_t>(s.lengths.size()) == s.batch, "{} lengths for a batch of {}",
            s.lengths.size(), s.batch);
  for (int64_t length : s.lengths)
    c.require(length >= 0 && length <= s.steps, "length {} of {}", length, s.steps);
  s.recurrent = elements<double>(s.r);
  s.initial_h = state_input(c, 5, s);
  s.f = activations_of(c, defaults, static_cast<size_t>(s.directions));
  return s;
}

/// One direction of a sequence: the input's share of all gates, and the results so far.
class Direction {
 public:
  Direction(Context& c, const Sequence& s, int64_t number) : s_(s), number_(number) {
    const int64_t width = s.gates * s.hidden;
    projected_.assign(static_cast<size_t>(s.steps * s.batch * width), 0);
    contract(c,
             {s.steps * s.batch, width, s.input, matrix_reader(s.x, 0, s.input, 1),
              matrix_reader(s.w, number * width * s.input, 1, s.input)},
             projected_.data());
  }

  /// X W^T + Wb of one gate; with `h`, + h R^T + Rb.
  double from_input(int64_t step, int64_t b, int64_t gate, int64_t j) const {
    const int64_t width = s_.gates * s_.hidden, unit = gate * s_.hidden + j;
    return projected_[static_cast<size_t>((step * s_.batch + b) * width + unit)] +
           s_.bias[static_cast<size_t>(number_ * 2 * width + unit)];
  }
  double from_state(const std::vector<double>& h, int64_t gate, int64_t j) const {
    const int64_t width = s_.gates * s_.hidden, unit = gate * s_.hidden + j;
    const double* row = s_.recurrent.data() + (number_ * width + unit) * s_.hidden;
    double sum = 0;
    for (int64_t k = 0; k < s_.hidden; ++k) sum += row[k] * h[static_cast<size_t>(k)];
    return sum + s_.bias[static_cast<size_t>((number_ * 2 + 1) * width + unit)];
  }
  double clipped(double x) const { return s_.clip > 0 ? std::clamp(x, -s_.clip, s_.clip) : x; }
  double apply(size_t which, double x) const {
    const size_t per_direction = s_.f.size() / static_cast<size_t>(s_.directions);
    return s_.f[static_cast<size_t>(number_) * per_direction + which](clipped(x));
  }
  bool reversed() const { return s_.direction == "reverse" || number_ == 1; }
  std::vector<double> initial(const std::vector<double>& states, int64_t b) const {
    const auto first = states.begin() + (number_ * s_.batch + b) * s_.hidden;
    return {first, first + s_.hidden};
  }

 private:
  const Sequence& s_;
  int64_t number_;
  std::vector<double> projected_;
};

/// Sets Y and Y_h (and Y_c) from [steps, directions, batch, hidden] and [directions, batch,
/// hidden].
void set_results(Context& c, const Sequence& s, const std::vector<double>& y,
                 const std::vector<std::vector<double>>& states) {
  const DataType dtype = s.x.dtype();
  Tensor all = c.pack(dtype, {s.steps, s.directions, s.batch, s.hidden}, y);
  c.set(0, s.batch_first ? transposed(c, all, {2, 0, 1, 3}) : all);
  for (size_t i = 0; i < states.size(); ++i) {
    Tensor last = c.pack(dtype, {s.directions, s.batch, s.hidden}, states[i]);
    c.set(1 + i, s.batch_first ? transposed(c, last, {1, 0, 2}) : last);
  }
}

/// Runs step(direction, t, b, h) over the sequence; step replaces h.
template <typename Start, typename Step>
void run(Context& c, const Sequence& s, Start start, Step step,
         std::vector<std::vector<double>>& states) {
  std::vector<double> y(static_cast<size_t>(s.steps * s.y_states()), 0);
  for (int64_t d = 0; d < s.directions; ++d) {
    const Direction direction(c, s, d);
    for (int64_t b = 0; b < s.batch; ++b) {
      c.poll();
      std::vector<double> h = direction.initial(s.initial_h, b);
      start(direction, b);
      const int64_t length = s.lengths[static_cast<size_t>(b)];
      for (int64_t n = 0; n < length; ++n) {
        const int64_t t = direction.reversed() ? length - 1 - n : n;
        step(direction, t, b, h);
        std::copy(h.begin(), h.end(),
                  y.begin() + ((t * s.directions + d) * s.batch + b) * s.hidden);
      }
      std::copy(h.begin(), h.end(), states[0].begin() + (d * s.batch + b) * s.hidden);
      if (states.size() > 1) start.finish(states[1], (d * s.batch + b) * s.hidden);
    }
  }
  set_results(c, s, y, states);
}

struct NoCell {
  void operator()(const Direction&, int64_t) {}
  void finish(std::vector<double>&, int64_t) {}
};

void rnn(Context& c) {
  const Sequence s = sequence_of(c, 1, {"Tanh"});
  std::vector<std::vector<double>> states(1,
                                          std::vector<double>(static_cast<size_t>(s.y_states())));
  run(
      c, s, NoCell{},
      [&](const Direction& d, int64_t t, int64_t b, std::vector<double>& h) {
        std::vector<double> next(h.size());
        for (int64_t j = 0; j < s.hidden; ++j)
          next[static_cast<size_t>(j)] =
              d.apply(0, d.from_input(t, b, 0, j) + d.from_state(h, 0, j));
        h = next;
      },
      states);
}

void gru(Context& c) {
  const Sequence s = sequence_of(c, 3, {"Sigmoid", "Tanh"});
  const bool linear_before_reset = c.node().get_int("linear_before_reset", 0) != 0;
  std::vector<std::vector<double>> states(1,
                                          std::vector<double>(static_cast<size_t>(s.y_states())));
  run(
      c, s, NoCell{},
      [&](const Direction& d, int64_t t, int64_t b, std::vector<double>& h) {
        const auto n = static_cast<size_t>(s.hidden);
        std::vector<double> z(n), r(n), reset(n), next(n);
        for (size_t j = 0; j < n; ++j) {
          const auto unit = static_cast<int64_t>(j);
          z[j] = d.apply(0, d.from_input(t, b, 0, unit) + d.from_state(h, 0, unit));
          r[j] = d.apply(0, d.from_input(t, b, 1, unit) + d.from_state(h, 1, unit));
          reset[j] = r[j] * h[j];
        }
        for (size_t j = 0; j < n; ++j) {
          const auto unit = static_cast<int64_t>(j);
          const double state =
              linear_before_reset ? r[j] * d.from_state(h, 2, unit) : d.from_state(reset, 2, unit);
          next[j] = (1 - z[j]) * d.apply(1, d.from_input(t, b, 2, unit) + state) + z[j] * h[j];
        }
        h = next;
      },
      states);
}

/// The cell state of an LSTM.
struct Cell {
  const std::vector<double>& initial;
  std::vector<double>& now;
  void operator()(const Direction& d, int64_t b) { now = d.initial(initial, b); }
  void finish(std::vector<double>& to, int64_t at) {
    std::copy(now.begin(), now.end(), to.begin() + at);
  }
};

void lstm(Context& c) {
  const Sequence s = sequence_of(c, 4, {"Sigmoid", "Tanh", "Tanh"});
  const bool coupled = c.node().get_int("input_forget", 0) != 0;
  const std::vector<double> initial_c = state_input(c, 6, s);
  std::vector<double> peep(static_cast<size_t>(s.directions * 3 * s.hidden), 0), cell;
  if (c.has(7)) {
    c.require(c.in(7).count() == static_cast<int64_t>(peep.size()), "P is {}",
              text_of(c.in(7).extents()));
    peep = elements<double>(c.in(7));
  }
  std::vector<std::vector<double>> states(2,
                                          std::vector<double>(static_cast<size_t>(s.y_states())));
  run(
      c, s, Cell{initial_c, cell},
      [&](const Direction& d, int64_t t, int64_t b, std::vector<double>& h) {
        const double* p = peep.data() + (s.directions == 2 && d.reversed() ? 3 * s.hidden : 0);
        std::vector<double> next(h.size());
        for (int64_t j = 0; j < s.hidden; ++j) {
          double& state = cell[static_cast<size_t>(j)];
          const auto gate = [&](int64_t g) {
            return d.from_input(t, b, g, j) + d.from_state(h, g, j);
          };
          const double in = d.apply(0, gate(0) + p[j] * state);
          const double forget =
              coupled ? 1 - in : d.apply(0, gate(2) + p[2 * s.hidden + j] * state);
          state = forget * state + in * d.apply(1, gate(3));
          const double out = d.apply(0, gate(1) + p[s.hidden + j] * state);
          next[static_cast<size_t>(j)] = out * d.apply(2, state);
        }
        h = next;
      },
      states);
}

}  // namespace

void register_recurrent_kernels(Registry& r) {
  r.add("RNN", rnn);
  r.add("GRU", gru);
  r.add("LSTM", lstm);
}

}  // namespace kasuri::reference
