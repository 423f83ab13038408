#include "engine/backend/cpu/matmul_form.h"

#include <algorithm>

namespace kasuri::cpu {
namespace {

/// One loop of the multiplication: its extent and every operand's stride (0: repeats).
struct Loop {
  int64_t extent;
  std::vector<int64_t> strides;  // a, b, out, then post operands
};

constexpr size_t kA = 0, kB = 1, kOut = 2, kPosts = 3;

/// Operands as matrices: vectors get a row or column of 1.
struct Matrices {
  StridedView a, b, out;
  std::vector<StridedView> posts;
};

void add_axis(StridedView& view, size_t from_end) {
  const auto at = static_cast<std::ptrdiff_t>(view.extents.size() - from_end);
  view.extents.insert(view.extents.begin() + at, 1);
  view.strides.insert(view.strides.begin() + at, 1);
}

Matrices matrices_of(const ContractionMatch& match, const StridedView& out,
                     const std::vector<StridedView>& posts) {
  Matrices m{match.a, match.b, out, posts};
  const bool vector_a = m.a.extents.size() == 1, vector_b = m.b.extents.size() == 1;
  if (vector_a) add_axis(m.a, 1);
  if (vector_b) add_axis(m.b, 0);
  const auto widen = [&](StridedView& view) {
    if (vector_b) add_axis(view, 0);
    if (vector_a) add_axis(view, 1);
  };
  widen(m.out);
  for (StridedView& post : m.posts) widen(post);
  return m;
}

int64_t stride_at(const StridedView& view, size_t axis, size_t rank) {
  const size_t shift = rank - view.extents.size();
  if (axis < shift || view.extents[axis - shift] == 1) return 0;
  return view.strides[axis - shift];
}

/// Batch loops and the row loop last.
std::vector<Loop> outer_loops(const Matrices& m) {
  const size_t rank = m.out.extents.size();
  std::vector<Loop> loops;
  for (size_t axis = 0; axis + 1 < rank; ++axis) {
    const bool rows = axis + 2 == rank;
    Loop loop{m.out.extents[axis], {}};
    loop.strides.push_back(stride_at(m.a, axis, rank));
    loop.strides.push_back(rows ? 0 : stride_at(m.b, axis, rank));
    loop.strides.push_back(stride_at(m.out, axis, rank));
    for (const StridedView& post : m.posts) loop.strides.push_back(stride_at(post, axis, rank));
    if (loop.extent != 1 || rows) loops.push_back(std::move(loop));
  }
  return loops;
}

bool mergeable(const Loop& outer, const Loop& inner) {
  for (size_t k = 0; k < outer.strides.size(); ++k)
    if (outer.strides[k] != inner.strides[k] * inner.extent) return false;
  return true;
}

std::vector<Loop> merged(const std::vector<Loop>& loops) {
  std::vector<Loop> out;  // innermost first
  for (size_t k = loops.size(); k-- > 0;) {
    const bool free_row =
        !out.empty() && out.back().extent == 1 && out.size() == 1 && loops[k].strides[kB] == 0;
    if (free_row) {
      out.back() = loops[k];
    } else if (!out.empty() && mergeable(loops[k], out.back())) {
      out.back().extent *= loops[k].extent;
    } else {
      out.push_back(loops[k]);
    }
  }
  std::reverse(out.begin(), out.end());
  return out;
}

/// Dims and strides of one operand; extents of 1 where it repeats, with a plausible stride.
TensorForm operand_form(const std::vector<Loop>& loops, size_t operand,
                        std::vector<std::pair<int64_t, int64_t>> inner, bool has_rows) {
  TensorForm form;
  for (size_t k = 0; k < loops.size() - (has_rows ? 0 : 1); ++k) {
    const int64_t stride = loops[k].strides[operand];
    form.dims.push_back(stride == 0 ? 1 : loops[k].extent);
    form.strides.push_back(stride);
  }
  for (const auto& [extent, stride] : inner) {
    form.dims.push_back(stride == 0 ? 1 : extent);
    form.strides.push_back(stride);
  }
  int64_t run = 1;  // of what lies inside
  for (size_t k = form.dims.size(); k-- > 0;) {
    if (form.dims[k] == 1) form.strides[k] = std::max<int64_t>(run, 1);
    run = std::max(run, form.strides[k] * form.dims[k]);
  }
  return form;
}

/// The library's post-op operands must repeat whole (one number), per column, or lie exactly like
/// the destination.
bool is_usable(const TensorForm& operand, const TensorForm& destination) {
  bool one = true, columns = true;
  for (size_t k = 0; k < operand.dims.size(); ++k) {
    one &= operand.dims[k] == 1;
    if (k + 1 < operand.dims.size()) columns &= operand.dims[k] == 1;
  }
  if (one) return true;
  if (columns) return operand.strides.back() == 1 && operand.dims.back() == destination.dims.back();
  if (operand.dims != destination.dims) return false;
  for (size_t k = 0; k < operand.dims.size(); ++k)
    if (operand.dims[k] != 1 && operand.strides[k] != destination.strides[k]) return false;
  return true;
}

/// One addend per column?
bool is_bias(const PostForm& post, int64_t columns) {
  const auto& dims = post.operand.dims;
  return post.kind == PostKind::kAdd && dims.back() == columns &&
         std::all_of(dims.begin(), dims.end() - 1, [](int64_t d) { return d == 1; });
}

/// Gemm's alpha, beta and C as post-ops in front of the others. False: no words for it.
bool add_gemm_terms(const KernelRequest& request, const ContractionMatch& match,
                    std::vector<PostForm>& posts, std::vector<StridedView>& views,
                    const std::vector<int64_t>& extents) {
  const Node& root = request.graph->node(match.root);
  const float alpha = root.get_float("alpha", 1), beta = root.get_float("beta", 1);
  const bool adds = match.c && beta != 0;
  const auto linear = [&](float by) {
    if (by == 1) return;
    posts.push_back({.kind = PostKind::kLinear, .alpha = by});
    views.push_back({});
  };
  linear(adds ? alpha / beta : alpha);
  if (!adds) return true;
  const auto view = broadcast(*match.c, extents);
  if (!view) return false;
  posts.push_back({.kind = PostKind::kAdd});
  views.push_back(*view);
  linear(beta);
  return true;
}

}  // namespace

std::optional<FormedContraction> form_matmul(const KernelRequest& request,
                                             const ContractionMatch& match, size_t posts,
                                             const StridedView& out) {
  FormedContraction formed;
  ContractionForm& form = formed.form;
  std::vector<PostForm> chain;
  std::vector<StridedView> views;  // one per entry of chain; empty extents when it has none
  if (request.graph->node(match.root).is("Gemm") && !match.quantized &&
      !add_gemm_terms(request, match, chain, views, out.extents))
    return std::nullopt;
  for (size_t k = 0; k < posts; ++k) {
    chain.push_back(match.epilogue[k].form);
    views.push_back(match.epilogue[k].operand.value_or(StridedView{}));
  }
  std::vector<StridedView> binary_views;
  for (const StridedView& view : views)
    if (!view.extents.empty()) binary_views.push_back(view);
  if (out.extents.empty()) return std::nullopt;  // two vectors: left to the nest
  const Matrices m = matrices_of(match, out, binary_views);
  const std::vector<Loop> loops = merged(outer_loops(m));
  const size_t rank = m.out.extents.size();
  const int64_t n = m.out.extents[rank - 1], k = m.a.extents.back();
  const auto inner = [](const StridedView& v, size_t from_end) {
    return v.extents[v.extents.size() - from_end] == 1 ? 0 : v.strides[v.strides.size() - from_end];
  };
  form.source = operand_form(loops, kA, {{k, inner(m.a, 1)}}, true);
  form.weights = operand_form(loops, kB, {{k, inner(m.b, 2)}, {n, inner(m.b, 1)}}, false);
  form.destination = operand_form(loops, kOut, {{n, inner(m.out, 1)}}, true);
  size_t binary = 0;
  for (size_t p = 0; p < chain.size(); ++p) {
    if (is_binary(chain[p].kind)) {
      const StridedView& view = m.posts[binary];
      chain[p].operand =
          operand_form(loops, kPosts + binary, {{n, stride_at(view, rank - 1, rank)}}, true);
      if (!is_usable(chain[p].operand, form.destination)) return std::nullopt;
      ++binary;
      if (p == 0 && !match.quantized && is_bias(chain[p], n)) {
        form.bias_dims = chain[p].operand.dims;
        formed.bias = view;
        continue;
      }
      formed.operands.push_back(view);
    }
    form.posts.push_back(chain[p]);
  }
  formed.source = m.a;
  formed.weights = m.b;
  formed.destination_offset = out.offset;
  formed.posts = posts;
  return formed;
}

}  // namespace kasuri::cpu
