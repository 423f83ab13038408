#include <algorithm>

#include "engine/backend/cpu/matmul_form.h"
#include "engine/backend/cpu/quantized_form.h"

namespace kasuri::cpu {
namespace {

struct Window {
  std::vector<int64_t> kernel, strides, dilations, begin, end;
  int64_t groups = 1;
};

/// Total padding of one axis so that `out` positions fit, which auto_pad asks for.
int64_t same_padding(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t dilation) {
  return std::max<int64_t>(0, (out - 1) * stride + (kernel - 1) * dilation + 1 - in);
}

/// What the windows of a transposed convolution over `in` positions of an axis cover.
int64_t reach_of(const Window& w, size_t axis, int64_t in) {
  return (in - 1) * w.strides[axis] + (w.kernel[axis] - 1) * w.dilations[axis] + 1;
}

Window window_of(const Graph& graph, const Node& root, const StridedView& data,
                 const StridedView& weights) {
  Window w;
  const size_t axes = data.extents.size() - 2;
  w.kernel.assign(weights.extents.begin() + 2, weights.extents.end());
  w.strides = root.get_ints("strides", std::vector<int64_t>(axes, 1));
  w.dilations = root.get_ints("dilations", std::vector<int64_t>(axes, 1));
  w.groups = root.get_int("group", 1);
  const std::vector<int64_t> pads = root.get_ints("pads", std::vector<int64_t>(2 * axes, 0));
  w.begin.assign(pads.begin(), pads.begin() + static_cast<std::ptrdiff_t>(axes));
  w.end.assign(pads.begin() + static_cast<std::ptrdiff_t>(axes), pads.end());
  const auto out = extents_of_value(graph, root.output(0));
  const std::string automatic = root.get_string("auto_pad", "NOTSET");
  const bool transposed = root.is("ConvTranspose");
  const std::vector<int64_t> extra = root.get_ints("output_padding", std::vector<int64_t>(axes, 0));
  for (size_t k = 0; k < axes; ++k) {
    const int64_t in = data.extents[k + 2];
    if (automatic == "VALID") {
      w.begin[k] = w.end[k] = 0;
    } else if (automatic == "SAME_UPPER" || automatic == "SAME_LOWER") {
      const int64_t total =
          transposed ? reach_of(w, k, in) + extra[k] - out[k + 2]
                     : same_padding(in, out[k + 2], w.kernel[k], w.strides[k], w.dilations[k]);
      const bool upper = automatic == "SAME_UPPER";
      w.begin[k] = upper ? total / 2 : total - total / 2;
      w.end[k] = total - w.begin[k];
    }
    // The library wants the end padding that makes the extents agree exactly.
    if (transposed) w.end[k] = reach_of(w, k, in) - w.begin[k] - out[k + 2];
  }
  return w;
}

/// Weights as [g, o, i, k..]; ONNX gives Conv [g*o, i, k..] and ConvTranspose [g*i, o, k..].
TensorForm weights_form(const StridedView& w, int64_t groups, bool transposed) {
  TensorForm form;
  const int64_t per_group = w.extents[0] / groups;
  if (groups > 1) {
    form.dims.push_back(groups);
    form.strides.push_back(w.strides[0] * per_group);
  }
  const std::vector<std::pair<int64_t, int64_t>> channels = {{per_group, w.strides[0]},
                                                             {w.extents[1], w.strides[1]}};
  for (int k : transposed ? std::vector<int>{1, 0} : std::vector<int>{0, 1}) {
    form.dims.push_back(channels[k].first);
    form.strides.push_back(channels[k].second);
  }
  form.dims.insert(form.dims.end(), w.extents.begin() + 2, w.extents.end());
  form.strides.insert(form.strides.end(), w.strides.begin() + 2, w.strides.end());
  return form;
}

/// Stored densely with channels first or last, which is all the library's kernels read.
bool is_dense(const StridedView& view) {
  const auto matches = [&](const std::vector<size_t>& order) {
    int64_t stride = 1;
    for (size_t k = order.size(); k-- > 0;) {
      if (view.extents[order[k]] != 1 && view.strides[order[k]] != stride) return false;
      stride *= view.extents[order[k]];
    }
    return true;
  };
  std::vector<size_t> first, last;
  for (size_t k = 0; k < view.extents.size(); ++k) first.push_back(k);
  last = first;
  std::rotate(last.begin() + 1, last.begin() + 2, last.end());
  return matches(first) || matches(last);
}

TensorForm data_form(const StridedView& view) {
  TensorForm form{view.extents, view.strides};
  return form;
}

/// Post-op operands of a convolution: one number, one per channel, or like the destination.
bool add_operand(const StridedView& view, const StridedView& out, PostForm& post) {
  post.operand.dims.assign(view.extents.size(), 1);
  post.operand.strides.assign(view.extents.size(), 1);
  bool repeats = true, per_channel = true, full = true;
  for (size_t k = 0; k < view.extents.size(); ++k) {
    const bool one = view.extents[k] == 1 || view.strides[k] == 0;
    repeats &= one;
    per_channel &= k == 1 || one;
    full &= out.extents[k] == 1 ||
            (view.strides[k] == out.strides[k] && view.extents[k] == out.extents[k]);
  }
  if (repeats) return true;
  if (per_channel && view.strides[1] == 1) {
    post.operand.dims[1] = view.extents[1];
    post.operand.strides[0] = view.extents[1];
    return true;
  }
  post.operand = {out.extents, out.strides};
  return full;
}

}  // namespace

std::optional<FormedContraction> form_convolution(const KernelRequest& request,
                                                  const ContractionMatch& match, size_t posts,
                                                  const StridedView& out) {
  const Node& root = request.graph->node(match.root);
  const bool transposed = root.is("ConvTranspose");
  const Window window = window_of(*request.graph, root, match.a, match.b);
  FormedContraction formed;
  ContractionForm& form = formed.form;
  form.kind =
      transposed ? ContractionForm::Kind::kDeconvolution : ContractionForm::Kind::kConvolution;
  form.source = data_form(match.a);
  form.weights = weights_form(match.b, window.groups, transposed);
  form.destination = data_form(out);
  form.any_source = !is_dense(match.a);
  form.any_destination = !is_dense(out);
  form.any_weights = true;
  form.strides = window.strides;
  form.dilations = window.dilations;
  form.pads_begin = window.begin;
  form.pads_end = window.end;
  if (match.c) {
    form.bias_dims = {out.extents[1]};
    formed.bias = *match.c;
  }
  for (size_t p = 0; p < posts; ++p) {
    PostForm post = match.epilogue[p].form;
    if (is_binary(post.kind)) {
      if (!add_operand(*match.epilogue[p].operand, out, post)) return std::nullopt;
      formed.operands.push_back(*match.epilogue[p].operand);
    }
    form.posts.push_back(std::move(post));
  }
  formed.source = match.a;
  formed.weights = match.b;
  formed.destination_offset = out.offset;
  formed.posts = posts;
  return formed;
}

namespace {

/// oneDNN 2.6.3 gives two post-ops of one eltwise algorithm the parameters of the same one
/// (measured: linear, add, linear computes with the first alpha twice).
bool repeats_an_eltwise(const ContractionForm& form) {
  for (size_t k = 0; k < form.posts.size(); ++k)
    for (size_t j = 0; j < k; ++j)
      if (!is_binary(form.posts[k].kind) && form.posts[k].kind == form.posts[j].kind) return true;
  return false;
}

/// Waking a second OpenMP thread costs 5 to 20 us: small products run on the calling thread.
int team_for(const KernelRequest& request, const ContractionMatch& match) {
  constexpr double kWorthATeam = 1e6;  // multiply-adds
  const auto count = [](const std::vector<int64_t>& extents) {
    return static_cast<double>(element_count(extents).value_or(0));
  };
  const Node& root = request.graph->node(match.root);
  const double terms = is_convolution(root)
                           ? count(match.b.extents) / static_cast<double>(match.b.extents[0])
                           : static_cast<double>(match.a.extents.back());
  const double work = count(extents_of_value(*request.graph, root.outputs[0])) * terms;
  return work < kWorthATeam ? 1 : request.threads;
}

}  // namespace

std::optional<FormedContraction> form_contraction(const KernelRequest& request,
                                                  const ContractionMatch& match, size_t posts,
                                                  const StridedView& out) {
  const Node& root = request.graph->node(match.root);
  auto formed = is_convolution(root) ? form_convolution(request, match, posts, out)
                                     : form_matmul(request, match, posts, out);
  if (!formed) return std::nullopt;
  if (match.quantized && !quantise_form(request, match, posts, *formed)) return std::nullopt;
  if (repeats_an_eltwise(formed->form)) return std::nullopt;
  formed->form.threads = team_for(request, match);
  formed->form.constant_weights = request.graph->value(formed->weights.source).is_constant();
  if (formed->form.constant_weights) formed->form.any_weights = true;
  return formed;
}

}  // namespace kasuri::cpu
