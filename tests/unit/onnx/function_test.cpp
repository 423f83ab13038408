#include <gmock/gmock.h>

#include "engine/ir/verifier.h"
#include "tests/unit/onnx/model_bytes.h"

namespace kasuri::onnx {
namespace {

using ::testing::HasSubstr;

/// FunctionProto: name 1, input 4, output 5, attribute 6, node 7, opset_import 9, domain 10.
WireWriter function(const std::string& name, const std::vector<std::string>& inputs,
                    const std::vector<std::string>& outputs, const std::vector<WireWriter>& nodes,
                    int opset = 17) {
  WireWriter f;
  f.text(1, name);
  for (const auto& i : inputs) f.text(4, i);
  for (const auto& o : outputs) f.text(5, o);
  for (const WireWriter& n : nodes) f.message(7, n);
  f.message(9, write_opset("", opset));
  f.message(9, write_opset("local", 1));
  f.text(10, "local");
  return f;
}

WireWriter reference(const std::string& name, const std::string& to, int64_t type) {
  WireWriter a;
  a.text(1, name);
  a.text(21, to);
  a.integer(20, type);
  return a;
}

class Functions : public ModelFolder {
 protected:
  Result<ImportedModel> with(const GraphBytes& g, const std::vector<WireWriter>& functions) {
    auto m = import_model(write("model.onnx", model_bytes(g, 17, functions)));
    if (m.ok()) {
      const Status status = verify_graph(m->graph);
      EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().text());
    }
    return m;
  }
};

TEST_F(Functions, CallsAreInlinedWithTheirAttributes) {
  const auto f =
      function("Scale", {"a", "b"}, {"r"},
               {GraphBytes::node_bytes("Concat", {"a", "b"}, {"t"},
                                       {{"axis", reference("axis", "where", kIntAttribute)}}),
                GraphBytes::node_bytes("Neg", {"t"}, {"r"})});
  GraphBytes g;
  g.input("x", {2})
      .node("Scale", {"x", "x"}, {"y"}, {{"where", attribute_bytes("where", int64_t{3})}}, "first",
            "local")
      .node("Scale", {"y", "x"}, {"z"}, {{"where", attribute_bytes("where", int64_t{-1})}},
            "second", "local")
      .output("z");
  const auto m = with(g, {f});
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->graph.node_count(), 4u);
  const auto id = m->graph.find_value("first/t");
  ASSERT_TRUE(id);
  const Node& concat = m->graph.node(m->graph.value(*id).producer);
  EXPECT_EQ(concat.get_int("axis", 0), 3);
  EXPECT_EQ(concat.metadata.at("kasuri.function"), "Scale");
  EXPECT_EQ(
      m->graph.node(m->graph.value(*m->graph.find_value("second/t")).producer).get_int("axis", 0),
      -1);
}

TEST_F(Functions, NestedCallsConstantsAndBodies) {
  GraphBytes body;
  body.node("Add", {"v", "k"}, {"s"}).output("s");
  const auto inner =
      function("Inner", {"v", "c"}, {"r", "one"},
               {GraphBytes::node_bytes("Constant", {}, {"k"},
                                       {{"value_float", attribute_bytes("value_float", 4.0f)}}),
                GraphBytes::node_bytes("Constant", {}, {"one"},
                                       {{"value_float", attribute_bytes("value_float", 1.0f)}}),
                GraphBytes::node_bytes("If", {"c"}, {"r"},
                                       {{"then_branch", body_bytes("then_branch", body)},
                                        {"else_branch", body_bytes("else_branch", body)}})});
  const auto outer =
      function("Outer", {"s", "c"}, {"r", "s", "one"},
               {GraphBytes::node_bytes("Inner", {"s", "c"}, {"r", "one"}, {}, "call", "local")});
  GraphBytes g;
  g.input("s", {2})
      .input("c", {}, DataType::kBool)
      .node("Outer", {"s", "c"}, {"y", "same", "one"}, {}, "top", "local")
      .output("y")
      .output("same")
      .output("one");
  const auto m = with(g, {outer, inner});
  ASSERT_TRUE(m.ok()) << error_of(m);
  const Node& branch = m->graph.node(m->graph.value(*m->graph.find_value("y")).producer);
  const Graph& then = *branch.get_graph("then_branch");
  std::vector<std::string> names;
  for (ValueId id : then.captures()) names.push_back(then.value(id).name);
  EXPECT_THAT(names, ::testing::UnorderedElementsAre("s", "top/call/k"));
  EXPECT_EQ(m->graph.node(m->graph.value(*m->graph.find_value("same")).producer).op.name,
            "Identity");
}

TEST_F(Functions, RecursionIsRefused) {
  const auto f = function("Self", {"a"}, {"r"},
                          {GraphBytes::node_bytes("Self", {"a"}, {"r"}, {}, "", "local")});
  GraphBytes g;
  g.input("x", {2}).node("Self", {"x"}, {"y"}, {}, "start", "local").output("y");
  EXPECT_THAT(error_of(with(g, {f})), HasSubstr("function 'Self' calls itself"));
}

TEST_F(Functions, AnOutputNothingDefinesIsRefusedEvenIfUnread) {
  const auto f =
      function("Half", {"a"}, {"r", "s"}, {GraphBytes::node_bytes("Relu", {"a"}, {"r"})});
  GraphBytes g;
  g.input("x", {2}).node("Half", {"x"}, {"y", "z"}, {}, "h", "local").output("y");
  EXPECT_THAT(error_of(with(g, {f})), HasSubstr("function 'Half' does not define its output 's'"));
  GraphBytes one;
  one.input("x", {2}).node("Half", {"x"}, {"y"}, {}, "h", "local").output("y");
  EXPECT_TRUE(with(one, {f}).ok());
}

TEST_F(Functions, DoublingChainsAreBounded) {
  std::vector<WireWriter> functions;
  for (int i = 0; i < 60; ++i) {
    const std::string next = "F" + std::to_string(i + 1);
    functions.push_back(function("F" + std::to_string(i), {"a"}, {"r"},
                                 {GraphBytes::node_bytes(next, {"a"}, {"t"}, {}, "", "local"),
                                  GraphBytes::node_bytes(next, {"t"}, {"r"}, {}, "", "local")}));
  }
  GraphBytes g;
  g.input("x", {2}).node("F0", {"x"}, {"y"}, {}, "start", "local").output("y");
  EXPECT_THAT(error_of(with(g, functions)), HasSubstr("nodes"));
}

TEST_F(Functions, FollowTheirOwnOpset) {
  const auto f = function("Old", {"a"}, {"r"}, {GraphBytes::node_bytes("Relu", {"a"}, {"r"})}, 11);
  GraphBytes g;
  g.input("x", {2})
      .node("Old", {"x"}, {"y"}, {}, "o", "local")
      .node("Relu", {"y"}, {"z"})
      .output("z");
  const auto m = with(g, {f});
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->graph.node(m->graph.value(*m->graph.find_value("y")).producer).opset, 11);
  EXPECT_EQ(m->graph.node(m->graph.value(*m->graph.find_value("z")).producer).opset, 17);
}

}  // namespace
}  // namespace kasuri::onnx
