#include <random>

#include "engine/backend/cpu/onednn_primitive.h"
#include "tests/unit/cpu/model_runner.h"

// Contractions over 8-bit codes against the reference backend: sums are exact, a stored code may
// differ by one step where the quotient lies on a tie.
namespace kasuri::testing {
namespace {

using ::testing::HasSubstr;
using Extents = std::vector<int64_t>;

ValueType codes_of(DataType type, const Extents& extents) {
  return ValueType::tensor(type, shape_of(extents));
}

/// Codes over the whole range, or up to `most` away from `middle`.
Tensor random_codes(DataType type, const Extents& extents, unsigned seed, int middle = 0,
                    int most = 1000) {
  std::mt19937 random(seed);
  const int low = type == DataType::kUint8 ? 0 : -128, high = low + 255;
  std::uniform_int_distribution<int> code(std::max(low, middle - most),
                                          std::min(high, middle + most));
  const auto count = static_cast<size_t>(*element_count(extents));
  std::vector<uint8_t> bytes(count);
  for (uint8_t& b : bytes) b = static_cast<uint8_t>(code(random));
  if (type == DataType::kUint8) return Tensor::of<uint8_t>(extents, bytes);
  return Tensor::of<int8_t>(extents, std::vector<int8_t>(bytes.begin(), bytes.end()));
}

Tensor one_code(DataType type, int value) {
  if (type == DataType::kUint8) return Tensor::scalar<uint8_t>(static_cast<uint8_t>(value));
  return Tensor::scalar<int8_t>(static_cast<int8_t>(value));
}

Tensor positive_scales(int64_t count, unsigned seed) {
  Tensor random = random_floats({count}, seed);
  std::vector<float> values(random.data<float>().begin(), random.data<float>().end());
  for (float& v : values) v = 0.002f + 0.001f * v;
  return count == 1 ? Tensor::scalar(values[0]) : Tensor::of<float>({count}, values);
}

/// Equal codes but for one step in a few places; floats within rounding; sums exact.
void expect_same_codes(const Tensor& expected, const Tensor& actual) {
  ASSERT_EQ(expected.dtype(), actual.dtype());
  if (expected.dtype() == DataType::kFloat) return expect_close(expected, actual, 2e-5);
  ASSERT_EQ(expected.extents(), actual.extents());
  const auto e = expected.bytes(), a = actual.bytes();
  int64_t moved = 0;
  if (bits_of(expected.dtype()) == 8) {
    for (size_t k = 0; k < e.size(); ++k) {
      const bool is_signed = expected.dtype() == DataType::kInt8;
      const auto value = [is_signed](std::byte b) {
        return is_signed ? int{static_cast<int8_t>(b)} : int{static_cast<uint8_t>(b)};
      };
      const int distance = std::abs(value(e[k]) - value(a[k]));
      ASSERT_LE(distance, 1) << "element " << k;
      moved += distance;
    }
    EXPECT_LE(moved, 2 + static_cast<int64_t>(e.size()) / 50);
  } else {
    EXPECT_EQ(expected.fingerprint(), actual.fingerprint());
  }
}

PlanPointer expect_int8(GraphBuilder& g, const Inputs& inputs, bool group = true, int threads = 1,
                        const std::string& kernel = "8-bit codes") {
  const auto graph = finish(g);
  const PlanDecisions decisions = group ? grouped(*graph) : PlanDecisions();
  const Outcome truth = run_plan(graph, {}, inputs, {.reference_only = true});
  const Outcome tested = run_plan(graph, decisions, inputs, {.threads = threads});
  EXPECT_EQ(truth.outputs.size(), tested.outputs.size());
  for (size_t k = 0; k < std::min(truth.outputs.size(), tested.outputs.size()); ++k)
    expect_same_codes(truth.outputs[k].tensor(), tested.outputs[k].tensor());
  const auto& steps = tested.plan->entry().steps;
  EXPECT_EQ(steps.size(), 1u);
  const std::string text =
      steps[0].kernel ? steps[0].kernel->description() : "no kernel: " + steps[0].fallback_reason;
  EXPECT_THAT(text, HasSubstr(kernel));
  return tested.plan;
}

struct ConvCase {
  Extents x = {1, 16, 9, 9}, w = {32, 16, 3, 3};
  int64_t group = 1, pad = 1, stride = 1;
  DataType data = DataType::kUint8, weights = DataType::kInt8, out = DataType::kUint8;
  int zero = 128, weight_zero = 0, out_zero = 117;
  bool per_channel = true, bias = true;
  int weight_reach = 120;  ///< of the codes around their zero point
  const char* step = "Relu";
  std::map<std::string, Attribute> attributes() const {
    const Extents kernel(w.begin() + 2, w.end());
    return {{"pads", Extents(2 * kernel.size(), pad)},
            {"strides", Extents(kernel.size(), stride)},
            {"kernel_shape", kernel},
            {"group", group}};
  }
};

class Int8 : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!cpu::adds_codes_exactly()) GTEST_SKIP() << "this processor has no VNNI";
  }

  static ValueId add(GraphBuilder& g, const std::string& op, std::vector<ValueId> in,
                     std::map<std::string, Attribute> attributes = {}) {
    return g.add({"", op}, op, std::move(in), 1, std::move(attributes))[0];
  }

  /// DequantizeLinear twice, Conv, a step, QuantizeLinear.
  static PlanPointer pairs(const ConvCase& k, int threads = 1) {
    GraphBuilder g;
    g.opset("", 17);
    const ValueId x = g.input("x", codes_of(k.data, k.x));
    const ValueId dx = add(
        g, "DequantizeLinear",
        {x, g.constant("xs", Tensor::scalar(0.02f)), g.constant("xz", one_code(k.data, k.zero))});
    const int64_t channels = k.w[0];
    const Tensor zeros = k.per_channel ? random_codes(k.weights, {channels}, 5, k.weight_zero, 0)
                                       : one_code(k.weights, k.weight_zero);
    const ValueId dw =
        g.add({"", "DequantizeLinear"}, "dw",
              {g.constant("w", random_codes(k.weights, k.w, 3, k.weight_zero, k.weight_reach)),
               g.constant("ws", positive_scales(k.per_channel ? channels : 1, 4)),
               g.constant("wz", zeros)},
              1, {{"axis", int64_t{0}}})[0];
    std::vector<ValueId> in = {dx, dw};
    if (k.bias) in.push_back(g.constant("b", random_floats({channels}, 6)));
    ValueId y = add(g, "Conv", in, k.attributes());
    if (*k.step != '\0') y = add(g, k.step, {y});
    if (k.out != DataType::kFloat)
      y = add(g, "QuantizeLinear",
              {y, g.constant("ys", Tensor::scalar(0.05f)),
               g.constant("yz", one_code(k.out, k.out_zero))});
    g.output("y", y);
    return expect_int8(g, {{"x", random_codes(k.data, k.x, 1)}}, true, threads);
  }

  /// QLinearConv alone.
  static PlanPointer operator_form(const ConvCase& k) {
    GraphBuilder g;
    g.opset("", 17);
    const int64_t channels = k.w[0];
    std::vector<int32_t> bias(static_cast<size_t>(channels));
    for (size_t c = 0; c < bias.size(); ++c) bias[c] = static_cast<int32_t>(c) * 300 - 4000;
    const ValueId y = add(
        g, "QLinearConv",
        {g.input("x", codes_of(k.data, k.x)), g.constant("xs", Tensor::scalar(0.02f)),
         g.constant("xz", one_code(k.data, k.zero)),
         g.constant("w", random_codes(k.weights, k.w, 3, k.weight_zero, k.weight_reach)),
         g.constant("ws", positive_scales(k.per_channel ? channels : 1, 4)),
         g.constant("wz", k.per_channel ? random_codes(k.weights, {channels}, 5, k.weight_zero, 0)
                                        : one_code(k.weights, k.weight_zero)),
         g.constant("ys", Tensor::scalar(0.05f)), g.constant("yz", one_code(k.out, k.out_zero)),
         g.constant("b", Tensor::of<int32_t>({channels}, bias))},
        k.attributes());
    g.output("y", y);
    return expect_int8(g, {{"x", random_codes(k.data, k.x, 1)}}, false);
  }
};

