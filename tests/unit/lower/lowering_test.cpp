#include "tests/unit/lower/lowering_fixture.h"

// Every lowering: its nest, walked by the interpreter, equals the reference kernel.
namespace kasuri::lower {
namespace {

using Ints = std::vector<int64_t>;

TEST(Lowering, UnaryOperators) {
  for (const char* op : {"Abs",      "Neg",      "Exp",         "Erf",       "Tanh",
                         "Sigmoid",  "Sin",      "Cos",         "Floor",     "Ceil",
                         "Round",    "Sign",     "Relu",        "LeakyRelu", "Elu",
                         "Celu",     "Selu",     "HardSigmoid", "HardSwish", "ThresholdedRelu",
                         "Softsign", "Softplus", "Mish",        "Identity",  "Shrink"})
    expect_like_reference({op, {data({3, 5})}, {}, 18});
  for (const char* op : {"Sqrt", "Reciprocal", "Log"})
    expect_like_reference({op, {positive({3, 5})}});
}

TEST(Lowering, Gelu) {
  expect_like_reference({"Gelu", {data({4, 7})}, {}, 20});
  expect_like_reference({"Gelu", {data({4, 7})}, {{"approximate", std::string("tanh")}}, 20});
  expect_like_reference({"FastGelu", {data({4, 7}), data({7}, 2)}, {}, 17, 1, "com.microsoft"});
}

TEST(Lowering, ClipOfBothOpsets) {
  expect_like_reference({"Clip", {data({9})}, {{"min", -0.5f}, {"max", 0.5f}}, 6});
  expect_like_reference({"Clip", {data({9}), {Tensor::scalar(-0.5f), true}, absent()}});
}

TEST(Lowering, BinaryOperatorsBroadcast) {
  for (const char* op :
       {"Add", "Sub", "Mul", "Div", "Min", "Max", "Equal", "Less", "GreaterOrEqual"}) {
    expect_like_reference({op, {data({2, 1, 5}, 1), data({3, 1}, 2)}});
    expect_like_reference({op, {data({5}, 1), data({}, 2)}});
  }
  expect_like_reference({"Pow", {positive({4}), {Tensor::scalar(2.0f), true}}});
  expect_like_reference({"Pow", {positive({4}), {Tensor::scalar(0.5f), true}}});
  expect_like_reference({"Pow", {positive({4}), data({4}, 3)}});
  expect_like_reference({"PRelu", {data({2, 3, 4}), data({3, 1}, 5)}});
  expect_like_reference({"PRelu", {data({2, 3, 4}), data({3}, 5)}, {}, 7});
  expect_like_reference({"Sum", {data({4}), data({4}, 2), data({1}, 3)}});
  expect_like_reference({"Mean", {data({4}), data({4}, 2), data({1}, 3)}});
}

TEST(Lowering, IntegersNeverTrap) {
  const Operand a{Tensor::of<int64_t>({4}, {7, -7, 5, INT64_MIN})};
  const Operand b{Tensor::of<int64_t>({4}, {2, 2, -3, 3})};
  expect_like_reference({"Div", {a, b}});
  expect_like_reference({"Mod", {a, b}});
  expect_like_reference({"Mod", {a, b}, {{"fmod", int64_t{1}}}});
}

TEST(Lowering, WhereAndCast) {
  const Operand mask{Tensor::make(DataType::kBool, {3}, [](std::span<std::byte> out) {
    out[0] = out[2] = std::byte{1};
    out[1] = std::byte{0};
  })};
  expect_like_reference({"Where", {mask, data({2, 3}), data({1}, 9)}});
  expect_like_reference({"Cast", {data({6})}, {{"to", int64_t{7}}}});
  expect_like_reference({"Cast", {{Tensor::of<int64_t>({3}, {-1, 0, 5})}}, {{"to", int64_t{1}}}});
}

TEST(Lowering, Views) {
  expect_like_reference({"Reshape", {data({2, 3, 4}), ints({4, 6})}});
  expect_like_reference({"Transpose", {data({2, 3, 4})}, {{"perm", Ints{2, 0, 1}}}});
  expect_like_reference({"Transpose", {data({2, 3, 4})}});
  expect_like_reference({"Flatten", {data({2, 3, 4})}, {{"axis", int64_t{2}}}});
  expect_like_reference({"Squeeze", {data({2, 1, 4}), ints({1})}});
  expect_like_reference({"Unsqueeze", {data({2, 4}), ints({0, 2})}});
  expect_like_reference({"Expand", {data({3, 1}), ints({2, 3, 4})}});
  expect_like_reference({"Tile", {data({2, 3}), ints({2, 2})}});
  expect_like_reference({"DepthToSpace", {data({1, 8, 2, 3})}, {{"blocksize", int64_t{2}}}});
  expect_like_reference({"DepthToSpace",
                         {data({1, 8, 2, 3})},
                         {{"blocksize", int64_t{2}}, {"mode", std::string("CRD")}}});
  expect_like_reference({"SpaceToDepth", {data({1, 2, 4, 6})}, {{"blocksize", int64_t{2}}}});
}

TEST(Lowering, SlicesAndJoins) {
  expect_like_reference(
      {"Slice", {data({5, 6}), ints({1, 0}), ints({4, 100}), ints({0, 1}), ints({1, 2})}});
  expect_like_reference({"Slice", {data({5, 6}), ints({-1}), ints({-100}), ints({1}), ints({-2})}});
  expect_like_reference(
      {"Slice", {data({5, 6})}, {{"starts", Ints{1}}, {"ends", Ints{3}}, {"axes", Ints{0}}}, 9});
  expect_like_reference({"Split", {data({7, 2}), ints({3, 4})}, {{"axis", int64_t{0}}}, 17, 2});
  expect_like_reference(
      {"Concat", {data({2, 3}), data({2, 1}, 2), data({2, 4}, 3)}, {{"axis", int64_t{1}}}});
  expect_like_reference({"Trilu", {data({2, 4, 5})}, {{"upper", int64_t{0}}}});
  expect_like_reference({"Trilu", {data({4, 5}), {Tensor::scalar(int64_t{1}), true}}});
}

TEST(Lowering, PadModes) {
  for (const char* mode : {"constant", "edge", "reflect"})
    expect_like_reference(
        {"Pad", {data({4, 5}), ints({1, 2, 0, 3})}, {{"mode", std::string(mode)}}});
  expect_like_reference({"Pad", {data({4, 5}), ints({1, -1, 0, 3}), {Tensor::scalar(7.0f), true}}});
  expect_like_reference(
      {"Pad", {data({4, 5}), ints({2, 1, 1, 3})}, {{"mode", std::string("wrap")}}, 19});
}

TEST(Lowering, Gathering) {
  const Operand indices{Tensor::of<int64_t>({2, 2}, {0, -1, 2, 1})};
  expect_like_reference({"Gather", {data({3, 4}), indices}});
  expect_like_reference({"Gather", {data({4, 3}), indices}, {{"axis", int64_t{1}}}});
  expect_like_reference({"Gather", {data({4, 3}), {Tensor::scalar(int64_t{-1}), true}}});
  expect_like_reference({"GatherElements", {data({3, 3}), indices}, {{"axis", int64_t{0}}}});
  expect_like_reference({"GatherND", {data({3, 4, 2}), indices}});
  expect_like_reference({"ScatterND", {data({3, 4, 2}), indices, data({2, 2}, 4)}});
  expect_like_reference({"ScatterElements",
                         {data({3, 3}), indices, data({2, 2}, 4)},
                         {{"reduction", std::string("add")}},
                         18});
}

TEST(Lowering, Reductions) {
  for (const char* op : {"ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1",
                         "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp"}) {
    expect_like_reference({op, {data({3, 4, 5})}, {{"axes", Ints{1}}}, 13});
    expect_like_reference(
        {op, {data({3, 4, 5})}, {{"axes", Ints{0, -1}}, {"keepdims", int64_t{0}}}, 13});
    expect_like_reference({op, {data({3, 4})}, {}, 13});
  }
  expect_like_reference({"ReduceSum", {data({3, 4, 5}), ints({-1})}});
  expect_like_reference({"ReduceMean", {data({3, 4, 5}), ints({1, 2})}, {}, 18});
  expect_like_reference({"ArgMax", {data({3, 4, 5})}, {{"axis", int64_t{1}}}});
  expect_like_reference(
      {"ArgMin", {data({3, 4, 5})}, {{"axis", int64_t{-1}}, {"keepdims", int64_t{0}}}});
}

TEST(Lowering, Normalisations) {
  expect_like_reference({"Softmax", {data({2, 3, 5})}});
  expect_like_reference({"Softmax", {data({2, 3, 5})}, {{"axis", int64_t{1}}}});
  expect_like_reference({"Softmax", {data({2, 3, 5})}, {{"axis", int64_t{1}}}, 11});
  expect_like_reference({"LogSoftmax", {data({2, 3, 5})}, {{"axis", int64_t{0}}}});
  expect_like_reference({"LayerNormalization", {data({2, 3, 8}), data({8}, 2), data({8}, 3)}});
  expect_like_reference(
      {"LayerNormalization", {data({2, 3, 4}), data({3, 4}, 2)}, {{"axis", int64_t{1}}}});
  expect_like_reference(
      {"InstanceNormalization", {data({2, 3, 4, 5}), data({3}, 2), data({3}, 3)}});
  expect_like_reference(
      {"BatchNormalization",
       {data({2, 3, 4}), data({3}, 2), data({3}, 3), data({3}, 4), positive({3}, 5)}});
  expect_like_reference({"LpNormalization", {data({3, 4})}, {{"axis", int64_t{1}}}});
  expect_like_reference({"LRN", {data({1, 6, 2, 2})}, {{"size", int64_t{3}}}});
}

TEST(Lowering, Pooling) {
  const std::map<std::string, Attribute> padded = {
      {"kernel_shape", Ints{3, 2}}, {"strides", Ints{2, 1}}, {"pads", Ints{1, 1, 0, 1}}};
  expect_like_reference({"MaxPool", {data({1, 2, 7, 6})}, padded});
  expect_like_reference({"AveragePool", {data({1, 2, 7, 6})}, padded});
  auto counted = padded;
  counted["count_include_pad"] = int64_t{1};
  expect_like_reference({"AveragePool", {data({1, 2, 7, 6})}, counted});
  auto ceiling = padded;
  ceiling["ceil_mode"] = int64_t{1};
  expect_like_reference({"MaxPool", {data({1, 2, 8, 6})}, ceiling});
  expect_like_reference(
      {"MaxPool", {data({1, 2, 8})}, {{"kernel_shape", Ints{2}}, {"dilations", Ints{3}}}});
  expect_like_reference({"AveragePool",
                         {data({1, 2, 5, 5})},
                         {{"kernel_shape", Ints{2, 2}}, {"auto_pad", std::string("SAME_UPPER")}}});
  for (const char* same : {"SAME_UPPER", "SAME_LOWER"})
    expect_like_reference({"AveragePool",
                           {data({1, 2, 5, 6})},
                           {{"kernel_shape", Ints{2, 4}},
                            {"auto_pad", std::string(same)},
                            {"count_include_pad", int64_t{1}}}});
  expect_like_reference({"GlobalAveragePool", {data({2, 3, 4, 5})}});
  expect_like_reference({"GlobalMaxPool", {data({2, 3, 4, 5})}});
}

TEST(Lowering, Resize) {
  const auto sized = [](const char* mode, const char* coordinates, Ints sizes,
                        const char* nearest) {
    return Case{"Resize",
                {data({1, 2, 4, 5}), absent(), absent(), ints(std::move(sizes))},
                {{"mode", std::string(mode)},
                 {"coordinate_transformation_mode", std::string(coordinates)},
                 {"nearest_mode", std::string(nearest)}}};
  };
  for (const char* coordinates :
       {"half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"}) {
    expect_like_reference(sized("linear", coordinates, {1, 2, 8, 7}, "floor"), 1e-4);
    expect_like_reference(sized("linear", coordinates, {1, 2, 3, 10}, "floor"), 1e-4);
    expect_like_reference(sized("nearest", coordinates, {1, 2, 8, 10}, "floor"));
    expect_like_reference(sized("nearest", coordinates, {1, 2, 8, 10}, "round_prefer_floor"));
  }
  const Operand scales{Tensor::of<float>({4}, {1, 1, 2, 2}), true};
  expect_like_reference(
      {"Resize", {data({1, 2, 4, 5}), absent(), scales}, {{"mode", std::string("nearest")}}, 13});
  expect_like_reference(
      {"Upsample", {data({1, 2, 4, 5}), scales}, {{"mode", std::string("nearest")}}, 9});
}

TEST(Lowering, Contractions) {
  expect_like_reference({"MatMul", {data({3, 4}), data({4, 5}, 2)}});
  expect_like_reference({"MatMul", {data({2, 1, 3, 4}), data({5, 4, 2}, 2)}});
  expect_like_reference({"MatMul", {data({4}), data({4, 5}, 2)}});
  expect_like_reference(
      {"Gemm",
       {data({4, 3}), data({5, 4}, 2), data({5}, 3)},
       {{"transA", int64_t{1}}, {"transB", int64_t{1}}, {"alpha", 0.5f}, {"beta", 2.0f}}});
  expect_like_reference({"Conv",
                         {data({1, 4, 6, 5}), data({6, 2, 3, 2}, 2), data({6}, 3)},
                         {{"group", int64_t{2}},
                          {"pads", Ints{1, 0, 1, 1}},
                          {"strides", Ints{2, 1}},
                          {"dilations", Ints{1, 2}}}});
  expect_like_reference({"Conv", {data({2, 3, 9}), data({3, 1, 3}, 2)}, {{"group", int64_t{3}}}});
}

TEST(Lowering, QuantisationAndScans) {
  const Operand scale{Tensor::of<float>({3}, {0.1f, 0.2f, 0.05f}), true};
  const Operand zero{Tensor::of<uint8_t>({3}, {128, 100, 0}), true};
  expect_like_reference({"QuantizeLinear", {data({2, 3, 4}), scale, zero}});
  const Operand bytes{Tensor::of<uint8_t>({1, 3, 2}, {0, 255, 7, 9, 100, 200})};
  expect_like_reference({"DequantizeLinear", {bytes, scale, zero}});
  expect_like_reference({"CumSum", {data({3, 4}), {Tensor::scalar(int64_t{0}), true}}});
  expect_like_reference({"CumSum",
                         {data({3, 4}), {Tensor::scalar(int64_t{1}), true}},
                         {{"exclusive", int64_t{1}}, {"reverse", int64_t{1}}}});
}

TEST(Lowering, OperandsThatDoNotBroadcastAreNotReadOutside) {
  std::map<std::string, RuntimeValue> ignored;
  const Graph graph = graph_of({"PRelu", {data({2, 3, 4}), data({3}, 5)}, {}, 17}, ignored);
  const auto why = why_not(graph, graph.node(graph.node_ids().front()));
  ASSERT_TRUE(why.has_value());
  EXPECT_NE(why->find("[3] does not broadcast to [2,3,4]"), std::string::npos) << *why;
}

TEST(Lowering, DeclinesWithAReason) {
  std::map<std::string, RuntimeValue> ignored;
  const Graph graph = graph_of({"Pad",
                                {data({4, 5}), {Tensor::of<int64_t>({4}, {9, 0, 0, 0}), true}},
                                {{"mode", std::string("reflect")}}},
                               ignored);
  const auto why = why_not(graph, graph.node(graph.node_ids().front()));
  ASSERT_TRUE(why.has_value());
  EXPECT_NE(why->find("reflects more than once"), std::string::npos) << *why;
}

TEST(Lowering, SumsOfBytesAreLeftToTheReference) {
  std::map<std::string, RuntimeValue> ignored;
  const auto bytes = [](const std::vector<int64_t>& extents, size_t count) {
    return Tensor::of<int8_t>(extents, std::vector<int8_t>(count, 100));
  };
  const Graph product = graph_of({"MatMul", {{bytes({4, 5}, 20)}, {bytes({5, 6}, 30)}}}, ignored);
  const Graph conv =
      graph_of({"Conv", {{bytes({1, 2, 5, 5}, 50)}, {bytes({3, 2, 3, 3}, 54)}}}, ignored);
  for (const Graph* graph : {&product, &conv}) {
    const auto why = why_not(*graph, graph->node(graph->node_ids().front()));
    ASSERT_TRUE(why.has_value());
    EXPECT_NE(why->find("contractions in int8"), std::string::npos) << *why;
  }
}

}  // namespace
}  // namespace kasuri::lower
