#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Extents after reducing `axes`; all of them when the list is empty.
MaybeShape reduced(Context& c, const Integers& given, bool keep) {
  const Shape& in = *c.shape(0);
  const auto axes = c.axes(given, c.rank(0));
  if (!axes) return std::nullopt;
  std::vector<bool> gone(in.size(), axes->empty());
  for (int a : *axes) gone[static_cast<size_t>(a)] = true;
  Shape out;
  for (size_t i = 0; i < in.size(); ++i) {
    if (!gone[i])
      out.push_back(in[i]);
    else if (keep)
      out.push_back(1);
  }
  return out;
}

/// Axes unknown: the rank survives only with keepdims.
MaybeShape reduced_by_unknown(const Context& c, bool keep) {
  if (!keep || !c.shape(0)) return std::nullopt;
  return unknown_shape(c.shape(0)->size());
}

/// Booleans have a least and a greatest since version 20; texts never.
bool reducible(Context& c) {
  const bool extremum = c.node().op.name == "ReduceMin" || c.node().op.name == "ReduceMax";
  const bool flags = c.dtype(0) == DataType::kBool && !(extremum && c.opset() >= 20);
  if (flags || c.dtype(0) == DataType::kString)
    c.fail("cannot reduce a tensor of " + std::string(name_of(c.dtype(0))));
  return !c.failed();
}

void reduce(Context& c) {
  if (!c.want_input(0) || !reducible(c)) return;
  const bool keep = c.integer("keepdims", 1) != 0;
  const ListArgument axes = c.list_argument("axes", 1);
  const bool empty = !axes.present || (axes.values && axes.values->empty());
  if (empty && c.integer("noop_with_empty_axes", 0) != 0) return c.same(0, 0);
  MaybeShape out;
  if (axes.present && !axes.values)
    out = reduced_by_unknown(c, keep);
  else if (c.shape(0))
    out = reduced(c, axes.values.value_or(Integers{}), keep);
  c.set(0, c.dtype(0), std::move(out));
}

void arg_reduce(Context& c) {
  if (!c.want_input(0)) return;
  const bool keep = c.integer("keepdims", 1) != 0;
  MaybeShape out;
  if (c.shape(0)) out = reduced(c, {c.integer("axis", 0)}, keep);
  c.set(0, DataType::kInt64, std::move(out));
}

}  // namespace

void register_reduction_shapes(Registry& r) {
  r.add({"ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean",
         "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare"},
        reduce);
  r.add({"ArgMax", "ArgMin"}, arg_reduce);
  r.add(kMicrosoft, {"ReduceSumInteger", "ReduceSumTraining"}, reduce);
}

}  // namespace kasuri::shape_inference
