#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

struct Case {
  std::string op = "Conv";
  std::vector<int64_t> x, w;
  std::map<std::string, Attribute> attributes;
  bool bias = true;
};

std::shared_ptr<const Graph> build(const Case& c, const std::vector<std::string>& epilogue = {}) {
  GraphBuilder g;
  g.opset("", 17);
  std::vector<ValueId> in = {g.input("x", floats(c.x)), g.constant("w", random_floats(c.w, 3))};
  const int64_t groups =
      c.attributes.contains("group") ? std::get<int64_t>(c.attributes.at("group")) : 1;
  const int64_t channels = c.op == "Conv" ? c.w[0] : c.w[1] * groups;
  if (c.bias) in.push_back(g.constant("b", random_floats({channels}, 4)));
  ValueId v = g.add({"", c.op}, "conv", in, 1, c.attributes)[0];
  for (const std::string& op : epilogue) {
    std::vector<ValueId> operands = {v};
    if (op == "Add") operands.push_back(g.input("r", g.peek().value(v).type));
    v = g.add({"", op}, op, operands)[0];
  }
  g.output("y", v);
  return finish(g);
}

using Ints = std::vector<int64_t>;

TEST(CpuConvolution, Variants) {
  const std::vector<Case> cases = {
      {.x = {1, 3, 9, 11}, .w = {8, 3, 3, 3}},
      {.x = {2, 16, 9, 9}, .w = {32, 16, 1, 1}, .bias = false},
      {.x = {1, 16, 9, 9},
       .w = {16, 1, 3, 3},
       .attributes = {{"group", int64_t{16}}, {"pads", Ints{1, 1, 1, 1}}}},
      {.x = {1, 8, 9, 9}, .w = {12, 2, 3, 3}, .attributes = {{"group", int64_t{4}}}},
      {.x = {1, 4, 13, 12},
       .w = {5, 4, 3, 2},
       .attributes = {{"dilations", Ints{2, 3}}, {"pads", Ints{0, 2, 1, 3}}}},
      {.x = {1, 4, 13, 12},
       .w = {5, 4, 3, 3},
       .attributes = {{"strides", Ints{2, 3}}, {"pads", Ints{1, 0, 2, 1}}}},
      {.x = {1, 4, 13, 12},
       .w = {5, 4, 3, 3},
       .attributes = {{"auto_pad", std::string("SAME_UPPER")}, {"strides", Ints{2, 2}}}},
      {.x = {1, 4, 13, 12},
       .w = {5, 4, 4, 4},
       .attributes = {{"auto_pad", std::string("SAME_LOWER")}}},
      {.x = {1, 4, 13, 12}, .w = {5, 4, 4, 4}, .attributes = {{"auto_pad", std::string("VALID")}}},
      {.x = {2, 6, 20}, .w = {7, 6, 3}, .attributes = {{"pads", Ints{2, 1}}, {"strides", Ints{2}}}},
      {.x = {1, 3, 5, 6, 7},
       .w = {4, 3, 3, 3, 3},
       .attributes = {{"pads", Ints{1, 1, 1, 1, 1, 1}}}},
      {.op = "ConvTranspose",
       .x = {1, 8, 7, 7},
       .w = {8, 6, 3, 3},
       .attributes = {{"strides", Ints{2, 2}},
                      {"pads", Ints{1, 1, 1, 1}},
                      {"output_padding", Ints{1, 1}}}},
      {.op = "ConvTranspose",
       .x = {1, 8, 7, 7},
       .w = {8, 3, 2, 2},
       .attributes = {{"strides", Ints{2, 2}}, {"group", int64_t{2}}}},
      {.op = "ConvTranspose",
       .x = {1, 8, 12},
       .w = {8, 5, 4},
       .attributes = {{"strides", Ints{2}}, {"pads", Ints{1, 1}}}},
  };
  for (size_t k = 0; k < cases.size(); ++k) {
    SCOPED_TRACE("case " + std::to_string(k));
    const auto graph = build(cases[k]);
    const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
    ASSERT_EQ(plan->entry().steps.size(), 1u);
    EXPECT_NE(plan->entry().steps[0].kind, StepKind::kLibrary)
        << plan->entry().steps[0].fallback_reason;
    const auto fused = build(cases[k], {"Relu"});
    EXPECT_EQ(expect_same(fused, grouped(*fused), inputs_for(*fused))->entry().steps.size(), 1u);
  }
}

