#include "engine/ir/shape_values.h"

#include <algorithm>
#include <map>
#include <string_view>

namespace kasuri::shape_inference {
namespace {

constexpr int64_t kLargest = 1024;

/// The node's inputs as integers, and the extents of its output.
struct Operands {
  Context& c;
  std::vector<int64_t> extents;  ///< Of the output.
  int64_t count = 0;
};
using Values = std::optional<Integers>;
using Evaluation = Values (*)(Operands&);

Values shape(Operands& o) {
  Context& c = o.c;
  if (!c.shape(0)) return std::nullopt;
  const auto extents = extents_of(*c.shape(0));
  if (!extents) return std::nullopt;
  const auto rank = static_cast<int64_t>(extents->size());
  const int64_t start = c.integer("start", 0);
  const int64_t from = std::clamp<int64_t>(start < 0 ? start + rank : start, 0, rank);
  return Integers(extents->begin() + from, extents->begin() + std::min(rank, from + o.count));
}

Values size(Operands& o) {
  const Dim n = o.c.elements(0);
  return n.known() ? Values(Integers{n.value()}) : std::nullopt;
}

Values same_elements(Operands& o) { return o.c.ints(0); }

Values constant_node(Operands& o) {
  if (o.c.has_attribute("value_int")) return Integers{o.c.integer("value_int", 0)};
  return o.c.list("value_ints");
}

Values fill(Operands& o) {
  const Tensor* value = o.c.tensor("value");
  if (value == nullptr || value->count() != 1 || value->dtype() != DataType::kInt64)
    return std::nullopt;
  return Integers(static_cast<size_t>(o.count), value->data<int64_t>()[0]);
}

Values gather(Operands& o) {
  const Values data = o.c.ints(0);
  const Values at = o.c.ints(1);
  if (!data || !at || o.c.rank(0) != 1) return std::nullopt;
  const auto n = static_cast<int64_t>(data->size());
  Integers out;
  for (int64_t i : *at) {
    const int64_t from = i < 0 ? i + n : i;
    if (from < 0 || from >= n) return std::nullopt;
    out.push_back((*data)[static_cast<size_t>(from)]);
  }
  return out;
}

Values concat(Operands& o) {
  Integers out;
  for (size_t i = 0; i < o.c.inputs(); ++i) {
    const Values part = o.c.ints(i);
    if (!part || o.c.rank(i) != 1) return std::nullopt;
    out.insert(out.end(), part->begin(), part->end());
  }
  return out;
}

/// Start and step of each axis of a Slice whose arguments are constants; steps of more than the
/// extent are as long as the extent: both leave the data at once.
struct Stride {
  int64_t start = 0;
  int64_t step = 1;
};
std::optional<std::vector<Stride>> strides_of(Context& c, const std::vector<int64_t>& in) {
  const ListArgument starts = c.list_argument("starts", 1);
  const ListArgument axes = c.list_argument("axes", 3);
  const ListArgument steps = c.has(4) ? ListArgument{true, c.ints(4)} : ListArgument{};
  if (!starts.values || (axes.present && !axes.values) || (steps.present && !steps.values))
    return std::nullopt;
  std::vector<Stride> out(in.size());
  for (size_t i = 0; i < starts.values->size(); ++i) {
    const auto axis = c.axis(axes.values ? (*axes.values)[i] : static_cast<int64_t>(i),
                             static_cast<int>(in.size()));
    if (!axis) return std::nullopt;
    const int64_t n = in[static_cast<size_t>(*axis)];
    const int64_t step = steps.values ? (*steps.values)[i] : 1;
    const int64_t at = (*starts.values)[i];
    if (n == 0 || step == 0) return std::nullopt;
    out[static_cast<size_t>(*axis)] = {
        std::clamp<int64_t>(at < 0 ? at + n : at, 0, step > 0 ? n : n - 1),
        std::clamp<int64_t>(step, -n, n)};
  }
  return out;
}

/// The elements at offset + sum of index[i] * stride[i], for all indices below `extents`; nothing
/// where one is out of range (a declared extent may be wrong).
Values strided(const Integers& data, const std::vector<int64_t>& extents, int64_t offset,
               const std::vector<int64_t>& strides, int64_t count) {
  Integers out;
  std::vector<int64_t> index(extents.size(), 0);
  for (int64_t k = 0; k < count; ++k) {
    int64_t at = offset;
    for (size_t i = 0; i < index.size(); ++i) at += index[i] * strides[i];
    if (at < 0 || at >= static_cast<int64_t>(data.size())) return std::nullopt;
    out.push_back(data[static_cast<size_t>(at)]);
    for (size_t i = index.size(); i-- > 0 && ++index[i] == extents[i];) index[i] = 0;
  }
  return out;
}

Values slice(Operands& o) {
  const Values data = o.c.ints(0);
  if (!data || o.count == 0) return data ? Values(Integers{}) : std::nullopt;
  const auto in = extents_of(*o.c.shape(0));
  const auto cuts = strides_of(o.c, *in);
  if (!cuts) return std::nullopt;
  std::vector<int64_t> strides = contiguous_strides(*in);
  int64_t offset = 0;
  for (size_t i = 0; i < strides.size(); ++i) {
    offset += (*cuts)[i].start * strides[i];
    if (o.extents[i] > 1) strides[i] *= (*cuts)[i].step;
  }
  return strided(*data, o.extents, offset, strides, o.count);
}

Values transpose(Operands& o) {
  const Values data = o.c.ints(0);
  if (!data) return std::nullopt;
  const std::vector<int64_t> from = contiguous_strides(*extents_of(*o.c.shape(0)));
  const auto perm = o.c.list("perm");
  std::vector<int64_t> strides(from.rbegin(), from.rend());
  for (size_t i = 0; perm && i < strides.size(); ++i) {
    const int64_t axis =
        (*perm)[i] < 0 ? (*perm)[i] + static_cast<int64_t>(from.size()) : (*perm)[i];
    strides[i] = from[static_cast<size_t>(axis)];
  }
  return strided(*data, o.extents, 0, strides, o.count);
}

int64_t wrapped_multiply(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
}
int64_t wrapped_add(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) + static_cast<uint64_t>(b));
}

