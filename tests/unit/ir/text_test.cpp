#include <gmock/gmock.h>

#include <bit>
#include <cmath>
#include <limits>

#include "engine/ir/parser.h"
#include "engine/ir/printer.h"

namespace kasuri {
namespace {

using ::testing::HasSubstr;

Graph parsed(const std::string& text) {
  Result<Graph> g = parse_graph(text);
  EXPECT_TRUE(g.ok()) << (g.ok() ? "" : g.error().text());
  return g.ok() ? *std::move(g) : Graph();
}

void expect_round_trip(const Graph& graph) {
  const std::string text = print_graph(graph);
  const Graph again = parsed(text);
  EXPECT_EQ(print_graph(again), text);
  EXPECT_EQ(again.fingerprint(), graph.fingerprint()) << text;
}

/// Every kind of attribute, name, type and tensor contents.
Graph everything() {
  GraphBuilder body("then \"quoted\"\n");
  body.opset("", 17);
  const ValueId captured =
      body.capture("weird name %\xE5\xAD\x97", ValueType::tensor(DataType::kFloat));
  body.output("o", body.add({"", "Neg"}, "neg", {captured})[0]);
  const auto then = std::make_shared<const Graph>(*body.take());

  GraphBuilder b("g");
  b.opset("", 17).opset("com.acme", 3).metadata("k\x01", "v\\\"");
  const ValueId x =
      b.input("weird name %\xE5\xAD\x97",
              ValueType::tensor(DataType::kFloat, Shape{2, Dim::symbol("a, b]"), Dim::unknown()}));
  const ValueId s =
      b.input("s", ValueType::sequence(ValueType::optional(ValueType::tensor(DataType::kInt4))));
  const float inf = std::numeric_limits<float>::infinity();
  const ValueId w =
      b.constant("w", Tensor::of<float>({6}, {0.1f, -0.0f, inf, -inf, std::nanf(""), 1e-42f}));
  const ValueId d = b.constant("d", Tensor::of<double>({2, 1}, {0.1, 1e300}));
  const ValueId h = b.constant("h", Tensor::make(DataType::kFloat16, {3}));
  const ValueId q = b.constant("q", Tensor::make(DataType::kInt4, {3}));
  const ValueId t = b.constant("t", Tensor::strings({2}, {"a\"\n", ""}));
  const ValueId e = b.constant("e", Tensor::make(DataType::kInt64, {0, 4}));
  const ValueId r = b.constant("r", Tensor::of<int64_t>({10}, std::vector<int64_t>(10, -7)));
  Node node;
  node.op = {"com.acme", "Do It"};
  node.opset = 2;
  node.name = "other name";
  node.inputs = {x, ValueId(), w, d, h, q, t, e, r, s};
  node.outputs = {b.declare("y", ValueType::tensor(DataType::kFloat, Shape{})), ValueId(),
                  b.declare("z")};
  node.attributes = {{"int", int64_t{-5}},
                     {"float", 2.0f},
                     {"text", std::string("t\x7F")},
                     {"tensor", Tensor::of<int32_t>({2}, {1, -1})},
                     {"body", GraphPointer(then)},
                     {"type", ValueType::tensor(DataType::kBool, Shape{1})},
                     {"no_ints", std::vector<int64_t>{}},
                     {"floats", std::vector<float>{1.0f, -inf}},
                     {"no_floats", std::vector<float>{}},
                     {"strings", std::vector<std::string>{"a", "b"}},
                     {"no_strings", std::vector<std::string>{}},
                     {"tensors", std::vector<Tensor>{Tensor::scalar<float>(1)}},
                     {"graphs", std::vector<GraphPointer>{then, then}},
                     {"types", std::vector<ValueType>{ValueType::tensor(DataType::kInt8)}}};
  node.metadata = {{"doc_string", "line\nline"}};
  node.provenance = {"first", "second"};
  const std::vector<ValueId> outputs = node.outputs;
  b.add(std::move(node));
  b.output("out", outputs[0]);
  b.output("again", outputs[0]);
  return *b.take();
}

TEST(Text, EverythingSurvivesARoundTrip) { expect_round_trip(everything()); }

TEST(Text, ReadsAsWritten) {
  const std::string text =
      "graph \"g\" {\n"
      "  opset \"\" 17\n"
      "  input %x : float32[1,3,8,8]\n"
      "  const %b = float32[4] {0.5, -1, 2, 3}\n"
      "  const %w = float32[4,3,3,3] seed\n"
      "  %y = Conv(%x, %w, %b) {kernel_shape=[3,3], pads=[1,1,1,1]} : float32[1,4,8,8]\n"
      "  output \"y\" = %y\n"
      "}\n";
  EXPECT_EQ(print_graph(parsed(text)), text);
}

TEST(Text, SeedFollowsTheUse) {
  const Graph g = parsed(
      "graph \"g\" { opset \"\" 17 input %x : float32[1,64]\n"
      "const %w = float32[64,32] seed  const %v = float32[64,32] range 1 2\n"
      "%y = MatMul(%x, %w) %z = MatMul(%x, %v) output \"y\" = %y output \"z\" = %z }");
  const auto w = g.value(*g.find_value("w")).constant->data<float>();
  EXPECT_EQ(w[0], 0x1.f1f612p-3f);
  EXPECT_EQ(w[w.size() - 1], -0x1.d17d9cp-5f);
  for (float v : g.value(*g.find_value("v")).constant->data<float>()) {
    EXPECT_GE(v, 1.0f);
    EXPECT_LE(v, 2.0f);
  }
  expect_round_trip(g);
}

TEST(Text, LargeConstantsMayBeLeftOut) {
  GraphBuilder b("g");
  std::vector<float> values(100);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i);
  b.output("y", b.add({"", "Neg"}, "y", {b.constant("w", Tensor::of<float>({100}, values))})[0]);
  PrintOptions options;
  options.max_elements = 64;
  const std::string text = print_graph(*b.take(), options);
  EXPECT_THAT(text, HasSubstr("digest"));
  const auto again = parse_graph(text);
  ASSERT_FALSE(again.ok());
  EXPECT_THAT(again.error().text(), HasSubstr("left out"));
}

TEST(Text, ErrorsNameTheLine) {
  const auto error = [](const std::string& text) {
    const auto g = parse_graph(text);
    return g.ok() ? std::string() : g.error().text();
  };
  EXPECT_THAT(error("graph \"g\" {\n  input %x : float33[1]\n}"),
              HasSubstr("line 2: 'float33' is not a type"));
  EXPECT_THAT(error("graph \"g\" {\n\n  %y = Neg(%x)\n}"),
              HasSubstr("line 3: value 'x' is never defined"));
  EXPECT_THAT(error("graph \"g\" {\n  const %c = int64[2] {1}\n}"),
              HasSubstr("1 elements where the shape needs 2"));
  EXPECT_THAT(error("graph \"g\" {\n  const %c = int64[2] {1, 2.5}\n}"),
              HasSubstr("line 2: expected a number of type int64"));
  EXPECT_THAT(error("graph \"g\" { const %c = float32[99999999999] all 1 }"), HasSubstr("4 GiB"));
  EXPECT_THAT(error("graph \"g\" {"), HasSubstr("found the end"));
  EXPECT_THAT(error("graph \"g"), HasSubstr("unfinished"));
  EXPECT_THAT(error("graph \"g\" {} x"), HasSubstr("nothing more"));
  EXPECT_THAT(error(""), HasSubstr("expected 'graph'"));
}

TEST(Text, AnyNaNOfAnAttributeIsTheSame) {
  GraphBuilder b("g");
  b.opset("", 17);
  const ValueId x = b.input("x", ValueType::tensor(DataType::kFloat, Shape{2}));
  const float payload = std::bit_cast<float>(0x7fffffffU);
  b.output("y", b.add({"", "LeakyRelu"}, "y", {x}, 1, {{"alpha", payload}})[0]);
  expect_round_trip(*b.take());
}

TEST(Text, CapturesMustExistOutside) {
  const auto graph = parse_graph(R"(graph "g" {
  opset "" 17
  const %yes = bool[] {1}
  %y = If(%yes) {else_branch=graph "e" {
    capture %nowhere : float32[2]
    output "r" = %nowhere
  }, then_branch=graph "t" {
    capture %nowhere : float32[2]
    output "r" = %nowhere
  }} : float32[2]
  output "y" = %y
})");
  ASSERT_FALSE(graph.ok());
  EXPECT_EQ(graph.error().kind(), ErrorKind::kUser);
  EXPECT_NE(graph.error().text().find("'nowhere'"), std::string::npos) << graph.error().text();
}

TEST(Text, DeepNestingIsRefused) {
  std::string text = "graph \"g\" { %y = If() {b=";
  std::string deep;
  for (int i = 0; i < 10000; ++i) deep += text;
  const auto g = parse_graph(deep);
  ASSERT_FALSE(g.ok());
  EXPECT_THAT(g.error().text(), HasSubstr("nested too deeply"));
  std::string types = "graph \"g\" { input %x : ";
  for (int i = 0; i < 100000; ++i) types += "seq(";
  EXPECT_FALSE(parse_graph(types).ok());
}

TEST(Text, EveryTruncationIsSurvived) {
  const std::string text = print_graph(everything());
  for (size_t i = 0; i + 2 < text.size(); ++i)
    EXPECT_FALSE(parse_graph(text.substr(0, i)).ok()) << i;
}

}  // namespace
}  // namespace kasuri
