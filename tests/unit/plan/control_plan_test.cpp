#include <chrono>
#include <filesystem>
#include <thread>

#include "engine/ir/parser.h"
#include "engine/plan/dynamic_reason.h"
#include "engine/plan/plan_file.h"
#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

using ::testing::HasSubstr;

std::shared_ptr<const Graph> graph_from(const std::string& text) {
  auto graph = parse_graph(text);
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().text());
  auto typed = infer_graph(std::move(*graph));
  EXPECT_TRUE(typed.ok()) << (typed.ok() ? "" : typed.error().text());
  return std::make_shared<const Graph>(std::move(*typed));
}

PlanDecisions views() {
  PlanDecisions decisions;
  for (MemoryOption option : {MemoryOption::kAliasViews, MemoryOption::kConcatInPlace})
    EXPECT_TRUE(decisions.apply(EnableMemory{option}).ok());
  return decisions;
}

const PlanStep* control_step(const Plan& plan) {
  for (const PlanStep& step : plan.entry().steps)
    if (step.kind == StepKind::kControl) return &step;
  return nullptr;
}

/// Reference and CPU agree, with and without views; gives the CPU's plan.
PlanPointer expect_control(const std::shared_ptr<const Graph>& graph, const Inputs& inputs) {
  const PlanPointer plan = expect_same(graph, {}, inputs);
  expect_same(graph, views(), inputs);
  EXPECT_NE(control_step(*plan), nullptr)
      << (plan->entry().steps.empty() ? "" : plan->entry().steps.back().fallback_reason);
  return plan;
}

/// A recurrent cell: h = tanh(x[t] W + h U), with a weight and an input from outside.
constexpr const char* kCell = R"(
graph "cell" {
  opset "" 17
  input %x : float32[5,4]
  input %h : float32[1,8]
  const %w = float32[4,8] seed
  const %u = float32[8,8] seed
  const %n = int64[] {5}
  %last, %all = Loop(%n, _, %h) {body=graph "step" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %state : float32[1,8]
    capture %x : float32[5,4]
    capture %w : float32[4,8]
    capture %u : float32[8,8]
    const %front = int64[1] {0}
    %row = Gather(%x, %t) {axis=0}
    %one = Unsqueeze(%row, %front)
    %in = MatMul(%one, %w)
    %back = MatMul(%state, %u)
    %sum = Add(%in, %back)
    %next = Tanh(%sum)
    %seen = Identity(%next)
    %on = Identity(%go)
    output "on" = %on
    output "next" = %next
    output "seen" = %seen
  }}
  %half = Mul(%last, %last)
  output "half" = %half
  output "all" = %all
}
)";

TEST(ControlPlan, LoopRunsItsBodyCompiled) {
  const auto graph = graph_from(kCell);
  const PlanPointer plan = expect_control(graph, inputs_for(*graph));
  const PlanStep& loop = *control_step(*plan);
  ASSERT_EQ(loop.bodies.size(), 1u);
  const PlanEntry& body = loop.bodies[0].plan->entry();
  EXPECT_EQ(body.captures.size(), 1u) << "weights are constants inside";
  for (const PlanStep& step : body.steps)
    EXPECT_NE(step.kind, StepKind::kLibrary) << step.name << ": " << step.fallback_reason;
}

TEST(ControlPlan, ConditionsThatStayTrueTellTheNumberOfTurns) {
  std::string cast = kCell;
  cast.replace(cast.find("Identity(%go)"), 13, "Cast(%go) {to=9}");
  const auto graph = graph_from(cast);
  EXPECT_EQ(graph->value(*graph->find_value("all")).type.text(), "float32[5,1,8]");
  expect_control(graph, inputs_for(*graph));
}

TEST(ControlPlan, FrameIsPartOfThePlannedMemory) {
  const auto graph = graph_from(kCell);
  const PlanPointer plan = run_plan(graph, {}, inputs_for(*graph)).plan;
  const PlanStep& loop = *control_step(*plan);
  const PlanBody& body = loop.bodies[0];
  EXPECT_GE(body.frame_bytes, body.plan->entry().memory.arena_bytes + 3 * 64);
  EXPECT_EQ(loop.workspace_bytes, body.frame_bytes);
  EXPECT_GE(plan->entry().memory.live_bytes[loop.id.index()], body.frame_bytes);
  EXPECT_GE(plan->entry().memory.arena_bytes, loop.workspace_offset + body.frame_bytes);
}

