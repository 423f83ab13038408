#include <cmath>

#include "engine/backend/reference/elementwise.h"
#include "engine/backend/reference/matmul.h"
#include "engine/backend/reference/quantised_rows.h"
#include "engine/backend/reference/registry.h"

// Products of com.microsoft that take codes and give floats.
namespace kasuri::reference {
namespace {

/// (x - zero) * scale; scale and zero are inputs, one number or one per column, absent: 1 and 0.
Tensor scaled_codes(Context& c, const Tensor& x, size_t scale, size_t zero) {
  const int64_t columns = x.rank() > 0 ? x.extents().back() : 1;
  Tensor out = x;
  for (const auto& [input, shift] : {std::pair(zero, true), std::pair(scale, false)}) {
    if (!c.has(input)) continue;
    const Tensor& by = c.in(input);
    c.require(by.count() == 1 || (by.rank() == 1 && by.count() == columns),
              "scales or zero points {} for {}", text_of(by.extents()), text_of(x.extents()));
    out = zip_elements<double>(c, out, by.count() == 1 ? by.reshaped({}) : by, DataType::kDouble,
                               [shift](double v, double w) { return shift ? v - w : v * w; });
  }
  return out;
}

void finish(Context& c, const Tensor& product, size_t bias, DataType dtype) {
  if (!c.has(bias))
    return c.set(0, map_elements<double>(c, product, dtype, [](double v) { return v; }));
  c.set(0, zip_elements<double>(c, product, c.in(bias), dtype,
                                [](double v, double b) { return v + b; }));
}

void matmul_integer_to_float(Context& c) {
  c.require(c.in(2).count() == 1 && (!c.has(4) || c.in(4).count() == 1),
            "scales per row of A are not supported");
  const Tensor a = scaled_codes(c, c.in(0), 2, 4), b = scaled_codes(c, c.in(1), 3, 5);
  finish(c, matrix_product(c, a, b, DataType::kDouble), 6, c.in(2).dtype());
}

void dynamic_quantize_matmul(Context& c) {
  std::vector<double> values = elements<double>(c.in(0));
  snap_to_codes(values);
  const Tensor a = c.pack(DataType::kDouble, c.in(0).extents(), values);
  finish(c, matrix_product(c, a, scaled_codes(c, c.in(1), 2, 3), DataType::kDouble), 4,
         c.in(0).dtype());
}

void matmul_integer16(Context& c) {
  c.set(0, matrix_product(c, c.in(0), c.in(1), DataType::kInt32));
}

}  // namespace

void register_contrib_quantised_matmul_kernels(Registry& r) {
  r.add("com.microsoft", "MatMulIntegerToFloat", matmul_integer_to_float);
  r.add("com.microsoft", "DynamicQuantizeMatMul", dynamic_quantize_matmul);
  r.add("com.microsoft", "MatMulInteger16", matmul_integer16);
}

}  // namespace kasuri::reference
