#include "engine/backend/cpu/quantized_form.h"

#include <algorithm>
#include <numeric>

#include "engine/backend/cpu/quantized_weights.h"

namespace kasuri::cpu {
namespace {

/// f(a * x) = a * f(x) for a > 0, once the bounds of a Clip are scaled too.
bool scales_through(const PostForm& post) {
  return post.kind == PostKind::kRelu || post.kind == PostKind::kClip;
}

bool is_padded(const ContractionForm& form) {
  const auto some = [](const std::vector<int64_t>& pads) {
    return std::any_of(pads.begin(), pads.end(), [](int64_t p) { return p != 0; });
  };
  return some(form.pads_begin) || some(form.pads_end);
}

/// Every sum of these products is a whole number that float32 holds.
bool sums_fit_float(const Graph& graph, const QuantizedTerms& terms, const ContractionForm& form) {
  const Tensor& weights = *graph.value(terms.weights).constant;
  const int64_t channels = weights.extents()[terms.channel_axis];
  const int64_t largest = (form.source.type == DataType::kInt8 ? 128 : 255) * 128;
  return weights.count() / std::max<int64_t>(channels, 1) * largest < (1 << 24);
}

class Quantiser {
 public:
  Quantiser(const KernelRequest& request, const ContractionMatch& match, size_t posts,
            FormedContraction& formed)
      : graph_(*request.graph),
        root_(graph_.node(match.root)),
        terms_(*match.quantized),
        formed_(formed),
        form_(formed.form),
        result_(match.result(graph_, posts)) {}

  bool run() {
    form_.source.type = graph_.value(terms_.source).type.dtype;
    form_.weights.type = DataType::kInt8;
    form_.destination.type = graph_.value(result_).type.dtype;
    if (!terms_.wide_inputs.empty() && !widen()) return false;
    scales_ = terms_.scales;
    std::optional<CodeScale> stored = terms_.stored;
    std::vector<PostForm> posts;
    for (PostForm& post : form_.posts) {
      if (post.kind == PostKind::kQuantize)
        stored = CodeScale{post.alpha, static_cast<int32_t>(post.beta)};
      else if (post.kind != PostKind::kCast)
        posts.push_back(std::move(post));
    }
    form_.posts = std::move(posts);
    if (stored) store_as(*stored);
    for (double s : scales_) form_.output_scales.push_back(static_cast<float>(s));
    return terms_.scales.empty() ? offset_sums() : offset_codes();
  }

 private:
  /// Divides by the scale of the codes: at once, where the post-ops let it through. The library
  /// rounds behind the zero point, which moves ties where that is odd.
  void store_as(const CodeScale& codes) {
    form_.destination_zero = codes.zero;
    if (!scales_.empty() && std::all_of(form_.posts.begin(), form_.posts.end(), scales_through)) {
      for (double& s : scales_) s /= codes.scale;
      for (PostForm& post : form_.posts)
        if (post.kind == PostKind::kClip) {
          post.alpha /= codes.scale;
          post.beta /= codes.scale;
        }
    } else {
      form_.posts.push_back({.kind = PostKind::kLinear, .alpha = 1 / codes.scale});
    }
    if (codes.zero % 2 != 0) form_.posts.push_back({.kind = PostKind::kRound});
  }

  /// The data's zero point leaves through the bias, unless zeros of the padding keep it out.
  bool offset_codes() {
    std::vector<double> bias = terms_.bias;
    if (terms_.source_zero != 0) {
      if (is_padded(form_)) {
        form_.source_zero = terms_.source_zero;
      } else {
        const std::vector<int32_t> sums = channel_sums(graph_, terms_);
        bias.resize(sums.size(), 0);
        for (size_t c = 0; c < sums.size(); ++c)
          bias[c] -= static_cast<double>(terms_.source_zero) * sums[c];
      }
    }
    set_bias(bias);
    return true;
  }

