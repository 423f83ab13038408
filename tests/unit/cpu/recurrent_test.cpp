#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

struct Case {
  std::string op;
  std::string direction = "forward";
  int64_t linear = 0;
  bool bias = true, initial = true;
  int64_t steps = 5, batch = 3, input = 7, hidden = 9;
  int outputs = 3;
  std::map<std::string, Attribute> more = {};
};

std::shared_ptr<const Graph> build(const Case& c) {
  GraphBuilder g;
  g.opset("", 17);
  const int64_t d = c.direction == "bidirectional" ? 2 : 1;
  const int64_t gates = c.op == "LSTM" ? 4 : c.op == "GRU" ? 3 : 1;
  std::vector<ValueId> in = {
      g.input("x", floats({c.steps, c.batch, c.input})),
      g.constant("w", random_floats({d, gates * c.hidden, c.input}, 1)),
      g.constant("r", random_floats({d, gates * c.hidden, c.hidden}, 2)),
      c.bias ? g.constant("b", random_floats({d, 2 * gates * c.hidden}, 3)) : ValueId::none(),
      ValueId::none()};
  if (c.initial) {
    in.push_back(g.input("h0", floats({d, c.batch, c.hidden})));
    if (c.op == "LSTM") in.push_back(g.input("c0", floats({d, c.batch, c.hidden})));
  }
  std::map<std::string, Attribute> attributes = {{"hidden_size", c.hidden},
                                                 {"direction", c.direction}};
  if (c.op == "GRU") attributes["linear_before_reset"] = c.linear;
  attributes.insert(c.more.begin(), c.more.end());
  const int outputs = std::min(c.outputs, c.op == "LSTM" ? 3 : 2);
  const auto out = g.add({"", c.op}, "rec", in, outputs, attributes);
  for (int k = 0; k < outputs; ++k) g.output("y" + std::to_string(k), out[static_cast<size_t>(k)]);
  return finish(g);
}

TEST(CpuRecurrent, EveryKindAndDirection) {
  for (const char* op : {"LSTM", "GRU", "RNN"})
    for (const char* direction : {"forward", "reverse", "bidirectional"})
      for (int variant = 0; variant < 4; ++variant) {
        SCOPED_TRACE(std::string(op) + " " + direction + " " + std::to_string(variant));
        const auto graph = build({.op = op,
                                  .direction = direction,
                                  .linear = variant % 2,
                                  .bias = variant != 2,
                                  .initial = variant < 2,
                                  .batch = variant == 3 ? 1 : 3});
        const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
        EXPECT_EQ(plan->entry().steps[0].kind, StepKind::kKernel)
            << plan->entry().steps[0].fallback_reason;
      }
}

TEST(CpuRecurrent, ReluActivation) {
  const auto graph =
      build({.op = "RNN", .more = {{"activations", std::vector<std::string>{"Relu"}}}});
  EXPECT_EQ(expect_same(graph, {}, inputs_for(*graph))->entry().steps[0].kind, StepKind::kKernel);
}

TEST(CpuRecurrent, UnusualFormsGoToTheReferenceWithTheirReason) {
  const std::vector<std::pair<Case, std::string>> cases = {
      {{.op = "LSTM", .more = {{"clip", 0.5f}}}, "clipping"},
      {{.op = "LSTM", .more = {{"input_forget", int64_t{1}}}}, "coupled"},
      {{.op = "GRU", .more = {{"activations", std::vector<std::string>{"Tanh", "Sigmoid"}}}},
       "activations"}};
  for (const auto& [c, reason] : cases) {
    const auto graph = build(c);
    const PlanPointer plan = expect_same(graph, {}, inputs_for(*graph));
    EXPECT_EQ(plan->entry().steps[0].kind, StepKind::kLibrary);
    EXPECT_THAT(plan->entry().steps[0].fallback_reason, ::testing::HasSubstr(reason));
  }
}

}  // namespace
}  // namespace kasuri::testing
