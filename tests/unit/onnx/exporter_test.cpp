#include "engine/onnx/exporter.h"

#include <gmock/gmock.h>

#include "engine/ir/graph_patch.h"
#include "engine/ir/printer.h"
#include "engine/ir/shape_inference.h"
#include "tests/unit/onnx/model_bytes.h"

namespace kasuri::onnx {
namespace {

using ::testing::HasSubstr;

class Exporter : public ModelFolder {
 protected:
  Graph reimported(const Graph& graph, const ExportOptions& options = {}) {
    const Status status = write_model(path("out.onnx"), graph, options);
    EXPECT_TRUE(status.ok()) << (status.ok() ? "" : status.error().text());
    auto m = import_model(path("out.onnx"));
    EXPECT_TRUE(m.ok()) << error_of(m);
    return m.ok() ? m->graph : Graph();
  }
};

Graph two_nodes() {
  GraphBuilder b("net");
  b.opset("", 17).metadata("licence", "MIT");
  const ValueId x = b.input("x", ValueType::tensor(DataType::kFloat, Shape{2}));
  const ValueId w = b.constant("w", Tensor::of<float>({2}, {1, 2}));
  Node node;
  node.op = {"", "Add"};
  node.name = "sum";
  node.inputs = {x, w};
  node.outputs = {b.declare("y", ValueType::tensor(DataType::kFloat, Shape{2}))};
  node.metadata = {{"doc_string", "a doc"}, {"scope", "m/n"}};
  node.provenance = {"bias", "scale"};
  const ValueId y = node.outputs[0];
  b.add(std::move(node));
  b.output("z", b.add({"", "Neg"}, "z", {y})[0]);
  b.output("y", y);
  return *b.take();
}

TEST_F(Exporter, KeepsNamesMetadataAndProvenance) {
  const Graph g = *infer_graph(two_nodes());
  EXPECT_EQ(print_graph(*infer_graph(reimported(g))), print_graph(g));
}

TEST_F(Exporter, AddsMetadataOfTheCaller) {
  ExportOptions options;
  options.metadata = {{"kasuri.recipe", "default"}};
  options.node_metadata = [](const Node& n) {
    return std::map<std::string, std::string>{{"kasuri.group", "group of " + n.name}};
  };
  const Graph g = reimported(two_nodes(), options);
  EXPECT_EQ(g.metadata().at("kasuri.recipe"), "default");
  EXPECT_EQ(g.node(*g.find_node("sum")).metadata.at("kasuri.group"), "group of sum");
  EXPECT_EQ(g.node(*g.find_node("sum")).metadata.at("scope"), "m/n");
}

TEST_F(Exporter, OutputsKeepTheirNamesWhateverIsBehindThem) {
  Graph g = two_nodes();
  GraphPatch patch(g, "shortcut");
  Node abs;
  abs.op = {"", "Abs"};
  abs.opset = 17;
  abs.name = "abs";
  abs.inputs = {g.inputs()[0]};
  abs.provenance = {"sum"};
  const NodeId added = patch.add_node(abs, {ValueType::tensor(DataType::kFloat, Shape{2})});
  patch.replace_value(*g.find_value("z"), patch.output_of(added, 0));
  patch.replace_value(*g.find_value("y"), g.inputs()[0]);
  patch.remove_node(*g.find_node("z"));
  patch.remove_node(*g.find_node("sum"));
  ASSERT_TRUE(patch.apply(g).ok());
  const Graph again = reimported(g);
  ASSERT_EQ(again.outputs().size(), 2u);
  EXPECT_EQ(again.outputs()[0].name, "z");
  EXPECT_EQ(again.node(again.value(again.outputs()[0].value).producer).op.name, "Abs");
  EXPECT_EQ(again.outputs()[1].name, "y");
  EXPECT_EQ(again.node(again.value(again.outputs()[1].value).producer).op.name, "Identity");
  EXPECT_EQ(again.node_count(), 2u);
}

TEST_F(Exporter, SymbolsOfTheInputsCanBeKept) {
  GraphBytes bytes;
  bytes.input("x", {Dim::symbol("batch"), 2}).node("Neg", {"x"}, {"y"}).output("y");
  const auto m = import(bytes);
  ASSERT_TRUE(m.ok()) << error_of(m);
  ExportOptions options;
  options.input_types = m->declared_inputs;
  ASSERT_TRUE(write_model(path("out.onnx"), m->graph, options).ok());
  ImportOptions other;
  other.dims = {{"batch", 9}};
  const auto again = import_model(path("out.onnx"), other);
  ASSERT_TRUE(again.ok()) << error_of(again);
  EXPECT_EQ(again->graph.value(again->graph.inputs()[0]).type.text(), "float32[9,2]");
}

TEST_F(Exporter, WeightsMayLieBeside) {
  GraphBuilder b("net");
  b.opset("", 17);
  const ValueId w = b.constant("w", Tensor::of<float>({1000}, std::vector<float>(1000, 2.5f)));
  const ValueId v = b.constant("v", Tensor::of<float>({300000}, std::vector<float>(300000, -1.0f)));
  const ValueId s = b.constant("s", Tensor::of<float>({1}, {3}));
  b.output("y", b.add({"", "Sum"}, "y", {w, v, s})[0]);
  const Graph g = *b.take();
  ExportOptions options;
  options.external_data = true;
  const Graph again = reimported(g, options);
  EXPECT_EQ(print_graph(again), print_graph(g));
  EXPECT_FALSE(again.value(*again.find_value("v")).constant->owns_memory());
  EXPECT_LT(std::filesystem::file_size(path("out.onnx")), 1000u);
  EXPECT_GE(std::filesystem::file_size(path("out.onnx.data")), 1204000u);
}

TEST_F(Exporter, RefusesWhatOthersCannotRead) {
  GraphBuilder b("net");
  b.opset("", 17).opset("kasuri", 1);
  b.output("y", b.add({"kasuri", "Group"}, "y", {b.input("x", {})})[0]);
  const auto bytes = export_model(*b.take());
  ASSERT_FALSE(bytes.ok());
  EXPECT_THAT(bytes.error().text(),
              HasSubstr("'y' (kasuri::Group): this operator exists only inside Kasuri"));
}

}  // namespace
}  // namespace kasuri::onnx
