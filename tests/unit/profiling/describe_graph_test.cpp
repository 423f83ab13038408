#include "profiling/worker/describe_graph.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/ir/parser.h"

namespace kasuri::profiling {
namespace {

constexpr const char* kText = R"text(graph "scopes" {
  opset "" 17
  input %x : float32[4]
  %a = Relu "/encoder/layer.3/Relu_1"(%x)
  %b = Relu "listed"(%a) meta {"pkg.torch.onnx.name_scopes" = "['', 'm', 'm.layers.3', 'm.layers.3.mlp', 'relu']"}
  %c = Relu "spaced"(%b) meta {"namespace" = ": a.Model/m: b.Net/m.layers.3: c.Layer/relu: aten.relu"}
  %d = Relu "plain"(%c) meta {"namespace" = "decoder/head"}
  %e = Relu "flat"(%d)
  output "y" = %e
}
)text";

TEST(DescribeGraph, ScopesOfExportersAreNestedPaths) {
  const auto graph = parse_graph(kText);
  ASSERT_TRUE(graph.ok()) << graph.error().message();
  const auto described = describe_graph(*graph);
  std::vector<std::string> scopes;
  for (const auto& node : described["nodes"]) scopes.push_back(node["scope"]);
  EXPECT_EQ(scopes, (std::vector<std::string>{"encoder/layer.3", "m/layers.3/mlp", "m/layers.3",
                                              "decoder/head", ""}));
}

TEST(DescribeGraph, NodesAreLeftOutOnRequest) {
  const auto graph = parse_graph(kText);
  ASSERT_TRUE(graph.ok());
  const auto brief = describe_graph(*graph, false);
  EXPECT_TRUE(brief["nodes"].empty());
  EXPECT_TRUE(brief["values"].empty());
  EXPECT_EQ(brief["inputs"].size(), 1u);
  EXPECT_EQ(describe_graph(*graph)["nodes"].size(), 5u);
}

}  // namespace
}  // namespace kasuri::profiling