TEST(ControlPlan, HashFollowsTheBody) {
  const auto hash = [](std::string text) {
    const auto graph = graph_from(text);
    return run_plan(graph, {}, inputs_for(*graph)).plan->hash();
  };
  std::string other = kCell;
  other.replace(other.find("Tanh("), 5, "Relu(");
  EXPECT_TRUE(hash(kCell) == hash(kCell));
  EXPECT_FALSE(hash(kCell) == hash(other));
}

TEST(ControlPlan, ReferencePlansHaveNoBodies) {
  const auto graph = graph_from(kCell);
  const PlanPointer plan = run_plan(graph, {}, inputs_for(*graph), {.reference_only = true}).plan;
  EXPECT_EQ(control_step(*plan), nullptr);
}

TEST(ControlPlan, SavedPlanRunsTheSame) {
  const auto graph = graph_from(kCell);
  const std::string path = "/tmp/kasuri_control_" + std::to_string(::getpid()) + ".kplan";
  ASSERT_TRUE(save_plan(path, {.graph = graph, .decisions = views()}).ok());
  const auto loaded = load_plan(path);
  std::filesystem::remove(path);
  ASSERT_TRUE(loaded.ok()) << loaded.error().text();
  const Outcome a = run_plan(graph, views(), inputs_for(*graph));
  const Outcome b = run_plan(loaded->graph, loaded->decisions, inputs_for(*graph));
  EXPECT_TRUE(a.plan->hash() == b.plan->hash());
  for (size_t k = 0; k < a.outputs.size(); ++k)
    EXPECT_EQ(a.outputs[k].tensor().fingerprint(), b.outputs[k].tensor().fingerprint());
}

/// Carried values change places each turn, one of them through nothing at all.
TEST(ControlPlan, CarriedValuesMayChangePlaces) {
  const auto graph = graph_from(R"(
graph "swap" {
  opset "" 17
  input %x : float32[3]
  input %y : float32[3]
  input %z : float32[3]
  const %n = int64[] {4}
  %a, %b, %c, %s = Loop(%n, _, %x, %y, %z) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %p : float32[3]
    input %q : float32[3]
    input %r : float32[3]
    %sum = Add(%p, %r)
    output "go" = %go
    output "p" = %q
    output "q" = %sum
    output "r" = %p
    output "s" = %p
  }}
  output "a" = %a
  output "b" = %b
  output "c" = %c
  output "s" = %s
})");
  expect_control(graph, inputs_for(*graph));
}

/// Ends by its condition; how many turns there are shows only at run time.
constexpr const char* kUntil = R"(
graph "until" {
  opset "" 17
  input %x : float32[2]
  input %n : int64[]
  input %first : bool[]
  %y, %seen = Loop(%n, %first, %x) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %v : float32[2]
    const %two = float32[] {2}
    const %limit = float32[] {40}
    %w = Mul(%v, %two)
    %size = ReduceMax(%w) {keepdims=0}
    %on = Less(%size, %limit)
    output "on" = %on
    output "w" = %w
    output "seen" = %w
  }}
  %z = Add(%y, %x)
  output "z" = %z
  output "seen" = %seen
})";

Inputs until_inputs(int64_t trips, bool first) {
  return {{"x", Tensor::of<float>({2}, {1, 1.5F})},
          {"n", Tensor::scalar<int64_t>(trips)},
          {"first", Tensor::make(DataType::kBool, {}, [first](auto b) {
             b[0] = std::byte{static_cast<unsigned char>(first)};
           })}};
}

TEST(ControlPlan, LoopEndsByConditionOrCount) {
  const auto graph = graph_from(kUntil);
  for (int64_t trips : {int64_t{100}, int64_t{3}, int64_t{1}, int64_t{0}, int64_t{-1}})
    expect_control(graph, until_inputs(trips, true));
  expect_control(graph, until_inputs(5, false));
  const PlanPointer plan = run_plan(graph, {}, until_inputs(5, true)).plan;
  EXPECT_THAT(why_dynamic(plan->entry(), *control_step(*plan)), HasSubstr("'seen'"));
}

/// The carried value grows; the second form claims it does not.
std::string growing(const std::string& claimed) {
  return R"(
graph "grow" {
  opset "" 17
  input %x : float32[1]
  const %n = int64[] {6}
  %y = Loop(%n, _, %x) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %v : float32[)" +
         claimed + R"(]
    %w = Concat(%v, %v) {axis=0}
    output "go" = %go
    output "w" = %w
  }}
  output "y" = %y
})";
}

