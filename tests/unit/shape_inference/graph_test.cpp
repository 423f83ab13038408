#include <chrono>

#include "engine/ir/op_catalogue.h"
#include "engine/ir/verifier.h"
#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;

ValueType floats(Shape shape) { return ValueType::tensor(DataType::kFloat, std::move(shape)); }

GraphPointer finished(GraphBuilder& builder) {
  auto graph = builder.take();
  if (!graph.ok()) fail(graph.error().text());
  return std::make_shared<const Graph>(std::move(graph).value());
}

/// A branch that applies `op` to captured `x`.
GraphPointer branch(const std::string& op, std::map<std::string, Attribute> attributes = {}) {
  GraphBuilder b(op);
  b.opset("", 17);
  const ValueId x = b.capture("x", {});
  b.output("y", b.add({"", op}, "inner", {x}, 1, std::move(attributes))[0]);
  return finished(b);
}

std::string output_type(const Result<Graph>& graph, size_t i = 0) {
  if (!graph.ok()) return "error: " + graph.error().text();
  return graph->value(graph->outputs()[i].value).type.text();
}

Result<Graph> with_if(GraphPointer yes, GraphPointer no, std::optional<bool> known = std::nullopt) {
  GraphBuilder b;
  b.opset("", 17);
  b.input("x", floats({2, 3}));
  const ValueId condition =
      known ? b.constant("c", Tensor::make(DataType::kBool, {},
                                           [&](auto out) { out[0] = std::byte(*known); }))
            : b.input("c", ValueType::tensor(DataType::kBool, Shape{}));
  b.output("y", b.add({"", "If"}, "choice", {condition}, 1,
                      {{"then_branch", yes}, {"else_branch", no}})[0]);
  return infer_graph(*finished(b));
}

TEST(ControlFlowShapes, IfWidensToWhatHoldsForBothBranches) {
  const auto relu = branch("Relu");
  const auto first_axis = branch("ReduceSum");
  EXPECT_EQ(output_type(with_if(relu, relu)), "float32[2,3]");
  EXPECT_EQ(output_type(with_if(relu, first_axis)), "float32[?,?]");
  EXPECT_EQ(output_type(with_if(relu, first_axis, false)), "float32[1,1]");
}

TEST(ControlFlowShapes, AWrongBranchMattersOnlyIfItCanBeTaken) {
  const auto wrong = branch("Squeeze", {{"axes", std::vector<int64_t>{0}}});
  EXPECT_EQ(output_type(with_if(branch("Relu"), wrong, true)), "float32[2,3]");
  EXPECT_THAT(output_type(with_if(branch("Relu"), wrong)), HasSubstr("has extent 2"));
}

TEST(ControlFlowShapes, BodiesAreTypedToo) {
  const auto graph = with_if(branch("Relu"), branch("Relu"));
  ASSERT_TRUE(graph.ok());
  const Node& choice = graph->node(graph->value(graph->outputs()[0].value).producer);
  const GraphPointer body = choice.get_graph("then_branch");
  EXPECT_EQ(body->value(body->outputs()[0].value).type.text(), "float32[2,3]");
}

TEST(ControlFlowShapes, CapturesOfABodyThatCannotBeTypedFollowTheOutside) {
  const auto wrong = branch("Squeeze", {{"axes", std::vector<int64_t>{0}}});
  GraphBuilder outer("nested");
  outer.opset("", 17);
  const ValueId x = outer.capture("x", {});
  const ValueId c = outer.constant(
      "d", Tensor::make(DataType::kBool, {}, [](auto out) { out[0] = std::byte(1); }));
  outer.add({"", "If"}, "inner", {c}, 1, {{"then_branch", wrong}, {"else_branch", wrong}});
  outer.output("z",
               outer.add({"", "Squeeze"}, "wrong", {x}, 1, {{"axes", std::vector<int64_t>{0}}})[0]);
  const auto graph = with_if(branch("Relu"), finished(outer), true);
  ASSERT_TRUE(graph.ok());
  const Status sound = verify_graph(*graph);
  EXPECT_TRUE(sound.ok()) << sound.error().text();
  const Node& choice = graph->node(graph->value(graph->outputs()[0].value).producer);
  const GraphPointer nested = choice.get_graph("else_branch");
  EXPECT_EQ(nested->value(nested->captures()[0]).type.text(), "float32[2,3]");
}

/// for (i < trips) { total = total ++ x; emit total; }, or with x merely passed through.
Result<Graph> with_loop(bool growing) {
  GraphBuilder inner("body");
  inner.opset("", 17);
  inner.input("i", ValueType::tensor(DataType::kInt64, Shape{}));
  const ValueId go = inner.input("go", ValueType::tensor(DataType::kBool, Shape{}));
  const ValueId total = inner.input("total", {});
  const ValueId x = inner.capture("x", {});
  const auto next = growing
                        ? inner.add({"", "Concat"}, "next", {total, x}, 1, {{"axis", int64_t{0}}})
                        : inner.add({"", "Add"}, "next", {total, x});
  inner.output("go_on", go);
  inner.output("total_out", next[0]);
  inner.output("scanned", next[0]);
  GraphBuilder b;
  b.opset("", 17);
  const ValueId start = b.input("x", floats({2, 3}));
  const ValueId trips = b.constant("trips", Tensor::scalar<int64_t>(5));
  const auto out =
      b.add({"", "Loop"}, "loop", {trips, ValueId::none(), start}, 2, {{"body", finished(inner)}});
  b.output("final", out[0]);
  b.output("all", out[1]);
  return infer_graph(*finished(b));
}

