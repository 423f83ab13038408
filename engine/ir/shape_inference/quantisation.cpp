#include <fmt/format.h>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/matmul.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Output type: the zero point's, else `output_dtype`, else uint8.
void quantize(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  DataType dtype = c.data_type("output_dtype", DataType::kUndefined);
  if (c.has(2) && c.dtype(2) != DataType::kUndefined) {
    if (dtype != DataType::kUndefined && dtype != c.dtype(2))
      return c.fail("output_dtype and the zero point's type differ");
    dtype = c.dtype(2);
  }
  c.set(0, dtype == DataType::kUndefined ? DataType::kUint8 : dtype, c.shape(0));
}

/// Output type: `output_dtype`, else the scale's (float before version 19).
void dequantize(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  const DataType scale =
      c.opset() < 19 && c.node().op.domain.empty() ? DataType::kFloat : c.dtype(1);
  DataType dtype = c.data_type("output_dtype", scale);
  c.set(0, dtype == DataType::kUndefined ? scale : dtype, c.shape(0));
}

void dynamic_quantize(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, DataType::kUint8, c.shape(0));
  c.set(1, DataType::kFloat, Shape{});
  c.set(2, DataType::kUint8, Shape{});
}

/// a, its scale and zero point, b, ..., then the output's scale and zero point.
void qlinear_matmul(Context& c) {
  for (size_t i = 0; i < 8; ++i)
    if (!c.want_input(i)) return;
  MaybeShape out;
  if (c.shape(0) && c.shape(3)) out = matmul_shape(c, *c.shape(0), *c.shape(3));
  c.set(0, c.dtype(7), std::move(out));
}

/// a, scale, zero point, b, scale, zero point, output scale, output zero point.
void qlinear_binary(Context& c) {
  if (!c.want_input(0) || !c.want_input(3)) return;
  MaybeShape out;
  if (c.shape(0) && c.shape(3)) {
    out = broadcast(*c.shape(0), *c.shape(3));
    if (!out)
      return c.fail(fmt::format("the shapes {} and {} do not broadcast", text_of(*c.shape(0)),
                                text_of(*c.shape(3))));
  }
  c.set(0, c.dtype(0), std::move(out));
}

void qlinear_unary(Context& c) {
  if (c.want_input(0)) c.same(0, 0);
}

/// A, its scale and zero point, B, ..., C, output scale and zero point (float output without).
void qgemm(Context& c) {
  if (!c.want_input(0) || !c.want_input(3)) return;
  const bool ta = c.integer("transA", 0) != 0;
  const bool tb = c.integer("transB", 0) != 0;
  c.match(c.dim(0, ta ? 0 : 1), c.dim(3, tb ? 1 : 0), "the inner extents differ");
  c.set(0, c.has(8) ? c.dtype(8) : DataType::kFloat,
        Shape{c.dim(0, ta ? 1 : 0), c.dim(3, tb ? 0 : 1)});
}

}  // namespace

void register_quantisation_shapes(Registry& r) {
  r.add("QuantizeLinear", quantize);
  r.add("DequantizeLinear", dequantize);
  r.add("DynamicQuantizeLinear", dynamic_quantize);
  r.add("QLinearMatMul", qlinear_matmul);
  r.add(kMicrosoft, {"QuantizeLinear"}, quantize);
  r.add(kMicrosoft, {"DequantizeLinear"}, dequantize);
  r.add(kMicrosoft, {"QLinearAdd", "QLinearMul"}, qlinear_binary);
  r.add(kMicrosoft, {"QLinearSigmoid", "QLinearLeakyRelu"}, qlinear_unary);
  r.add(kMicrosoft, {"QGemm"}, qgemm);
}

}  // namespace kasuri::shape_inference
