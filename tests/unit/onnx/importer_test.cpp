#include <gmock/gmock.h>

#include "engine/ir/printer.h"
#include "engine/ir/verifier.h"
#include "tests/unit/onnx/model_bytes.h"

namespace kasuri::onnx {
namespace {

using ::testing::HasSubstr;
using Importer = ModelFolder;

Tensor floats(std::vector<float> values) {
  return Tensor::of<float>({static_cast<int64_t>(values.size())}, values);
}

TEST_F(Importer, NodesInAnyOrderBecomeAGraph) {
  const auto m = import(GraphBytes()
                            .input("x", {2})
                            .node("Relu", {"y"}, {"z"})
                            .node("Neg", {"x"}, {"y"})
                            .output("z"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  ASSERT_TRUE(verify_graph(m->graph).ok());
  const auto order = m->graph.topological_order();
  ASSERT_EQ(order.size(), 2u);
  EXPECT_EQ(m->graph.node(order[0]).op.name, "Neg");
  EXPECT_EQ(m->graph.node(order[0]).name, "y");
  EXPECT_EQ(m->graph.opset(), 17);
}

TEST_F(Importer, ErrorsNameNodeOperatorAndOpset) {
  const auto m =
      import(GraphBytes().input("x", {2}).node("Relu", {"nowhere"}, {"y"}, {}, "act").output("y"));
  EXPECT_THAT(
      error_of(m),
      HasSubstr("importing node 0 'act' (Relu, opset 17): reads 'nowhere', which nothing defines"));
  EXPECT_THAT(error_of(m), HasSubstr("model.onnx"));
}

TEST_F(Importer, CyclesAndDoubleDefinitionsAreRefused) {
  EXPECT_THAT(error_of(import(
                  GraphBytes().node("Neg", {"a"}, {"b"}).node("Neg", {"b"}, {"a"}).output("a"))),
              HasSubstr("cycle"));
  EXPECT_THAT(error_of(import(GraphBytes()
                                  .input("x", {1})
                                  .node("Neg", {"x"}, {"y"})
                                  .node("Abs", {"x"}, {"y"})
                                  .output("y"))),
              HasSubstr("'y' is defined twice"));
  EXPECT_THAT(error_of(import(GraphBytes().input("x", {1}).node("Neg", {"x"}, {"x"}).output("x"))),
              HasSubstr("'x' is defined twice"));
  EXPECT_THAT(error_of(import(GraphBytes().input("x", {1}).output("gone"))),
              HasSubstr("'gone' is never defined"));
}

TEST_F(Importer, InitialisersThatAreInputsAreConstants) {
  const auto m = import(GraphBytes()
                            .input("x", {2})
                            .input("w", {2})
                            .weight("w", floats({1, 2}))
                            .node("Add", {"x", "w"}, {"y"})
                            .output("y"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  ASSERT_EQ(m->graph.inputs().size(), 1u);
  EXPECT_EQ(m->graph.value(*m->graph.find_value("w")).constant->data<float>()[1], 2.0f);
  EXPECT_EQ(m->weight_bytes, 8);
}

TEST_F(Importer, UnalignedWeightsReadCorrectly) {
  for (const std::string name : {"w", "wi", "wid", "wide"}) {
    const auto m = import(
        GraphBytes().weight(name, floats({1.5f, -2.5f})).node("Neg", {name}, {"y"}).output("y"));
    ASSERT_TRUE(m.ok()) << error_of(m);
    const Tensor& w = *m->graph.value(*m->graph.find_value(name)).constant;
    EXPECT_FALSE(w.owns_memory());
    const Tensor copy = w;
    EXPECT_EQ(copy.data<float>()[0], 1.5f);
    EXPECT_EQ(copy.data<float>()[1], -2.5f);
    EXPECT_EQ(w.data<float>().data(), copy.data<float>().data());
    EXPECT_EQ(reinterpret_cast<uintptr_t>(w.data<float>().data()) % alignof(float), 0u);
  }
}

TEST_F(Importer, TypedFieldsAreDecoded) {
  WireWriter t;
  t.integers(1, {3});
  t.integer(2, static_cast<int64_t>(DataType::kInt8));
  t.integers(5, {-1, 2, -128});
  t.text(8, "w");
  GraphBytes g;
  g.message(kInitializer, t);
  const auto m = import(g.node("Neg", {"w"}, {"y"}).output("y"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  const auto values = m->graph.value(*m->graph.find_value("w")).constant->data<int8_t>();
  EXPECT_EQ(std::vector<int8_t>(values.begin(), values.end()), (std::vector<int8_t>{-1, 2, -128}));
}

TEST_F(Importer, ConstantNodesOfAllFormsAreConstants) {
  const auto constant = [](const std::string& name, const Attribute& value) {
    return std::map<std::string, WireWriter>{{name, attribute_bytes(name, value)}};
  };
  GraphBytes g;
  g.node("Constant", {}, {"a"}, constant("value_ints", std::vector<int64_t>{4, 5}))
      .node("Constant", {}, {"b"}, constant("value_float", 2.5f))
      .node("Constant", {}, {"c"}, constant("value_string", std::string("hi")))
      .node("Identity", {"a"}, {"y"})
      .output("y");
  const auto m = import(g);
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->graph.node_count(), 1u);
  const auto value = [&](const char* name) {
    return *m->graph.value(*m->graph.find_value(name)).constant;
  };
  EXPECT_EQ(value("a").data<int64_t>()[1], 5);
  EXPECT_EQ(value("b").rank(), 0);
  EXPECT_EQ(value("b").data<float>()[0], 2.5f);
  EXPECT_EQ(value("c").strings()[0], "hi");
}

TEST_F(Importer, SparseInitialisersBecomeDense) {
  WireWriter s;
  const Tensor values = floats({7, 9}), indices = Tensor::of<int64_t>({2, 2}, {0, 1, 1, 0});
  s.message(1, write_tensor("w", values, nullptr));
  s.message(2, write_tensor("", indices, nullptr));
  s.integers(3, {2, 2});
  GraphBytes g;
  g.message(kSparse, s);
  const auto m = import(g.node("Neg", {"w"}, {"y"}).output("y"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  const auto dense = m->graph.value(*m->graph.find_value("w")).constant->data<float>();
  EXPECT_EQ(std::vector<float>(dense.begin(), dense.end()), (std::vector<float>{0, 7, 9, 0}));
}

TEST_F(Importer, BodiesCaptureThroughEveryLevel) {
  GraphBytes inner, outer, top;
  inner.node("Add", {"x", "k"}, {"sum"}).output("sum");
  outer
      .node("If", {"c"}, {"r"},
            {{"then_branch", body_bytes("then_branch", inner)},
             {"else_branch", body_bytes("else_branch", inner)}})
      .output("r");
  top.input("x", {2})
      .input("c", {}, DataType::kBool)
      .weight("k", floats({1, 1}))
      .node("If", {"c"}, {"y"},
            {{"then_branch", body_bytes("then_branch", outer)},
             {"else_branch", body_bytes("else_branch", outer)}})
      .output("y");
  const auto m = import(top);
  ASSERT_TRUE(m.ok()) << error_of(m);
  ASSERT_TRUE(verify_graph(m->graph).ok());
  const Node& node = m->graph.node(m->graph.node_ids()[0]);
  const Graph& middle = *node.get_graph("then_branch");
  std::vector<std::string> names;
  for (ValueId id : middle.captures()) names.push_back(middle.value(id).name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("c", "x", "k"));
  EXPECT_EQ(captured_values(m->graph, node).size(), 3u);
}

TEST_F(Importer, LocalNamesMayHideOuterOnes) {
  GraphBytes body, top;
  body.node("Neg", {"x"}, {"h"}).node("Abs", {"h"}, {"o"}).output("o");
  top.input("x", {2})
      .input("c", {}, DataType::kBool)
      .node("Exp", {"x"}, {"h"})
      .node("If", {"c"}, {"y"},
            {{"then_branch", body_bytes("then_branch", body)},
             {"else_branch", body_bytes("else_branch", body)}})
      .output("y")
      .output("h");
  const auto m = import(top);
  ASSERT_TRUE(m.ok()) << error_of(m);
  const Node& node = m->graph.node(m->graph.value(*m->graph.find_value("y")).producer);
  EXPECT_EQ(node.get_graph("then_branch")->captures().size(), 1u);
}

TEST_F(Importer, DynamicDimensionsAreBound) {
  GraphBytes g;
  g.input("a", {Dim::symbol("batch"), Dim::symbol("seq")})
      .input("b", {Dim::symbol("batch"), Dim::unknown(), Dim::symbol("seq + 1")})
      .node("Neg", {"a"}, {"y"})
      .node("Neg", {"b"}, {"z"})
      .output("y")
      .output("z");
  ImportOptions options;
  options.dims = {{"seq", 7}, {"b:1", 5}};
  const auto m = import(g, options);
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->graph.value(m->graph.inputs()[0]).type.text(), "float32[1,7]");
  EXPECT_EQ(m->graph.value(m->graph.inputs()[1]).type.text(), "float32[1,5,8]");
  ASSERT_EQ(m->dims.size(), 5u);
  EXPECT_TRUE(m->dims[0].is_default);
  EXPECT_EQ(m->dims[0].symbol, "batch");
  EXPECT_FALSE(m->dims[1].is_default);
  EXPECT_EQ(m->declared_inputs[0].text(), "float32[batch,seq]");
  options.dims = {{"sequence", 7}};
  EXPECT_THAT(error_of(import(g, options)),
              HasSubstr("no dynamic dimension 'sequence'; it has a:0 (batch)"));
  options.dims = {{"se", 7}};
  EXPECT_THAT(error_of(import(g, options)), HasSubstr("no dynamic dimension 'se'"));
  options.dims = {{"seq", -4}};
  EXPECT_THAT(error_of(import(g, options)), HasSubstr("cannot be -4"));
}

TEST_F(Importer, ImpossibleTensorsAreRefused) {
  const auto tensor = [&](std::vector<int64_t> dims, int64_t type, const std::string& raw) {
    WireWriter t;
    t.integers(1, dims);
    t.integer(2, type);
    t.text(8, "w");
    t.text(9, raw);
    GraphBytes g;
    g.message(kInitializer, t);
    return error_of(import(g.node("Neg", {"w"}, {"y"}).output("y")));
  };
  EXPECT_THAT(tensor({int64_t{1} << 40, int64_t{1} << 40}, 1, ""), HasSubstr("impossible shape"));
  EXPECT_THAT(tensor({-3}, 1, ""), HasSubstr("impossible shape"));
  EXPECT_THAT(tensor({3}, 1, "1234"),
              HasSubstr("holds 4 bytes where its shape [3] of float32 needs 12"));
  EXPECT_THAT(tensor({1}, 99, "1234"), HasSubstr("element type 99"));
  EXPECT_THAT(tensor({int64_t{1} << 50}, 1, "1234"), HasSubstr("initialiser 'w'"));
}

TEST_F(Importer, WrongAttributeTypesAreRefused) {
  const auto m =
      import(GraphBytes()
                 .input("x", {2})
                 .node("Softmax", {"x"}, {"y"}, {{"axis", attribute_bytes("axis", 1.5f)}})
                 .output("y"));
  EXPECT_THAT(
      error_of(m),
      HasSubstr("(Softmax, opset 17): attribute 'axis' should be an integer and is a number"));
}

TEST_F(Importer, DeepNestingIsRefusedWithoutOverflow) {
  GraphBytes innermost;
  innermost.node("Neg", {"x"}, {"y"}).output("y");
  std::string inner = innermost.str();
  for (int depth = 0; depth < 10000; ++depth) {
    WireWriter a, n, g;
    a.text(1, "body");
    a.text(6, inner);
    a.integer(20, kGraphAttribute);
    n.text(kOpType, "Loop");
    n.message(kAttribute, a);
    g.message(kNode, n);
    inner = g.str();
  }
  WireWriter m;
  m.text(kGraph, inner);
  EXPECT_THAT(error_of(import_model(write("deep.onnx", m.str()))), HasSubstr("nested deeper"));
}

TEST_F(Importer, EveryTruncationAndBitFlipIsSurvived) {
  GraphBytes body, g;
  body.node("Add", {"x", "w"}, {"s"}).output("s");
  g.input("x", {Dim::symbol("n"), 2})
      .input("c", {}, DataType::kBool)
      .weight("w", floats({1, 2}))
      .node("If", {"c"}, {"y"},
            {{"then_branch", body_bytes("then_branch", body)},
             {"else_branch", body_bytes("else_branch", body)}})
      .node("Concat", {"y", "x"}, {"z"}, {{"axis", attribute_bytes("axis", int64_t{0})}})
      .output("z");
  const std::string good = model_bytes(g);
  ASSERT_TRUE(import_model(write("m.onnx", good)).ok());
  const auto survives = [&](const std::string& bytes) {
    const auto m = import_model(write("m.onnx", bytes));
    if (!m.ok()) {
      EXPECT_FALSE(m.error().text().empty());
    }
  };
  for (size_t i = 0; i < good.size(); ++i) survives(good.substr(0, i));
  for (size_t i = 0; i < good.size(); ++i)
    for (int bit : {0, 3, 7}) {
      std::string bad = good;
      bad[i] = static_cast<char>(bad[i] ^ (1 << bit));
      survives(bad);
    }
}

TEST_F(Importer, CanBeCancelled) {
  TaskContext task;
  task.cancel.cancel();
  const std::string file = write("m.onnx", model_bytes(GraphBytes().input("x", {2}).output("x")));
  const auto m = import_model(file, {}, task);
  ASSERT_FALSE(m.ok());
  EXPECT_EQ(m.error().kind(), ErrorKind::kCancelled);
}

TEST_F(Importer, OtherFilesAreNamedForWhatTheyAre) {
  EXPECT_THAT(error_of(import_model(write("a.onnx", ""))), HasSubstr("empty"));
  EXPECT_THAT(
      error_of(import_model(write("b.onnx", "version https://git-lfs.github.com/spec/v1\n"))),
      HasSubstr("git lfs pull"));
  EXPECT_THAT(error_of(import_model(path("absent.onnx"))), HasSubstr("absent.onnx"));
  EXPECT_FALSE(import_model(folder_.string()).ok());
}

}  // namespace
}  // namespace kasuri::onnx