TEST(ControlFlowShapes, LoopFindsATypeThatHoldsForEveryTurn) {
  EXPECT_EQ(output_type(with_loop(false), 0), "float32[2,3]");
  EXPECT_EQ(output_type(with_loop(false), 1), "float32[5,2,3]");
  EXPECT_EQ(output_type(with_loop(true), 0), "float32[?,3]");
  EXPECT_EQ(output_type(with_loop(true), 1), "float32[5,?,3]");
}

TEST(GraphShapes, FollowsShapeArithmetic) {
  GraphBuilder b;
  b.opset("", 17);
  const ValueId x = b.input("x", floats({2, 3, 4}));
  const ValueId shape = b.add({"", "Shape"}, "shape", {x})[0];
  const ValueId zero = b.constant("zero", Tensor::of<int64_t>({1}, {0}));
  const ValueId minus = b.constant("minus", Tensor::of<int64_t>({1}, {-1}));
  const ValueId batch = b.add({"", "Gather"}, "batch", {shape, zero})[0];
  const ValueId doubled = b.add({"", "Add"}, "doubled", {batch, batch})[0];
  const ValueId target =
      b.add({"", "Concat"}, "target", {doubled, minus}, 1, {{"axis", int64_t{0}}})[0];
  b.output("y", b.add({"", "Reshape"}, "y", {x, target})[0]);
  EXPECT_EQ(output_type(infer_graph(*finished(b))), "float32[4,6]");
}

TEST(GraphShapes, DeclaredTypesFillGapsAndErrorsNameTheNode) {
  const ValueType merged = merge_types(floats({Dim(), 3}), floats({7, 4}));
  EXPECT_EQ(merged.text(), "float32[7,3]");
  EXPECT_EQ(merge_types({}, floats({7})).text(), "float32[7]");
  GraphBuilder b;
  b.opset("", 17);
  b.output("y",
           b.add({"", "Add"}, "broken", {b.input("x", floats({2})), b.input("z", floats({3}))})[0]);
  EXPECT_THAT(output_type(infer_graph(*finished(b))), HasSubstr("node 'broken' (Add, opset 17)"));
}

TEST(GraphShapes, SixThousandNodesTakeWellUnderATenthOfASecond) {
  GraphBuilder b;
  b.opset("", 17);
  ValueId x = b.input("x", floats({2, 3, 4, 5}));
  for (int i = 0; i < 6500; ++i)
    x = b.add({"", i % 2 ? "Add" : "Relu"}, "v", i % 2 ? std::vector{x, x} : std::vector{x})[0];
  b.output("y", x);
  const GraphPointer graph = finished(b);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(output_type(infer_graph(*graph)), "float32[2,3,4,5]");
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  EXPECT_LT(taken.count(), 1.0);  // Generous: test machines are busy and builds may be sanitised.
}

TEST(OperatorCatalogue, FindsTheVersionInForce) {
  ASSERT_NE(find_signature({"", "Squeeze"}, 12), nullptr);
  EXPECT_EQ(find_signature({"", "Squeeze"}, 12)->since, 11);
  EXPECT_EQ(find_signature({"", "Squeeze"}, 13)->max_inputs, 2);
  EXPECT_EQ(find_signature({"", "Frobnicate"}, 13), nullptr);
  EXPECT_EQ(find_signature({"", "Gelu"}, 19), nullptr);
}

TEST(OperatorCatalogue, RefusesWrongSignatures) {
  Node node;
  node.op = {"", "Concat"};
  node.opset = 17;
  node.name = "n";
  node.inputs = {ValueId(0)};
  node.outputs = {ValueId(1)};
  const auto text = [&] {
    const Status s = check_signature(node);
    return s.ok() ? std::string("ok") : s.error().text();
  };
  EXPECT_EQ(text(), "node 'n' (Concat, opset 17): attribute 'axis' is missing");
  node.attributes["axis"] = 1.5F;
  EXPECT_THAT(text(), HasSubstr("wrong type"));
  node.attributes["axis"] = int64_t{1};
  EXPECT_EQ(text(), "ok");
  node.attributes["colour"] = int64_t{1};
  EXPECT_THAT(text(), HasSubstr("no attribute 'colour'"));
  node.attributes.erase("colour");
  node.inputs.clear();
  EXPECT_THAT(text(), HasSubstr("0 inputs where 1 are needed"));
}

}  // namespace
}  // namespace kasuri::test