TEST_F(Int8, ConvolutionsOfEveryShape) {
  std::vector<ConvCase> cases(12);
  cases[1].pad = 0;
  cases[2].stride = 2;
  cases[3] = {.x = {2, 8, 7, 7}, .w = {24, 8, 1, 1}, .pad = 0};
  cases[4] = {.x = {1, 32, 8, 8}, .w = {32, 1, 3, 3}, .group = 32};
  cases[5] = {.x = {1, 32, 8, 8}, .w = {16, 16, 3, 3}, .group = 2};
  cases[6] = {.x = {1, 3, 16, 16}, .w = {16, 3, 3, 3}, .stride = 2};
  cases[7] = {.x = {1, 6, 20}, .w = {10, 6, 5}, .pad = 2};
  cases[8].zero = 0;
  cases[9].bias = false;
  cases[10].step = "";
  cases[11].per_channel = false;
  for (size_t k = 0; k < cases.size(); ++k) {
    SCOPED_TRACE("case " + std::to_string(k));
    pairs(cases[k]);
  }
}

TEST_F(Int8, ConvolutionsOfEveryType) {
  for (DataType data : {DataType::kUint8, DataType::kInt8})
    for (DataType out : {DataType::kUint8, DataType::kInt8, DataType::kFloat})
      for (int pad : {0, 1}) {
        SCOPED_TRACE(std::string(name_of(data)) + " to " + std::string(name_of(out)) + " pad " +
                     std::to_string(pad));
        pairs({.pad = pad,
               .data = data,
               .out = out,
               .zero = data == DataType::kUint8 ? 131 : -13,
               .out_zero = out == DataType::kUint8 ? 3 : -128});
      }
}