TEST(ControlPlan, GrowingValuesAreDynamicAndSayWhy) {
  const auto graph = graph_from(growing("?"));
  const PlanPointer plan = expect_control(graph, inputs_for(*graph));
  const PlanStep& loop = *control_step(*plan);
  const PlanEntry& body = loop.bodies[0].plan->entry();
  EXPECT_THAT(why_dynamic(plan->entry(), loop), HasSubstr("depends on data"));
  EXPECT_THAT(why_dynamic(body, body.steps.at(0)), HasSubstr("known only at run time"));
}

TEST(ControlPlan, FalseClaimsGoToTheLibrary) {
  const auto graph = graph_from(growing("1"));
  const Outcome truth = run_plan(graph, {}, inputs_for(*graph), {.reference_only = true});
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  ASSERT_TRUE(plan.ok()) << plan.error().text();
  ASSERT_NE(control_step(**plan), nullptr);
  const auto executor = Executor::create(*plan, set.library, 1);
  for (int round = 0; round < 2; ++round) {
    const auto outputs = (*executor)->run(inputs_for(*graph), {});
    ASSERT_TRUE(outputs.ok()) << outputs.error().text();
    EXPECT_EQ((*outputs)[0].tensor().extents(), (std::vector<int64_t>{64}));
    EXPECT_EQ((*outputs)[0].tensor().fingerprint(), truth.outputs[0].tensor().fingerprint());
    EXPECT_THAT((*executor)->misfits()[0], HasSubstr("planned was float32[1]"));
  }
}

TEST(ControlPlan, ScanCutsAndPastesAlongAnyAxisBothWays) {
  for (const char* ways : {"scan_input_axes=[0,1], scan_output_axes=[0,1]",
                           "scan_input_axes=[0,1], scan_input_directions=[1,0], "
                           "scan_output_axes=[0,-1], scan_output_directions=[0,1]"}) {
    const auto graph = graph_from(R"(
graph "scan" {
  opset "" 17
  input %h : float32[3]
  input %x : float32[4,3]
  input %y : float32[3,4]
  input %c : float32[3]
  %last, %a, %b = Scan(%h, %x, %y) {num_scan_inputs=2, )" +
                                  std::string(ways) + R"(, body=graph "step" {
    opset "" 17
    input %s : float32[3]
    input %p : float32[3]
    input %q : float32[3]
    capture %c : float32[3]
    %m = Mul(%p, %c)
    %n = Add(%s, %m)
    %o = Sub(%n, %q)
    output "n" = %n
    output "a" = %o
    output "b" = %q
  }}
  output "last" = %last
  output "a" = %a
  output "b" = %b
})");
    expect_control(graph, inputs_for(*graph));
  }
}

/// If in a Loop in an If; branches of different shapes.
TEST(ControlPlan, BodiesNest) {
  const auto graph = graph_from(R"(
graph "nested" {
  opset "" 17
  input %x : float32[2,3]
  input %yes : bool[]
  const %n = int64[] {4}
  const %odd = int64[] {2}
  %y = If(%yes) {then_branch=graph "then" {
    opset "" 17
    capture %x : float32[2,3]
    capture %n : int64[]
    capture %odd : int64[]
    %z = Loop(%n, _, %x) {body=graph "turn" {
      opset "" 17
      input %t : int64[]
      input %go : bool[]
      input %v : float32[2,3]
      capture %x : float32[2,3]
      capture %odd : int64[]
      const %zero = int64[] {0}
      %rest = Mod(%t, %odd)
      %even = Equal(%rest, %zero)
      %w = If(%even) {then_branch=graph "even" {
        opset "" 17
        capture %v : float32[2,3]
        %r = Exp(%v)
        output "r" = %r
      }, else_branch=graph "odd" {
        opset "" 17
        capture %v : float32[2,3]
        capture %x : float32[2,3]
        %r = Sub(%x, %v)
        output "r" = %r
      }}
      output "go" = %go
      output "w" = %w
    }}
    output "z" = %z
  }, else_branch=graph "else" {
    opset "" 17
    capture %x : float32[2,3]
    %z = ReduceSum(%x) {keepdims=0}
    output "z" = %z
  }}
  output "y" = %y
})");
  for (bool yes : {true, false}) {
    Inputs inputs = {{"x", random_floats({2, 3}, 3)},
                     {"yes", Tensor::make(DataType::kBool, {}, [yes](auto b) {
                        b[0] = std::byte{static_cast<unsigned char>(yes)};
                      })}};
    expect_control(graph, inputs);
  }
}

