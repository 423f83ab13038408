#include "passes/fold/fold_constants.h"
#include "passes/fold/fold_weights.h"
#include "passes/fuse/stitch_memory_bound.h"
#include "passes/int8/contract_in_int8.h"
#include "passes/int8/duplicate_dequantize.h"
#include "passes/layout/keep_channels_last.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A network between codes: x is quantised first, so that tests can feed floats.
struct QuantizedNet {
  QuantizedNet() { b.opset("", 17); }
  ValueId op(const std::string& name, std::vector<ValueId> inputs,
             std::map<std::string, Attribute> a = {}) {
    return b.add({"", name}, name, std::move(inputs), 1, std::move(a))[0];
  }
  ValueId scale(float s = 0.01F) { return b.constant("s", Tensor::scalar(s)); }
  ValueId zero() { return b.constant("z", Tensor::scalar<uint8_t>(120)); }
  ValueId quantize(ValueId v) { return op("QuantizeLinear", {v, scale(), zero()}); }
  ValueId dequantize(ValueId v) { return op("DequantizeLinear", {v, scale(), zero()}); }
  ValueId input(const std::vector<int64_t>& extents) {
    return dequantize(quantize(b.input("x", f32(extents))));
  }
  ValueId weights(const std::vector<int64_t>& extents) {
    std::vector<int8_t> codes(static_cast<size_t>(*element_count(extents)));
    for (size_t k = 0; k < codes.size(); ++k) codes[k] = static_cast<int8_t>(k * 37);
    return op("DequantizeLinear", {b.constant("w", Tensor::of<int8_t>(extents, codes)), scale()});
  }
  Graph graph(ValueId y) {
    b.output("y", y);
    return typed(b);
  }
  GraphBuilder b;
};

TEST(ContractInInt8, TakesStepsAndTheLastQuantisation) {
  QuantizedNet n;
  const ValueId conv = n.op("Conv", {n.input({1, 4, 5, 5}), n.weights({8, 4, 3, 3})});
  const OptimizedGraph r = rewrite_with<ContractInInt8>(n.graph(n.quantize(n.op("Relu", {conv}))));
  EXPECT_THAT(group_texts(r), ElementsAre("int8 Conv + Relu: DequantizeLinear DequantizeLinear "
                                          "Conv Relu QuantizeLinear"));
  EXPECT_EQ(r.log.entries()[0].site, "ContractInInt8@Conv");
}

TEST(ContractInInt8, TakesTheCodesOfAResidualPath) {
  QuantizedNet n;
  const ValueId x = n.input({1, 4, 5, 5});
  const ValueId conv = n.op("Conv", {n.dequantize(n.quantize(x)), n.weights({4, 4, 1, 1})});
  const ValueId sum = n.op("Add", {conv, n.dequantize(n.quantize(n.op("Exp", {x})))});
  const OptimizedGraph r = rewrite_with<ContractInInt8>(n.graph(n.quantize(sum)));
  EXPECT_THAT(group_texts(r), ElementsAre("int8 Conv + Add: DequantizeLinear DequantizeLinear Conv "
                                          "DequantizeLinear Add QuantizeLinear"));
}

TEST(ContractInInt8, TakesAProductThatStaysFloat) {
  QuantizedNet n;
  const ValueId gemm = n.op("Gemm", {n.input({4, 8}), n.weights({8, 6})});
  EXPECT_THAT(group_texts(rewrite_with<ContractInInt8>(n.graph(gemm))),
              ElementsAre("int8 Gemm: DequantizeLinear DequantizeLinear Gemm"));
}

TEST(ContractInInt8, TakesTheCastOfIntegerProducts) {
  QuantizedNet n;
  const ValueId codes = n.quantize(n.b.input("x", f32({4, 8})));
  const ValueId w = n.b.constant("w", Tensor::of<int8_t>({8, 2}, std::vector<int8_t>(16, 3)));
  const ValueId sums = n.op("MatMulInteger", {codes, w});
  const ValueId real = n.op("Cast", {sums}, {{"to", int64_t{1}}});
  EXPECT_THAT(group_texts(rewrite_with<ContractInInt8>(n.graph(n.op("Mul", {real, n.scale()})))),
              ElementsAre("int8 MatMulInteger + Mul: MatMulInteger Cast Mul"));
}

TEST(ContractInInt8, MustNotFireBecauseTheWeightsAreFloats) {
  QuantizedNet n;
  const ValueId w = n.b.constant("w", random_tensor({8, 6}, 1));
  const OptimizedGraph r =
      rewrite_with<ContractInInt8>(n.graph(n.op("MatMul", {n.input({4, 8}), w})));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("the weights are no 8-bit codes"));
}

TEST(ContractInInt8, MustNotFireBecauseTheDataIsFloat) {
  QuantizedNet n;
  const OptimizedGraph r = rewrite_with<ContractInInt8>(
      n.graph(n.op("MatMul", {n.b.input("x", f32({4, 8})), n.weights({8, 6})})));
  EXPECT_THAT(reasons(r), Contains("the data is not quantised"));
}