TEST_F(Int8, UnsignedWeightsLoseTheirZeroPoint) {
  pairs({.weights = DataType::kUint8, .weight_zero = 127});
  pairs({.weights = DataType::kUint8, .weight_zero = 127, .per_channel = false});
  operator_form({.weights = DataType::kUint8, .weight_zero = 128});
}

TEST_F(Int8, WeightsThatLeaveEightBitsReadTheirChannelTwice) {
  for (int zero : {127, 129, 90})
    for (int pad : {0, 1}) {
      SCOPED_TRACE(zero);
      pairs({.pad = pad,
             .weights = DataType::kUint8,
             .weight_zero = zero,
             .per_channel = false,
             .weight_reach = 1000});
      operator_form({.x = {2, 5, 9, 9},
                     .w = {8, 5, 3, 3},
                     .pad = pad,
                     .weights = DataType::kUint8,
                     .weight_zero = zero,
                     .per_channel = false,
                     .weight_reach = 1000});
    }
}

TEST_F(Int8, OperatorForm) {
  operator_form({});
  operator_form({.pad = 0});
  operator_form({.data = DataType::kInt8, .out = DataType::kInt8, .zero = -5, .out_zero = 4});
  operator_form({.x = {1, 32, 8, 8}, .w = {32, 1, 3, 3}, .group = 32, .per_channel = false});
}

TEST_F(Int8, ActivationsThatDoNotScale) {
  for (const char* step : {"Sigmoid", "HardSwish", "Tanh", "LeakyRelu"}) {
    SCOPED_TRACE(step);
    pairs({.step = step});
  }
}

TEST_F(Int8, TwoThreads) { pairs({.x = {1, 64, 20, 20}, .w = {64, 64, 3, 3}}, 2); }

/// All products at their largest: two of them already leave 16 bits.
TEST_F(Int8, NothingSaturatesHalfway) {
  for (int sign : {1, -1}) {
    GraphBuilder g;
    g.opset("", 17);
    const Extents x = {4, 512}, w = {512, 32};
    const ValueId y = add(g, "MatMulInteger",
                          {g.input("x", codes_of(DataType::kUint8, x)),
                           g.constant("w", random_codes(DataType::kInt8, w, 1, sign * 127, 0))});
    g.output("y", y);
    expect_int8(g, {{"x", random_codes(DataType::kUint8, x, 1, 255, 0)}}, false);
  }
}

