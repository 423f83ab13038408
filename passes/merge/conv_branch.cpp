#include "passes/merge/conv_branch.h"

#include <algorithm>

#include "engine/rewrite/pattern.h"
#include "passes/fold/conv_weights.h"

namespace kasuri {
namespace {

int64_t product(const std::vector<int64_t>& v) {
  int64_t p = 1;
  for (int64_t x : v) p *= x;
  return p;
}

/// Spatial output extents of a convolution of this geometry.
std::vector<int64_t> output_extents(const ConvGeometry& g, const std::vector<int64_t>& input) {
  std::vector<int64_t> out;
  for (size_t a = 0; a < g.kernel.size(); ++a)
    out.push_back((input[a + 2] + g.pads_begin[a] + g.pads_end[a] - g.kernel[a]) / g.strides[a] +
                  1);
  return out;
}

ConvGeometry point_geometry(const ConvGeometry& like) {
  ConvGeometry g = like;
  std::fill(g.kernel.begin(), g.kernel.end(), 1);
  std::fill(g.pads_begin.begin(), g.pads_begin.end(), 0);
  std::fill(g.pads_end.begin(), g.pads_end.end(), 0);
  return g;
}

/// Widens `common` so that it reads wherever `branch` reads.
void widen(ConvGeometry& common, const ConvGeometry& branch) {
  for (size_t a = 0; a < common.kernel.size(); ++a) {
    const int64_t first = std::min(-common.pads_begin[a], -branch.pads_begin[a]);
    const int64_t last =
        std::max(common.kernel[a] - common.pads_begin[a], branch.kernel[a] - branch.pads_begin[a]);
    const int64_t end = branch.pads_end[a] + branch.pads_begin[a] - branch.kernel[a];
    const int64_t old_end = common.pads_end[a] + common.pads_begin[a] - common.kernel[a];
    common.kernel[a] = last - first;
    common.pads_begin[a] = -first;
    common.pads_end[a] = std::max(end, old_end) + common.kernel[a] - common.pads_begin[a];
  }
}

/// Adds a kernel's taps at their place in the common kernel.
void add_taps(const Tensor& w, const ConvGeometry& from, const ConvGeometry& to, float* sum) {
  const size_t axes = to.kernel.size();
  const int64_t taps = product(from.kernel), wide = product(to.kernel);
  const int64_t filters = w.count() / taps;
  const auto data = w.data<float>();
  for (int64_t t = 0; t < taps; ++t) {
    int64_t rest = t, place = 0, stride = 1;
    for (size_t a = axes; a-- > 0;) {
      const int64_t shift = to.pads_begin[a] - from.pads_begin[a];
      place += (rest % from.kernel[a] + shift) * stride;
      rest /= from.kernel[a];
      stride *= to.kernel[a];
    }
    for (int64_t f = 0; f < filters; ++f) sum[f * wide + place] += data[f * taps + t];
  }
}

/// Adds a one at the place of the output's own position, times `scale` per channel.
void add_delta(const ConvGeometry& to, const std::vector<float>& scale, float* sum) {
  const int64_t wide = product(to.kernel), per_group = to.in_channels / to.group;
  int64_t place = 0;
  for (size_t a = 0; a < to.kernel.size(); ++a) place = place * to.kernel[a] + to.pads_begin[a];
  for (int64_t c = 0; c < to.out_channels; ++c)
    sum[(c * per_group + c % per_group) * wide + place] += scale.empty() ? 1.0F : scale[c];
}

}  // namespace

std::variant<ConvGeometry, Declined> geometry_of(const Graph& graph, const Node& conv) {
  const auto channels = output_channels(graph, conv);
  if (const auto* declined = std::get_if<Declined>(&channels)) return *declined;
  const std::vector<int64_t>& w = graph.constant_input(conv, 1)->extents();
  const size_t axes = w.size() - 2;
  const std::string auto_pad = conv.get_string("auto_pad", "NOTSET");
  if (auto_pad != "NOTSET" && auto_pad != "VALID") return Declined{"a branch pads automatically"};
  for (int64_t d : conv.get_ints("dilations"))
    if (d != 1) return Declined{"a branch is dilated"};
  ConvGeometry g;
  g.group = conv.get_int("group", 1);
  g.out_channels = w[0];
  g.in_channels = w[1] * g.group;
  g.kernel.assign(w.begin() + 2, w.end());
  g.strides = conv.get_ints("strides", std::vector<int64_t>(axes, 1));
  const auto pads = auto_pad == "VALID" ? std::vector<int64_t>(2 * axes, 0)
                                        : conv.get_ints("pads", std::vector<int64_t>(2 * axes, 0));
  if (g.strides.size() != axes || pads.size() != 2 * axes) return Declined{"a branch is malformed"};
  g.pads_begin.assign(pads.begin(), pads.begin() + axes);
  g.pads_end.assign(pads.begin() + axes, pads.end());
  if (std::any_of(pads.begin(), pads.end(), [](int64_t p) { return p < 0; }))
    return Declined{"a branch crops its input"};
  return g;
}

std::variant<ConvGeometry, Declined> common_geometry(const Graph& graph,
                                                     const std::vector<ConvBranch>& branches) {
  std::optional<ConvGeometry> common;
  int64_t taps = 0;
  for (const ConvBranch& branch : branches) {
    if (!branch.node || !branch.node->is("Conv")) continue;
    auto geometry = geometry_of(graph, *branch.node);
    if (auto* declined = std::get_if<Declined>(&geometry)) return *declined;
    auto& g = std::get<ConvGeometry>(geometry);
    taps += product(g.kernel);
    if (common && g.group != common->group) return Declined{"the branches differ in groups"};
    if (common && g.strides != common->strides) return Declined{"the branches differ in strides"};
    if (common && g.out_channels != common->out_channels) return Declined{"the channels differ"};
    common ? widen(*common, g) : void(common = g);
  }
  if (!common) return Declined{"there is no convolution among the branches"};
  for (const ConvBranch& branch : branches) {
    if (branch.node && branch.node->is("Conv")) continue;
    if (product(common->strides) != 1) return Declined{"an identity branch needs stride 1"};
    if (common->in_channels != common->out_channels)
      return Declined{"an identity branch needs as many input as output channels"};
    ++taps;
    widen(*common, point_geometry(*common));
  }
  if (product(common->kernel) > taps)
    return Declined{"the common kernel has more taps than the branches"};
  const auto input = static_extents(graph, branches[0].input);
  if (!input) return Declined{"the input's shape is not static"};
  for (int64_t& pad : common->pads_end) pad = std::max<int64_t>(pad, 0);
  for (const ConvBranch& branch : branches) {
    if (!branch.node || !branch.node->is("Conv")) continue;
    const auto geometry = geometry_of(graph, *branch.node);
    if (output_extents(*common, *input) != output_extents(std::get<ConvGeometry>(geometry), *input))
      return Declined{"the common kernel would change the output's extents"};
  }
  return *std::move(common);
}

MergedWeights merge_weights(const Graph& graph, const std::vector<ConvBranch>& branches,
                            const ConvGeometry& common) {
  std::vector<float> bias(common.out_channels, 0.0F);
  std::vector<int64_t> extents{common.out_channels, common.in_channels / common.group};
  extents.insert(extents.end(), common.kernel.begin(), common.kernel.end());
  const auto fill = [&](std::span<std::byte> out) {
    std::fill(out.begin(), out.end(), std::byte{0});
    auto* sum = reinterpret_cast<float*>(out.data());
    for (const ConvBranch& branch : branches) {
      if (!branch.node || !branch.node->is("Conv")) {
        add_delta(common, branch.scale, sum);
        for (size_t c = 0; c < branch.shift.size(); ++c) bias[c] += branch.shift[c];
        continue;
      }
      const auto geometry = geometry_of(graph, *branch.node);
      add_taps(*graph.constant_input(*branch.node, 1), std::get<ConvGeometry>(geometry), common,
               sum);
      if (const Tensor* b = graph.constant_input(*branch.node, 2))
        for (int64_t c = 0; c < common.out_channels; ++c) bias[c] += b->data<float>()[c];
    }
  };
  Tensor weights = Tensor::make(DataType::kFloat, extents, fill);
  return {std::move(weights), Tensor::of<float>({common.out_channels}, bias)};
}

}  // namespace kasuri