Values range(Operands& o) {
  const auto start = o.c.integer_at(0);
  const auto step = o.c.integer_at(2);
  if (!start || !step) return std::nullopt;
  Integers out;
  for (int64_t i = 0; i < o.count; ++i)
    out.push_back(wrapped_add(*start, wrapped_multiply(i, *step)));
  return out;
}

Values expand(Operands& o) {
  const Values data = o.c.ints(0);
  if (!data || data->size() != 1) return std::nullopt;
  return Integers(static_cast<size_t>(o.count), data->front());
}

Values reduce(Operands& o, int64_t start, int64_t (*fold)(int64_t, int64_t)) {
  const Values data = o.c.ints(0);
  if (!data || o.count != 1) return std::nullopt;
  for (int64_t v : *data) start = fold(start, v);
  return Integers{start};
}

/// Elementwise over operands of equal count or of one element.
template <typename F>
Values map(Operands& o, size_t operands, F f) {
  std::vector<Integers> in;
  for (size_t i = 0; i < operands; ++i) {
    Values v = o.c.ints(i);
    const bool fits = v && (v->size() == 1 || static_cast<int64_t>(v->size()) == o.count);
    if (!fits) return std::nullopt;
    v->resize(static_cast<size_t>(o.count), v->empty() ? 0 : v->front());
    in.push_back(std::move(*v));
  }
  Integers out(static_cast<size_t>(o.count));
  for (size_t i = 0; i < out.size(); ++i) {
    const auto value = f(in, i);
    if (!value) return std::nullopt;
    out[i] = *value;
  }
  return out;
}

using Binary = std::optional<int64_t> (*)(int64_t, int64_t);

template <Binary f>
Values binary(Operands& o) {
  return map(o, 2, [](const auto& in, size_t i) { return f(in[0][i], in[1][i]); });
}

using Maybe = std::optional<int64_t>;

Maybe add(int64_t a, int64_t b) { return wrapped_add(a, b); }
Maybe subtract(int64_t a, int64_t b) {
  return static_cast<int64_t>(static_cast<uint64_t>(a) - static_cast<uint64_t>(b));
}
Maybe multiply(int64_t a, int64_t b) { return wrapped_multiply(a, b); }
Maybe divide(int64_t a, int64_t b) {
  return b == 0 || (a == INT64_MIN && b == -1) ? Maybe() : Maybe(a / b);
}
Maybe modulo(int64_t a, int64_t b) {
  if (b == 0 || b == -1) return b == 0 ? Maybe() : Maybe(0);
  const int64_t m = a % b;
  return m != 0 && (m < 0) != (b < 0) ? m + b : m;
}
Maybe least(int64_t a, int64_t b) { return std::min(a, b); }
Maybe greatest(int64_t a, int64_t b) { return std::max(a, b); }
Maybe equal(int64_t a, int64_t b) { return a == b; }
Maybe less(int64_t a, int64_t b) { return a < b; }
Maybe greater(int64_t a, int64_t b) { return a > b; }
Maybe less_or_equal(int64_t a, int64_t b) { return a <= b; }
Maybe greater_or_equal(int64_t a, int64_t b) { return a >= b; }
Maybe both(int64_t a, int64_t b) { return a != 0 && b != 0; }
Maybe either(int64_t a, int64_t b) { return a != 0 || b != 0; }