TEST_F(Int8, IntegerProductsWithAZeroPointOfTheRun) {
  for (int64_t depth : {40, 3000})
    for (DataType data : {DataType::kUint8, DataType::kInt8}) {
      GraphBuilder g;
      g.opset("", 17);
      const Extents x = {2, 5, depth}, w = {depth, 24};
      const ValueId zero = g.input("z", codes_of(data, {}));
      const ValueId y = add(g, "MatMulInteger",
                            {g.input("x", codes_of(data, x)),
                             g.constant("w", random_codes(DataType::kInt8, w, 2, 90, 30)), zero});
      g.output("y", y);
      const int top = data == DataType::kUint8 ? 255 : 127;
      const bool rounds = data == DataType::kInt8 && depth > 1000;  // in the library, so not there
      expect_int8(g, {{"x", random_codes(data, x, 1, top, 20)}, {"z", one_code(data, top - 100)}},
                  false, 1, rounds ? "jit" : "8-bit codes");
    }
}

TEST_F(Int8, DynamicallyQuantisedProduct) {
  GraphBuilder g;
  g.opset("", 17);
  const Extents x = {3, 7, 64};
  const ValueId sums = add(g, "MatMulInteger",
                           {g.input("x", codes_of(DataType::kUint8, x)),
                            g.constant("w", random_codes(DataType::kInt8, {64, 48}, 2)),
                            g.input("z", codes_of(DataType::kUint8, {})),
                            g.constant("wz", one_code(DataType::kInt8, 0))});
  const ValueId real = add(g, "Cast", {sums}, {{"to", int64_t{1}}});
  const ValueId scaled = add(g, "Mul", {real, g.input("s", floats({}))});
  g.output("y", add(g, "Add", {scaled, g.constant("b", random_floats({48}, 8))}));
  expect_int8(g, {{"x", random_codes(DataType::kUint8, x, 1)},
                  {"z", one_code(DataType::kUint8, 77)},
                  {"s", Tensor::scalar(0.001f)}});
}

TEST_F(Int8, IntegerConvolution) {
  GraphBuilder g;
  g.opset("", 17);
  const ConvCase k{.x = {1, 4, 9, 9}, .w = {16, 4, 3, 3}};
  const ValueId y = add(g, "ConvInteger",
                        {g.input("x", codes_of(DataType::kUint8, k.x)),
                         g.constant("w", random_codes(DataType::kInt8, k.w, 2)),
                         g.constant("z", one_code(DataType::kUint8, 99))},
                        k.attributes());
  g.output("y", y);
  expect_int8(g, {{"x", random_codes(DataType::kUint8, k.x, 1)}}, false);
}

TEST_F(Int8, ProductsAndGemm) {
  for (const char* op : {"MatMul", "Gemm"})
    for (int64_t transposed : {0, 1}) {
      if (transposed && *op == 'M') continue;
      SCOPED_TRACE(op);
      GraphBuilder g;
      g.opset("", 17);
      const Extents x = {20, 64}, w = transposed ? Extents{40, 64} : Extents{64, 40};
      const ValueId dx =
          add(g, "DequantizeLinear",
              {g.input("x", codes_of(DataType::kUint8, x)), g.constant("xs", Tensor::scalar(0.02f)),
               g.constant("xz", one_code(DataType::kUint8, 120))});
      const ValueId dw = g.add({"", "DequantizeLinear"}, "dw",
                               {g.constant("w", random_codes(DataType::kInt8, w, 2)),
                                g.constant("ws", positive_scales(40, 3))},
                               1, {{"axis", int64_t{1 - transposed}}})[0];
      const ValueId b = g.constant("b", random_floats({40}, 4));
      ValueId y = *op == 'G' ? add(g, "Gemm", {dx, dw, b}, {{"transB", transposed}})
                             : add(g, "Add", {add(g, "MatMul", {dx, dw}), b});
      y = add(g, "QuantizeLinear",
              {y, g.constant("ys", Tensor::scalar(0.04f)),
               g.constant("yz", one_code(DataType::kInt8, -7))});
      g.output("y", y);
      expect_int8(g, {{"x", random_codes(DataType::kUint8, x, 1)}});
    }
}

