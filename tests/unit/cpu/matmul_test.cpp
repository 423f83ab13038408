#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

std::string backend_of(const PlanPointer& plan, size_t step = 0) {
  const auto& steps = plan->entry().steps;
  return step < steps.size() && steps[step].kernel ? steps[step].kernel->description() : "none";
}

/// x: [..] times a constant or an input, one node.
PlanPointer multiply(const std::vector<int64_t>& a, const std::vector<int64_t>& b, bool constant,
                     int threads = 1) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats(a));
  const ValueId w = constant ? g.constant("w", random_floats(b, 9)) : g.input("w", floats(b));
  g.output("y", g.add({"", "MatMul"}, "mm", {x, w})[0]);
  const auto graph = finish(g);
  return expect_same(graph, {}, inputs_for(*graph), 2e-5, threads);
}

/// Matrices `scale` times as high and wide; batches stay.
std::vector<int64_t> larger(std::vector<int64_t> extents, int64_t scale) {
  for (size_t k = extents.size() > 2 ? extents.size() - 2 : 0; k < extents.size(); ++k)
    extents[k] *= scale;
  return extents;
}

TEST(CpuMatmul, Shapes) {
  for (bool constant : {false, true})
    for (int64_t scale : {1, 16}) {
      const auto check = [&](const std::vector<int64_t>& a, const std::vector<int64_t>& b) {
        multiply(larger(a, scale), larger(b, scale), constant);
      };
      check({5, 7}, {7, 3});
      check({1, 64}, {64, 33});
      check({2, 3, 16}, {16, 8});
      check({2, 3, 16}, {2, 16, 8});
      check({2, 1, 5, 16}, {3, 16, 8});
      check({16}, {16, 8});
      check({4, 16}, {16});
      check({3, 4, 16}, {16});
      check({16}, {2, 16, 8});
      check({1, 1}, {1, 1});
    }
}

TEST(CpuMatmul, TheLibraryIsCalledWhereItIsWorthTheCall) {
  for (bool constant : {false, true}) {
    EXPECT_THAT(backend_of(multiply({32, 32}, {32, 32}, constant)), ::testing::HasSubstr("onednn"));
    EXPECT_THAT(backend_of(multiply({8, 32}, {32, 16}, constant)), ::testing::HasSubstr("jit"));
  }
}

TEST(CpuMatmul, TwoThreads) { multiply({64, 96}, {96, 128}, true, 2); }

TEST(CpuMatmul, TwoVectorsStillRun) { multiply({16}, {16}, false); }

TEST(CpuMatmul, PackedWeightsAreAbsorbed) {
  const PlanPointer plan = multiply({32, 64}, {64, 96}, true);
  if (plan->entry().memory.packed_weights_bytes > 0) {
    EXPECT_EQ(plan->entry().memory.weights_bytes, 0);
  }
}

TEST(CpuGemm, AlphaBetaTransposesAndC) {
  for (int trans = 0; trans < 4; ++trans)
    for (const std::vector<int64_t>& c :
         std::vector<std::vector<int64_t>>{{}, {50}, {1, 50}, {40, 1}, {40, 50}})
      for (const auto& [alpha, beta] :
           std::vector<std::pair<float, float>>{{1, 1}, {0.5f, 1}, {1, 2}, {0.3f, 0}}) {
        GraphBuilder g;
        g.opset("", 17);
        const bool ta = trans & 1, tb = trans & 2;
        const ValueId a =
            g.input("a", floats(ta ? std::vector<int64_t>{60, 40} : std::vector<int64_t>{40, 60}));
        const ValueId b = g.constant(
            "b",
            random_floats(tb ? std::vector<int64_t>{50, 60} : std::vector<int64_t>{60, 50}, 3));
        const ValueId bias = g.input("c", floats(c));
        g.output("y", g.add({"", "Gemm"}, "gemm", {a, b, bias}, 1,
                            {{"alpha", alpha},
                             {"beta", beta},
                             {"transA", int64_t{ta}},
                             {"transB", int64_t{tb}}})[0]);
        const auto graph = finish(g);
        const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
        SCOPED_TRACE("alpha " + std::to_string(alpha) + " beta " + std::to_string(beta) +
                     " c rank " + std::to_string(c.size()) + " " + backend_of(plan));
        if (HasFailure()) FAIL();
        EXPECT_NE(plan->entry().steps[0].kind, StepKind::kLibrary)
            << plan->entry().steps[0].fallback_reason;
      }
}