Values where(Operands& o) {
  return map(o, 3, [](const auto& in, size_t i) { return Maybe(in[0][i] ? in[1][i] : in[2][i]); });
}
Values negate(Operands& o) {
  return map(o, 1, [](const auto& in, size_t i) { return subtract(0, in[0][i]); });
}
Values invert(Operands& o) {
  return map(o, 1, [](const auto& in, size_t i) { return Maybe(in[0][i] == 0); });
}
Values minimum(Operands& o) { return o.c.inputs() == 2 ? binary<least>(o) : std::nullopt; }
Values maximum(Operands& o) { return o.c.inputs() == 2 ? binary<greatest>(o) : std::nullopt; }
Values reduce_product(Operands& o) { return reduce(o, 1, wrapped_multiply); }
Values reduce_sum(Operands& o) { return reduce(o, 0, wrapped_add); }

const std::map<std::string_view, Evaluation>& evaluations() {
  static const std::map<std::string_view, Evaluation> table = {
      {"Shape", shape},
      {"Size", size},
      {"Constant", constant_node},
      {"ConstantOfShape", fill},
      {"Identity", same_elements},
      {"Cast", same_elements},
      {"Reshape", same_elements},
      {"Squeeze", same_elements},
      {"Unsqueeze", same_elements},
      {"Flatten", same_elements},
      {"Gather", gather},
      {"Concat", concat},
      {"Slice", slice},
      {"Range", range},
      {"Expand", expand},
      {"Transpose", transpose},
      {"CastLike", same_elements},
      {"ReduceProd", reduce_product},
      {"ReduceSum", reduce_sum},
      {"Add", binary<add>},
      {"Sub", binary<subtract>},
      {"Mul", binary<multiply>},
      {"Div", binary<divide>},
      {"Mod", binary<modulo>},
      {"Min", minimum},
      {"Max", maximum},
      {"Neg", negate},
      {"Where", where},
      {"Not", invert},
      {"And", binary<both>},
      {"Or", binary<either>},
      {"Equal", binary<equal>},
      {"Less", binary<less>},
      {"Greater", binary<greater>},
      {"LessOrEqual", binary<less_or_equal>},
      {"GreaterOrEqual", binary<greater_or_equal>}};
  return table;
}

std::optional<Tensor> tensor_of(DataType dtype, std::vector<int64_t> extents, const Integers& v) {
  if (dtype == DataType::kInt64) return Tensor::of<int64_t>(std::move(extents), v);
  if (dtype == DataType::kInt32) {
    for (int64_t e : v)
      if (e < INT32_MIN || e > INT32_MAX) return std::nullopt;
    return Tensor::of<int32_t>(std::move(extents), std::vector<int32_t>(v.begin(), v.end()));
  }
  return Tensor::make(DataType::kBool, std::move(extents), [&](std::span<std::byte> out) {
    for (size_t i = 0; i < v.size(); ++i) out[i] = static_cast<std::byte>(v[i] != 0);
  });
}

}  // namespace

std::optional<Tensor> shape_value(const Node& node, std::span<const Context::Input> inputs,
                                  const ValueType& output) {
  const bool fits = output.dtype == DataType::kInt64 || output.dtype == DataType::kInt32 ||
                    output.dtype == DataType::kBool;
  if (!fits || !node.op.domain.empty() || !output.is_static_tensor()) return std::nullopt;
  const auto found = evaluations().find(node.op.name);
  if (found == evaluations().end()) return std::nullopt;
  std::vector<int64_t> extents = *extents_of(*output.shape);
  const auto count = element_count(extents);
  if (!count || *count > kLargest) return std::nullopt;
  if (node.is("Constant") && node.has("value")) {
    const auto* value = std::get_if<Tensor>(node.find("value"));
    return value ? std::optional(*value) : std::nullopt;
  }
  Context context(node, inputs, nullptr);
  Operands operands{context, extents, *count};
  const Values values = found->second(operands);
  if (!values || static_cast<int64_t>(values->size()) != *count) return std::nullopt;
  return tensor_of(output.dtype, std::move(extents), *values);
}

}  // namespace kasuri::shape_inference
