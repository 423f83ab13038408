#include <algorithm>

#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

/// Powers of two: how a backend orders the products of scales makes no difference.
const std::vector<double> kScales = {0.0625, 0.03125, 0.125, 0.015625};

DataType any_code(GraphMaker& m) { return m.one_of<DataType>({DataType::kUint8, DataType::kInt8}); }

ValueId zero_point(GraphMaker& m, DataType dtype) {
  return m.scalar(dtype, dtype == DataType::kUint8 ? m.one_of<double>({0, 100, 128})
                                                   : m.one_of<double>({0, 0, 3}));
}

struct Codes {
  Operand codes;
  ValueId scale, zero;
};

Codes codes_of(GraphMaker& m, const Operand& x) {
  const DataType narrow = any_code(m);
  const ValueId scale = m.scalar(DataType::kFloat, m.one_of(kScales)), zero = zero_point(m, narrow);
  return {m.put("QuantizeLinear", {x.id, scale, zero}, {}, {.exact = true, .bound = 255}), scale,
          zero};
}

/// Weights as codes with a scale each column or one for all.
Operand dequantised_weight(GraphMaker& m, const Extents& extents, int64_t axis) {
  const Operand w = m.constant(DataType::kInt8, extents, -100, 100);
  const Extents channels = {extents[static_cast<size_t>(axis)]};
  if (m.chance(50) && m.opset() >= 13) {
    const Operand scales = m.constant(DataType::kFloat, channels, 0.01, 0.02);
    return m.emit("DequantizeLinear",
                  {w.id, scales.id, m.constant(DataType::kInt8, channels, 0, 0).id},
                  {{"axis", axis}}, {.bound = 2})[0];
  }
  return m.emit("DequantizeLinear",
                {w.id, m.scalar(DataType::kFloat, 0.01), m.scalar(DataType::kInt8, 0)}, {},
                {.bound = 1})[0];
}

/// Codes of the result, as quantised networks have them; exact only by luck, so they end here.
void finish(GraphMaker& m, Operand y) {
  if (m.chance(40)) y = m.put("Relu", {y.id}, {}, {.bound = y.bound});
  m.tamed(y, 50);
}

void add_dequantised_product(GraphMaker& m, const Operand& back) {
  const int64_t k = back.extents.back(), n = m.one_of<int64_t>({1, 8, 16, 17});
  const Operand w = dequantised_weight(m, {k, n}, 1);
  Operand y = m.put("MatMul", {back.id, w.id}, {}, {.bound = 8 * static_cast<double>(k)});
  if (m.chance(50))
    y = m.put("Add", {y.id, m.constant(DataType::kFloat, {n}, -1, 1).id}, {}, {.bound = y.bound});
  finish(m, y);
}

void add_dequantised_convolution(GraphMaker& m, const Operand& back) {
  const int64_t in = back.extents[1], group = m.chance(25) ? in : 1;
  const int64_t out = group * m.one_of<int64_t>({1, 2, 8});
  const int64_t k =
      std::min<int64_t>({m.one_of<int64_t>({1, 3}), back.extents[2], back.extents[3]});
  if (out > 64 || k < 1) return;
  std::vector<ValueId> inputs = {back.id, dequantised_weight(m, {out, in / group, k, k}, 0).id};
  if (m.chance(50)) inputs.push_back(m.constant(DataType::kFloat, {out}, -1, 1).id);
  const std::vector<int64_t> pads(4, k / 2), strides(2, m.draw(1, 2));
  finish(m, m.put("Conv", inputs, {{"group", group}, {"pads", pads}, {"strides", strides}},
                  {.bound = 8 * static_cast<double>(in * k * k)}));
}

void add_integer_product(GraphMaker& m, const Codes& a) {
  const int64_t k = a.codes.extents.back(), n = m.one_of<int64_t>({1, 8, 17});
  const DataType dtype = any_code(m);
  const bool is_byte = dtype == DataType::kUint8;
  const Operand w = m.constant(dtype, {k, n}, is_byte ? 0 : -100, is_byte ? 250 : 100);
  if (m.chance(50)) {
    std::vector<ValueId> inputs = {a.codes.id, w.id};
    if (m.chance(70)) inputs.push_back(a.zero);
    if (inputs.size() == 3 && m.chance(60)) inputs.push_back(zero_point(m, dtype));
    m.put("MatMulInteger", inputs, {}, {.exact = true, .bound = 1e6});
    return;
  }
  const ValueId w_scale = m.scalar(DataType::kFloat, m.one_of(kScales));
  const ValueId y_scale = m.scalar(DataType::kFloat, m.one_of<double>({0.5, 1, 4}));
  const DataType out = any_code(m);
  m.put("QLinearMatMul",
        {a.codes.id, a.scale, a.zero, w.id, w_scale, zero_point(m, dtype), y_scale,
         zero_point(m, out)},
        {}, {.exact = true, .bound = 255});
}

void add_quantised_convolution(GraphMaker& m, const Codes& a) {
  const int64_t in = a.codes.extents[1], out = m.one_of<int64_t>({1, 4, 8, 16});
  const int64_t k = std::min<int64_t>({3, a.codes.extents[2], a.codes.extents[3]});
  if (k < 1) return;
  const Operand w = m.constant(DataType::kInt8, {out, in, k, k}, -100, 100);
  const ValueId w_scale = m.scalar(DataType::kFloat, m.one_of(kScales));
  const ValueId y_scale = m.scalar(DataType::kFloat, m.one_of<double>({0.5, 1, 4}));
  const std::vector<int64_t> pads(4, m.draw(0, k - 1));
  if (m.chance(30)) {
    m.put("ConvInteger", {a.codes.id, w.id, a.zero}, {{"pads", pads}},
          {.exact = true, .bound = 1e6});
    return;
  }
  std::vector<ValueId> inputs = {a.codes.id, a.scale,
                                 a.zero,     w.id,
                                 w_scale,    m.scalar(DataType::kInt8, 0),
                                 y_scale,    zero_point(m, a.codes.dtype)};
  if (m.chance(50)) inputs.push_back(m.constant(DataType::kInt32, {out}, -100, 100).id);
  m.put("QLinearConv", inputs, {{"pads", pads}}, {.exact = true, .bound = 255});
}

}  // namespace

/// x -> uint8 or int8 -> x', contractions of such values, and contractions of codes.
void add_quantisation(GraphMaker& m) {
  const Operand x = m.exact_float(2, 4);
  if (x.dtype != DataType::kFloat || x.count() > 8000 || x.count() == 0) return;
  const Codes a = codes_of(m, x);
  const bool image = x.rank() == 4;
  if (m.chance(40)) return image ? add_quantised_convolution(m, a) : add_integer_product(m, a);
  const Operand back =
      m.put("DequantizeLinear", {a.codes.id, a.scale, a.zero}, {}, {.exact = true, .bound = 32});
  if (m.chance(25)) return;
  if (image && m.chance(80)) return add_dequantised_convolution(m, back);
  add_dequantised_product(m, back);
}

}  // namespace kasuri::testing
