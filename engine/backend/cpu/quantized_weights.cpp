#include "engine/backend/cpu/quantized_weights.h"

#include <algorithm>
#include <set>

namespace kasuri::cpu {
namespace {

constexpr int32_t kLow = -128, kHigh = 127;

/// Extents of the weights' first two axes (output and input channels) and of all others.
struct WeightShape {
  int64_t first, second, inner;
};

WeightShape shape_of_weights(const Graph& graph, const QuantizedTerms& terms) {
  const auto& extents = graph.value(terms.weights).constant->extents();
  int64_t inner = 1;
  for (size_t k = 2; k < extents.size(); ++k) inner *= extents[k];
  return {extents[0], extents[1], inner};
}

/// Calls visit(code less its zero point, first, second, inner) for every weight.
template <typename Visit>
void visit_weights(const Graph& graph, const QuantizedTerms& terms, const Visit& visit) {
  const WeightShape shape = shape_of_weights(graph, terms);
  const bool per_channel = terms.weight_zeros.size() > 1, channel_first = terms.channel_axis == 0;
  const auto walk = [&](const auto& data) {
    size_t at = 0;
    for (int64_t a = 0; a < shape.first; ++a)
      for (int64_t b = 0; b < shape.second; ++b) {
        const auto channel = static_cast<size_t>(channel_first ? a : b);
        const int32_t zero = terms.weight_zeros[per_channel ? channel : 0];
        for (int64_t k = 0; k < shape.inner; ++k, ++at) visit(int32_t{data[at]} - zero, a, b, k);
      }
  };
  const Tensor& codes = *graph.value(terms.weights).constant;
  if (codes.dtype() == DataType::kInt8)
    walk(codes.data<int8_t>());
  else
    walk(codes.data<uint8_t>());
}

}  // namespace

bool has_weight_zeros(const QuantizedTerms& terms) {
  return std::any_of(terms.weight_zeros.begin(), terms.weight_zeros.end(),
                     [](int32_t zero) { return zero != 0; });
}

std::vector<int32_t> channel_sums(const Graph& graph, const QuantizedTerms& terms) {
  const WeightShape shape = shape_of_weights(graph, terms);
  const bool channel_first = terms.channel_axis == 0;
  std::vector<int32_t> sums(static_cast<size_t>(channel_first ? shape.first : shape.second), 0);
  visit_weights(graph, terms, [&](int32_t weight, int64_t a, int64_t b, int64_t) {
    sums[static_cast<size_t>(channel_first ? a : b)] += weight;
  });
  return sums;
}

std::optional<std::vector<int32_t>> wide_inputs(const Graph& graph, const QuantizedTerms& terms) {
  std::set<int32_t> wide;
  if (graph.value(terms.weights).type.dtype == DataType::kInt8 && !has_weight_zeros(terms))
    return std::vector<int32_t>();
  bool fits = true;
  visit_weights(graph, terms, [&](int32_t weight, int64_t a, int64_t b, int64_t) {
    if (weight >= kLow && weight <= kHigh) return;
    fits &= weight >= 2 * kLow && weight <= 2 * kHigh;
    wide.insert(static_cast<int32_t>(terms.channel_axis == 0 ? b : a));
  });
  if (!fits) return std::nullopt;
  return std::vector<int32_t>(wide.begin(), wide.end());
}

int64_t library_width(const Graph& graph, const QuantizedTerms& terms) {
  const WeightShape shape = shape_of_weights(graph, terms);
  const int64_t inputs = terms.channel_axis == 0 ? shape.second : shape.first;
  if (terms.wide_inputs.empty()) return inputs;
  return (inputs + static_cast<int64_t>(terms.wide_inputs.size()) + 3) / 4 * 4;
}

std::vector<int8_t> library_weights(const Graph& graph, const QuantizedTerms& terms) {
  const WeightShape shape = shape_of_weights(graph, terms);
  const bool channel_first = terms.channel_axis == 0;
  const int64_t inputs = channel_first ? shape.second : shape.first;
  const int64_t width = library_width(graph, terms);
  const auto place = [&](int64_t channel, int64_t input, int64_t k) {
    return static_cast<size_t>(channel_first ? (channel * width + input) * shape.inner + k
                                             : input * shape.second + channel);
  };
  std::vector<int8_t> out(
      static_cast<size_t>((channel_first ? shape.first : shape.second) * width * shape.inner), 0);
  visit_weights(graph, terms, [&](int32_t weight, int64_t a, int64_t b, int64_t k) {
    const int64_t channel = channel_first ? a : b, input = channel_first ? b : a;
    const int32_t near = std::clamp(weight, kLow, kHigh);
    out[place(channel, input, k)] = static_cast<int8_t>(near);
    if (near == weight) return;
    const auto& wide = terms.wide_inputs;
    const auto again = std::lower_bound(wide.begin(), wide.end(), static_cast<int32_t>(input));
    out[place(channel, inputs + (again - wide.begin()), k)] = static_cast<int8_t>(weight - near);
  });
  return out;
}

}  // namespace kasuri::cpu