TEST_F(Int8, ResidualPathsAreReadAsCodes) {
  GraphBuilder g;
  g.opset("", 17);
  const Extents x = {1, 16, 9, 9};
  const auto dequantize = [&](const std::string& name, ValueId v) {
    return g.add({"", "DequantizeLinear"}, name,
                 {v, g.constant("s", Tensor::scalar(0.02f)),
                  g.constant("z", one_code(DataType::kUint8, 100))})[0];
  };
  const ValueId w = g.add({"", "DequantizeLinear"}, "dw",
                          {g.constant("w", random_codes(DataType::kInt8, {16, 16, 1, 1}, 3)),
                           g.constant("ws", Tensor::scalar(0.002f))})[0];
  const ValueId conv =
      add(g, "Conv", {dequantize("dx", g.input("x", codes_of(DataType::kUint8, x))), w});
  const ValueId sum =
      add(g, "Add", {conv, dequantize("dr", g.input("r", codes_of(DataType::kUint8, x)))});
  g.output("y", add(g, "QuantizeLinear",
                    {add(g, "Relu", {sum}), g.constant("ys", Tensor::scalar(0.03f)),
                     g.constant("yz", one_code(DataType::kUint8, 0))}));
  expect_int8(g, {{"x", random_codes(DataType::kUint8, x, 1)},
                  {"r", random_codes(DataType::kUint8, x, 2)}});
}

/// Groups the engine refuses run node by node, with the reason kept.
std::string refusal(const std::function<ValueId(GraphBuilder&)>& weights) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", codes_of(DataType::kUint8, {4, 32}));
  const ValueId dx =
      g.add({"", "DequantizeLinear"}, "dx", {x, g.constant("xs", Tensor::scalar(0.02f))})[0];
  g.output("y", g.add({"", "MatMul"}, "mm", {dx, weights(g)})[0]);
  const auto graph = finish(g);
  std::vector<NodeId> all = graph->topological_order();
  return cpu_backend()->legality().why_not_one_kernel(*graph, all).value_or("");
}

TEST_F(Int8, DeclinesWithReasons) {
  EXPECT_THAT(refusal([](GraphBuilder& g) { return g.constant("w", random_floats({32, 8}, 1)); }),
              HasSubstr("the weights are not quantised"));
  const auto codes = [](DataType type, const Extents& scales, int64_t axis, int zero) {
    return [=](GraphBuilder& g) {
      const Tensor zeros =
          scales.empty() ? one_code(type, zero) : random_codes(type, scales, 1, zero, 0);
      return g.add(
          {"", "DequantizeLinear"}, "dw",
          {g.constant(
               "w", random_codes(type, {32, 8}, 1, type == DataType::kUint8 && zero == 0 ? 255 : 0,
                                 type == DataType::kUint8 && zero == 0 ? 0 : 1000)),
           g.constant("s", scales.empty() ? positive_scales(1, 1) : positive_scales(scales[0], 1)),
           g.constant("z", zeros)},
          1, {{"axis", axis}})[0];
    };
  };
  EXPECT_THAT(refusal(codes(DataType::kInt8, {32}, 0, 0)),
              HasSubstr("not those of output channels"));
  EXPECT_THAT(refusal(codes(DataType::kUint8, {}, 1, 0)), HasSubstr("leave 8 bits by far"));
  EXPECT_EQ(refusal(codes(DataType::kUint8, {}, 1, 128)), "");
  EXPECT_EQ(refusal(codes(DataType::kInt8, {8}, 1, 0)), "");
}

}  // namespace
}  // namespace kasuri::testing