  /// Integer sums: exact in int32 when they are wanted as such.
  bool offset_sums() {
    const bool has_zero = terms_.source_zero != 0 || terms_.run_time_zero.valid();
    if (!is_convolution(root_)) {
      if (rounds_sums()) return false;
      if (!has_zero) return true;
      formed_.channel_sums = channel_sums(graph_, terms_);
      if (form_.destination.type != DataType::kInt32)
        set_bias(std::vector<double>(formed_.channel_sums.size(), 0));
      return form_.destination.type != DataType::kInt32 || is_row_major(form_.destination);
    }
    if (terms_.run_time_zero.valid()) return false;
    return sums_fit_float(graph_, terms_, form_) && offset_codes();
  }

  /// oneDNN 2.6.3 turns sums of signed codes into float32 and back (measured: wrong beyond 2^24).
  bool rounds_sums() const {
    return form_.destination.type == DataType::kInt32 && form_.source.type == DataType::kInt8 &&
           !sums_fit_float(graph_, terms_, form_);
  }

  /// The library reads a copy of the source in which the wide channels stand twice.
  bool widen() {
    const bool product = form_.kind == ContractionForm::Kind::kMatmul;
    const size_t rank = form_.source.dims.size(), axis = product ? rank - 1 : 1;
    std::vector<size_t> order = row_major_order(rank);
    if (!product && !lies_in(form_.source, order))
      std::rotate(order.begin() + 1, order.begin() + 2, order.end());
    if (!lies_in(form_.source, order)) return false;
    SourceWidening& copy = formed_.widening;
    copy.channels = form_.source.dims[axis];
    copy.width = library_width(graph_, terms_);
    copy.repeated = terms_.wide_inputs;
    copy.outer = 1;
    bool inside = false;
    for (size_t k : order) {
      if (k != axis) (inside ? copy.inner : copy.outer) *= form_.source.dims[k];
      inside |= k == axis;
    }
    form_.source.dims[axis] = copy.width;
    set_strides(form_.source, order);
    const size_t weights_rank = form_.weights.dims.size();
    form_.weights.dims[product ? weights_rank - 2 : 1] = copy.width;
    std::vector<size_t> weights_order = row_major_order(weights_rank);
    if (product && terms_.channel_axis == 0)
      std::swap(weights_order[weights_rank - 1], weights_order[weights_rank - 2]);
    set_strides(form_.weights, weights_order);
    return true;
  }

  static std::vector<size_t> row_major_order(size_t rank) {
    std::vector<size_t> order(rank);
    std::iota(order.begin(), order.end(), size_t{0});
    return order;
  }

  static bool lies_in(const TensorForm& form, const std::vector<size_t>& order) {
    int64_t run = 1;
    for (size_t k = order.size(); k-- > 0;) {
      if (form.dims[order[k]] != 1 && form.strides[order[k]] != run) return false;
      run *= form.dims[order[k]];
    }
    return true;
  }

  static void set_strides(TensorForm& form, const std::vector<size_t>& order) {
    int64_t run = 1;
    for (size_t k = order.size(); k-- > 0;) {
      form.strides[order[k]] = run;
      run *= form.dims[order[k]];
    }
  }

  static bool is_row_major(const TensorForm& form) {
    return lies_in(form, row_major_order(form.dims.size()));
  }

  void set_bias(const std::vector<double>& bias) {
    if (bias.empty()) return;
    formed_.bias_values.assign(bias.begin(), bias.end());
    const auto channels = static_cast<int64_t>(bias.size());
    if (form_.kind == ContractionForm::Kind::kMatmul) {
      form_.bias_dims.assign(form_.destination.dims.size(), 1);
      form_.bias_dims.back() = channels;
    } else {
      form_.bias_dims = {channels};
    }
  }

  const Graph& graph_;
  const Node& root_;
  const QuantizedTerms& terms_;
  FormedContraction& formed_;
  ContractionForm& form_;
  ValueId result_;
  std::vector<double> scales_;
};

}  // namespace

bool quantise_form(const KernelRequest& request, const ContractionMatch& match, size_t posts,
                   FormedContraction& formed) {
  return Quantiser(request, match, posts, formed).run();
}

}  // namespace kasuri::cpu