TEST(CpuConvolution, TransposedToAMultipleOfTheInput) {
  for (const char* same : {"SAME_UPPER", "SAME_LOWER"})
    for (int64_t stride : {1, 2, 3})
      for (int64_t extra : {0, 1}) {
        SCOPED_TRACE(std::string(same) + " " + std::to_string(stride) + " " +
                     std::to_string(extra));
        if (extra >= stride) continue;
        const auto graph = build({.op = "ConvTranspose",
                                  .x = {1, 3, 5, 4},
                                  .w = {3, 4, 2, 3},
                                  .attributes = {{"auto_pad", std::string(same)},
                                                 {"strides", Ints{stride, 1}},
                                                 {"output_padding", Ints{extra, 0}}}});
        expect_same(graph, {}, inputs_for(*graph));
      }
}

TEST(CpuConvolution, ResidualInBothLayouts) {
  for (bool channels_last : {false, true}) {
    GraphBuilder g;
    g.opset("", 17);
    const ValueId x = g.input("x", floats({1, 16, 8, 8}));
    const ValueId c1 =
        g.add({"", "Conv"}, "c1", {x, g.constant("w1", random_floats({16, 16, 3, 3}, 1))}, 1,
              {{"pads", Ints{1, 1, 1, 1}}})[0];
    const ValueId c2 = g.add({"", "Conv"}, "c2",
                             {c1, g.constant("w2", random_floats({16, 16, 3, 3}, 2)),
                              g.constant("b2", random_floats({16}, 5))},
                             1, {{"pads", Ints{1, 1, 1, 1}}})[0];
    const ValueId sum = g.add({"", "Add"}, "sum", {c2, c1})[0];
    const ValueId relu = g.add({"", "Relu"}, "relu", {sum})[0];
    g.output("y", g.add({"", "Conv"}, "c3",
                        {relu, g.constant("w3", random_floats({4, 16, 1, 1}, 3))})[0]);
    const auto graph = finish(g);
    PlanDecisions decisions = grouped(*graph, {"c2", "sum", "relu"});
    for (const char* name : {"c1", "relu", "sum", "c2"}) {
      if (!channels_last) break;
      const ValueId value = graph->node(*graph->find_node(name)).outputs[0];
      ASSERT_TRUE(decisions.apply(SetLayout{value, {0, 2, 3, 1}}).ok());
    }
    const PlanPointer plan = expect_same(graph, decisions, inputs_for(*graph), 5e-5);
    EXPECT_EQ(plan->entry().steps.size(), 3u);
    if (channels_last) {
      EXPECT_EQ(plan->entry().steps[1].kernel->launches(), 1)
          << plan->entry().steps[1].kernel->description();
    }
  }
}

TEST(CpuConvolution, PerChannelScaleAndShiftAreFused) {
  GraphBuilder g;
  g.opset("", 17);
  const ValueId x = g.input("x", floats({1, 8, 6, 6}));
  ValueId v = g.add({"", "Conv"}, "conv", {x, g.constant("w", random_floats({16, 8, 1, 1}, 1))})[0];
  v = g.add({"", "Mul"}, "mul", {v, g.constant("s", random_floats({1, 16, 1, 1}, 2))})[0];
  v = g.add({"", "Add"}, "add", {v, g.constant("t", random_floats({16, 1, 1}, 3))})[0];
  const ValueId hs = g.add({"", "HardSigmoid"}, "hs", {v}, 1, {{"alpha", 1.f / 6}})[0];
  g.output("y", g.add({"", "Mul"}, "swish", {v, hs})[0]);
  const auto graph = finish(g);
  EXPECT_EQ(expect_same(graph, grouped(*graph), inputs_for(*graph))->entry().steps.size(), 1u);
}

TEST(CpuConvolution, EmptyBatchFallsBackWithAReason) {
  const auto graph = build({.x = {0, 3, 9, 9}, .w = {8, 3, 3, 3}});
  const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
  if (plan->entry().steps[0].kind == StepKind::kLibrary) {
    EXPECT_FALSE(plan->entry().steps[0].fallback_reason.empty());
  }
}

}  // namespace
}  // namespace kasuri::testing