using Chain = std::vector<std::function<ValueId(GraphBuilder&, ValueId)>>;

ValueId node(GraphBuilder& g, const std::string& op, std::vector<ValueId> in,
             std::map<std::string, Attribute> attributes = {}) {
  return g.add({"", op}, op, std::move(in), 1, std::move(attributes))[0];
}
ValueId number(GraphBuilder& g, float value) { return g.constant("c", Tensor::scalar(value)); }

PlanPointer with_epilogue(const std::function<ValueId(GraphBuilder&, ValueId)>& epilogue,
                          double tolerance = 2e-5) {
  GraphBuilder g;
  g.opset("", 20);
  const ValueId x = g.input("x", floats({2, 24, 32}));
  const ValueId w = g.constant("w", random_floats({32, 48}, 5));
  g.output("y", epilogue(g, g.add({"", "MatMul"}, "mm", {x, w})[0]));
  const auto graph = finish(g);
  const PlanPointer plan = expect_same(graph, grouped(*graph), inputs_for(*graph), tolerance);
  EXPECT_EQ(plan->entry().steps.size(), 1u) << plan->entry().steps.back().fallback_reason;
  return plan;
}

TEST(CpuEpilogue, BiasAndActivations) {
  for (const char* op : {"Relu", "Sigmoid", "Tanh", "Softplus", "Elu", "LeakyRelu", "HardSigmoid",
                         "HardSwish", "Gelu", "Mish", "Abs", "Neg", "Erf", "Softsign"}) {
    SCOPED_TRACE(op);
    with_epilogue([&](GraphBuilder& g, ValueId v) {
      const ValueId bias = g.constant("bias", random_floats({48}, 8));
      return node(g, op, {node(g, "Add", {bias, v})});
    });
  }
}

TEST(CpuEpilogue, SpelledOutGeluIsOneNestBehindTheProduct) {
  const PlanPointer plan = with_epilogue([](GraphBuilder& g, ValueId v) {
    const ValueId erf = node(g, "Erf", {node(g, "Div", {v, number(g, 1.41421354f)})});
    const ValueId one = node(g, "Add", {erf, number(g, 1)});
    return node(g, "Mul", {node(g, "Mul", {v, one}), number(g, 0.5f)});
  });
  EXPECT_EQ(plan->entry().steps[0].kernel->launches(), 2) << backend_of(plan);
}

TEST(CpuEpilogue, TanhGelu) {
  with_epilogue([](GraphBuilder& g, ValueId v) {
    const ValueId cube = node(g, "Mul", {node(g, "Pow", {v, number(g, 3)}), number(g, 0.044715f)});
    const ValueId t = node(
        g, "Tanh", {node(g, "Mul", {node(g, "Add", {v, cube}), number(g, 0.7978845834732056f)})});
    return node(g, "Mul",
                {node(g, "Mul", {v, number(g, 0.5f)}), node(g, "Add", {t, number(g, 1)})});
  });
}

TEST(CpuEpilogue, AlmostGeluIsNotTakenForGelu) {
  with_epilogue([](GraphBuilder& g, ValueId v) {
    const ValueId erf = node(g, "Erf", {node(g, "Div", {v, number(g, 1.5f)})});
    return node(g, "Mul", {v, node(g, "Add", {erf, number(g, 1)})});
  });
}

TEST(CpuEpilogue, SiluAndResidual) {
  with_epilogue([](GraphBuilder& g, ValueId v) {
    const ValueId silu = node(g, "Mul", {v, node(g, "Sigmoid", {v})});
    return node(g, "Add", {silu, g.input("r", floats({2, 24, 48}))});
  });
}