TEST(ContractInInt8, MustNotFireBecauseTheNumbersAreReadElsewhere) {
  QuantizedNet n;
  const ValueId x = n.input({4, 8});
  n.b.output("z", n.op("Relu", {x}));
  const OptimizedGraph r =
      rewrite_with<ContractInInt8>(n.graph(n.op("MatMul", {x, n.weights({8, 6})})));
  EXPECT_THAT(reasons(r), Contains("the dequantised data is needed"));
}

TEST(ContractInInt8, MustNotFireBecauseTheEngineRefuses) {
  QuantizedNet n;
  TestServices services;
  services.engine.refusal = "no VNNI";
  const OptimizedGraph r = rewrite_with<ContractInInt8>(
      n.graph(n.op("MatMul", {n.input({4, 8}), n.weights({8, 6})})), services);
  EXPECT_THAT(reasons(r), Contains("no VNNI"));
}

TEST(ContractInInt8, MustNotFireOnFloatNetworks) {
  QuantizedNet n;
  const ValueId w = n.b.constant("w", random_tensor({8, 6}, 1));
  const OptimizedGraph r =
      rewrite_with<ContractInInt8>(n.graph(n.op("MatMul", {n.b.input("x", f32({4, 8})), w})));
  EXPECT_TRUE(r.log.entries().empty());
}

TEST(DuplicateDequantize, GivesEachKernelItsOwn) {
  QuantizedNet n;
  const ValueId x = n.input({1, 4, 5, 5});
  const ValueId conv = n.op("Conv", {x, n.weights({4, 4, 1, 1})});
  const Graph graph = n.graph(n.quantize(n.op("Add", {n.dequantize(n.quantize(conv)), x})));
  const OptimizedGraph r = rewrite_with<DuplicateDequantize>(graph);
  int readers_of_x = 0;
  for (NodeId id : r.graph->node_ids()) {
    const Node& node = r.graph->node(id);
    if (!node.is("DequantizeLinear")) continue;
    EXPECT_EQ(r.graph->value(node.output(0)).consumers.size(), 1u);
    readers_of_x += node.inputs == r.graph->node(*r.graph->find_node("DequantizeLinear")).inputs;
  }
  EXPECT_EQ(readers_of_x, 2);
}

TEST(DuplicateDequantize, MustNotFireBecauseNobodyTakesTheCodes) {
  QuantizedNet n;
  const ValueId x = n.input({1, 4, 5, 5});
  n.b.output("a", n.op("GlobalAveragePool", {x}));
  const OptimizedGraph r = rewrite_with<DuplicateDequantize>(n.graph(n.op("Shape", {x})));
  EXPECT_THAT(reasons(r), Contains("no reader can take the codes into its kernel"));
}

TEST(FoldWeights, CodesAreKeptForKernelsAndFoldedWhereThereAreNone) {
  QuantizedNet n;
  const Graph graph = n.graph(n.op("MatMul", {n.input({4, 8}), n.weights({8, 6})}));
  const OptimizedGraph kept = rewrite_with<FoldConstants>(graph);
  EXPECT_EQ(operators(*kept.graph), operators(graph));
  EXPECT_THAT(reasons(kept), Contains(HasSubstr("kept until kernels over codes are formed")));
  EXPECT_EQ(operators(*rewrite_with<FoldWeights>(graph).graph),
            "QuantizeLinear DequantizeLinear MatMul");
}

TEST(FoldConstants, FoldsCodesThatOnlyFloatDataMeets) {
  QuantizedNet n;
  const OptimizedGraph r = rewrite_with<FoldConstants>(
      n.graph(n.op("MatMul", {n.b.input("x", f32({4, 8})), n.weights({8, 6})})));
  EXPECT_EQ(operators(*r.graph), "MatMul");
}

TEST(StitchMemoryBound, JoinsStepsBetweenCodes) {
  QuantizedNet n;
  const ValueId codes = n.quantize(n.b.input("x", f32({1, 64, 32, 32})));
  n.b.output("codes", codes);
  const ValueId y = n.quantize(n.op("HardSigmoid", {n.dequantize(codes)}));
  const OptimizedGraph r = rewrite_with<StitchMemoryBound>(n.graph(y));
  EXPECT_THAT(group_texts(r), Contains(HasSubstr("DequantizeLinear HardSigmoid QuantizeLinear")));
}

TEST(KeepChannelsLast, FollowsCodes) {
  QuantizedNet n;
  ValueId x = n.dequantize(n.quantize(n.op("Relu", {n.b.input("x", f32({1, 8, 9, 9}))})));
  x = n.dequantize(n.quantize(n.op("Conv", {x, n.weights({8, 8, 3, 3})})));
  x = n.op("Conv", {x, n.weights({8, 8, 3, 3})});
  const OptimizedGraph r = rewrite_with<KeepChannelsLast>(n.graph(n.op("Relu", {x})));
  for (ValueId id : r.graph->value_ids()) {
    const Value& value = r.graph->value(id);
    if (value.type.dtype != DataType::kUint8 || value.is_constant()) continue;
    EXPECT_EQ(r.decisions.layout_of(id), (std::vector<int>{0, 2, 3, 1})) << value.name;
  }
}

}  // namespace
}  // namespace kasuri::testing