TEST(ControlPlan, ErrorsAreTheLibrarys) {
  const auto graph = graph_from(R"(
graph "wrong" {
  opset "" 17
  input %x : float32[3]
  const %n = int64[] {9}
  %y = Loop(%n, _, %x) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %v : float32[3]
    capture %x : float32[3]
    %one = Gather(%x, %t) {axis=0}
    %w = Add(%v, %one)
    output "go" = %go
    output "w" = %w
  }}
  output "y" = %y
})");
  const BackendSet set = backends();
  const auto message = [&](bool reference) {
    const auto plan = make_plan(graph, {}, set, {.reference_only = reference}, {});
    const auto executor = Executor::create(*plan, set.library, 1);
    const auto result = (*executor)->run(inputs_for(*graph), {});
    return result.ok() ? std::string("ran") : result.error().text();
  };
  EXPECT_EQ(message(false), message(true));
  EXPECT_THAT(message(false), HasSubstr("running 'y' (Loop)"));
}

TEST(ControlPlan, LoopsWithoutEndAreCancelled) {
  const auto graph = graph_from(R"(
graph "forever" {
  opset "" 17
  input %x : float32[3]
  %y = Loop(_, _, %x) {body=graph "turn" {
    opset "" 17
    input %t : int64[]
    input %go : bool[]
    input %v : float32[3]
    output "go" = %go
    output "v" = %v
  }}
  output "y" = %y
})");
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  ASSERT_NE(control_step(**plan), nullptr);
  const auto executor = Executor::create(*plan, set.library, 1);
  const TaskContext context;
  std::thread stop([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    context.cancel.cancel();
  });
  const auto result = (*executor)->run(inputs_for(*graph), context);
  stop.join();
  ASSERT_FALSE(result.ok());
  EXPECT_EQ(result.error().kind(), ErrorKind::kCancelled);
}

class BodyCounter final : public ExecutionObserver {
 public:
  void on_step_begin(const PlanStep&) override { ++steps; }
  void on_step_end(const PlanStep&) override {}
  bool wants_bodies() const override { return true; }
  void on_body_begin(const PlanBody&) override { ++depth; }
  void on_body_end(const PlanBody& body) override {
    --depth;
    ++iterations[body.name];
  }
  void on_body_step_begin(const PlanStep& step) override {
    EXPECT_EQ(depth, 1);
    ++calls[step.name];
  }
  int steps = 0, depth = 0;
  std::map<std::string, int> iterations, calls;
};

TEST(ControlPlan, ObserverSeesIterationsAndTheirSteps) {
  const auto graph = graph_from(kCell);
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  const auto executor = Executor::create(*plan, set.library, 1);
  BodyCounter counter;
  ASSERT_TRUE((*executor)->run(inputs_for(*graph), {}, &counter).ok());
  EXPECT_EQ(counter.steps, static_cast<int>((*plan)->entry().steps.size()));
  EXPECT_EQ(counter.iterations, (std::map<std::string, int>{{"body", 5}}));
  EXPECT_EQ(counter.calls.at("next"), 5);
  EXPECT_EQ(counter.depth, 0);
}

TEST(DynamicMemory, IsMeasuredInObservedRuns) {
  const auto graph = graph_from(R"(
graph "dynamic" {
  opset "" 17
  input %x : float32[8]
  %at = NonZero(%x)
  %turned = Transpose(%at)
  output "turned" = %turned
})");
  const BackendSet set = backends();
  const auto plan = make_plan(graph, {}, set, {}, {});
  const auto executor = Executor::create(*plan, set.library, 1);
  BodyCounter counter;
  const Inputs inputs = {{"x", Tensor::of<float>({8}, {0, 1, 0, 2, 3, 0, 0, 4})}};
  ASSERT_TRUE((*executor)->run(inputs, {}, &counter).ok());
  const DynamicMemory& memory = (*executor)->dynamic_memory();
  EXPECT_EQ(memory.live_bytes, (std::vector<int64_t>{32, 64}));
  EXPECT_EQ(memory.peak_bytes(), 64);
  const auto& steps = (*plan)->entry().steps;
  EXPECT_THAT(why_dynamic((*plan)->entry(), steps[0]), HasSubstr("'at' depends on data"));
  EXPECT_THAT(why_dynamic((*plan)->entry(), steps[1]), HasSubstr("it reads 'at'"));
}

}  // namespace
}  // namespace kasuri::testing