TEST(CpuEpilogue, ScalarsOnEitherSide) {
  with_epilogue([](GraphBuilder& g, ValueId v) {
    v = node(g, "Sub", {number(g, 2), v});
    v = node(g, "Div", {v, number(g, 3)});
    v = node(g, "Mul", {number(g, 0.25f), v});
    return node(g, "Clip", {v, number(g, -0.5f), number(g, 0.6f)});
  });
}

TEST(CpuEpilogue, BroadcastRowsFallToTheNest) {
  with_epilogue([](GraphBuilder& g, ValueId v) {
    v = node(g, "Add", {v, g.input("rows", floats({24, 1}))});
    return node(g, "Mul", {v, g.input("batch", floats({2, 1, 1}))});
  });
}

TEST(CpuEpilogue, IntermediateNeededOutside) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({8, 16}));
  const ValueId mm =
      g.add({"", "MatMul"}, "mm", {x, g.constant("w", random_floats({16, 8}, 2))})[0];
  const ValueId relu = node(g, "Relu", {mm});
  g.output("mm", mm);
  g.output("y", node(g, "Tanh", {relu}));
  const auto graph = finish(g);
  const PlanPointer plan = expect_same(graph, grouped(*graph), inputs_for(*graph));
  EXPECT_EQ(plan->entry().steps.size(), 1u);
}

TEST(CpuViews, AttentionWithoutCopies) {
  GraphBuilder g;
  g.opset("", 17);
  const int64_t b = 2, s = 6, h = 3, d = 8;
  const ValueId qkv = g.input("qkv", floats({b, s, 3 * h * d}));
  const auto parts =
      g.add({"", "Split"}, "split",
            {qkv, g.constant("sizes", Tensor::of<int64_t>({3}, {h * d, h * d, h * d}))}, 3,
            {{"axis", int64_t{2}}});
  const ValueId shape = g.constant("shape", Tensor::of<int64_t>({4}, {b, s, h, d}));
  const auto heads = [&](ValueId v, const std::string& name, std::vector<int64_t> perm) {
    const ValueId r = g.add({"", "Reshape"}, name + "r", {v, shape})[0];
    return g.add({"", "Transpose"}, name + "t", {r}, 1, {{"perm", std::move(perm)}})[0];
  };
  const ValueId q = heads(parts[0], "q", {0, 2, 1, 3}), k = heads(parts[1], "k", {0, 2, 3, 1});
  const ValueId v = heads(parts[2], "v", {0, 2, 1, 3});
  const ValueId scores = g.add({"", "MatMul"}, "qk", {q, k})[0];
  const ValueId mixed = g.add({"", "MatMul"}, "pv", {scores, v})[0];
  const ValueId back =
      g.add({"", "Transpose"}, "bt", {mixed}, 1, {{"perm", std::vector<int64_t>{0, 2, 1, 3}}})[0];
  g.output("y", g.add({"", "Reshape"}, "br",
                      {back, g.constant("flat", Tensor::of<int64_t>({3}, {b, s, h * d}))})[0]);
  const auto graph = finish(g);
  PlanDecisions decisions;
  const auto form = [&](std::vector<std::string> names, std::vector<std::string> absorbed) {
    Group group;
    group.id = decisions.next_group_id();
    group.kind = "attention";
    for (const auto& n : names) group.nodes.push_back(*graph->find_node(n));
    for (const auto& n : absorbed) group.absorbed.push_back(*graph->find_node(n));
    ASSERT_TRUE(decisions.apply(FormGroup{group, {}}).ok());
  };
  form({"qk"}, {"split", "qr", "qt", "kr", "kt"});
  form({"pv", "bt", "br"}, {"split", "vr", "vt"});
  const PlanPointer plan = expect_same(graph, decisions, inputs_for(*graph));
  EXPECT_EQ(plan->entry().steps.size(), 2u);
}

}  // namespace
}  // namespace kasuri::testing
