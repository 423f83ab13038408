#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "tests/error/hostile_session.h"
#include "tests/unit/onnx/model_bytes.h"

// Models that are made to break a reader: every one ends in a clear error, or in a result, and
// soon.
namespace kasuri {
namespace {

using ::testing::AllOf;
using testing::graph_text;
using ::testing::HasSubstr;
using testing::HostileRun;
using testing::run_text;

std::string outcome(const std::string& lines, const HostileRun& how, int opset = 18) {
  const Status status = run_text(graph_text(lines, opset), how);
  if (status.ok()) return "ran";
  const bool ours = status.error().kind() == ErrorKind::kInternal;
  return (ours ? "internal: " : "") + status.error().text();
}

/// Every backend and recipe: the user's error, naming the node.
void expect_refused(const std::string& lines, const std::string& words, int opset = 18) {
  for (const char* backend : {"cpu", "reference"})
    for (const char* recipe : {"none", "all"}) {
      const std::string said = outcome(lines, {recipe, backend, 0, {}}, opset);
      EXPECT_THAT(said, AllOf(HasSubstr(words), ::testing::Not(HasSubstr("internal: "))))
          << lines << "\n"
          << backend << " " << recipe;
    }
}

TEST(HostileModels, ProductsOfExtentsThatOverflow) {
  const std::string extents = "  const %s = int64[2] {4611686018427387904, 4611686018427387904}\n";
  const std::string one = "  input %x : float32[1,1]\n";
  expect_refused(one + extents + "  %y = Expand(%x, %s)", "no tensor can be");
  expect_refused(one + extents + "  %y = Tile(%x, %s)", "no tensor can be");
  expect_refused(extents + "  %y = ConstantOfShape(%s)", "no tensor can be");
  expect_refused(one + "  %y = Flatten(%big)\n" + extents + "  %big = Expand(%x, %s)",
                 "no tensor can be");
  // Bytes overflow where elements do not.
  expect_refused("  const %s = int64[1] {4611686018427387904}\n  %y = ConstantOfShape(%s)",
                 "no tensor can be");
  // So do the extents of an empty tensor: loops over its rows would not end.
  expect_refused("  const %s = int64[3] {4294967296, 4294967296, 0}\n  %y = ConstantOfShape(%s)",
                 "no tensor can be");
  // And more axes than anything is made for.
  std::string ones = "1";
  for (int i = 1; i < 1000; ++i) ones += ", 1";
  expect_refused("  const %s = int64[1000] {" + ones + "}\n  %y = ConstantOfShape(%s)",
                 "no tensor can be");
}

TEST(HostileModels, OverflowThatShowsWhileRunning) {
  for (const char* backend : {"cpu", "reference"}) {
    HostileRun how{.backend = backend, .inputs = {{"s", "const:4611686018427387904"}}};
    EXPECT_THAT(outcome("  input %s : int64[2]\n  %y = ConstantOfShape(%s)", how),
                AllOf(HasSubstr("'y'"), HasSubstr("make no tensor")));
    how.inputs = {{"s", "const:4294967296"}};
    EXPECT_THAT(
        outcome("  input %s : int64[2]\n  input %x : float32[2,2]\n  %y = Tile(%x, %s)", how),
        HasSubstr("'y'"));
  }
}

TEST(HostileModels, NegativeSizes) {
  const std::string image = "  input %x : float32[1,1,4,4]\n";
  const std::string row = "  input %x : float32[4]\n";
  expect_refused("  const %s = int64[1] {-1}\n  %y = ConstantOfShape(%s)", "'y'");
  expect_refused(row + "  const %s = int64[1] {-3}\n  %y = Expand(%x, %s)", "'y'");
  expect_refused(row + "  const %s = int64[1] {-3}\n  %y = Tile(%x, %s)", "'y'");
  expect_refused(row + "  const %s = int64[2] {-3, -3}\n  %y = Pad(%x, %s)", "'y'");
  expect_refused(row + "  const %s = int64[2] {-2, 6}\n  %y, %z = Split(%x, %s)", "'y'");
  expect_refused(image + "  const %s = int64[4] {1, 1, -4, 4}\n  %y = Resize(%x, _, _, %s)", "'y'");
  expect_refused("  %y = RandomUniform() {shape=[-5]}", "'y'");
  expect_refused(image + "  %y = MaxPool(%x) {kernel_shape=[-1,-1]}", "'y'");
  expect_refused(image + "  %y = MaxPool(%x) {kernel_shape=[1,1], strides=[-1,-1]}", "'y'");
  expect_refused(image + "  %y = MaxPool(%x) {kernel_shape=[1,1], strides=[0,0]}", "'y'");
  expect_refused(image +
                     "  const %w = float32[1,1,1,1] {1}\n"
                     "  %y = Conv(%x, %w) {pads=[-9,-9,-9,-9]}",
                 "'y'");
  expect_refused(
      "  input %i : int64[2]\n  const %d = int64[] {-7}\n"
      "  const %v = float32[2] {0, 1}\n  %y = OneHot(%i, %d, %v)",
      "'y'");
  expect_refused("  input %p : float32[1,4]\n  %y = Multinomial(%p) {sample_size=-3}", "'y'");
  expect_refused(image +
                     "  const %r = float32[1,4] {0, 0, 1, 1}\n  const %b = int64[1] {0}\n"
                     "  %y = RoiAlign(%x, %r, %b) {output_height=-1, output_width=2}",
                 "'y'");
  expect_refused(image + "  %y = DepthToSpace(%x) {blocksize=-2}", "'y'");
  expect_refused(image + "  %y = DepthToSpace(%x) {blocksize=4294967296}", "'y'");
  expect_refused(image +
                     "  %y = GroupNormalization(%x, %s, %s) {num_groups=0}\n"
                     "  const %s = float32[1] {1}",
                 "'y'");
  expect_refused("  const %n = int64[] {-4}\n  %y = HannWindow(%n)", "'y'");
}

/// None of these may be our fault; what they compute is theirs.
TEST(HostileModels, NumbersThatAreNone) {
  const std::string image = "  input %x : float32[1,2,4,4]\n";
  const std::string row = "  input %x : float32[6]\n";
  std::vector<std::string> graphs;
  for (const std::string v : {"nan", "inf", "-inf", "3.4e38"}) {
    const std::string scalar = "  const %v = float32[] {" + v + "}\n";
    graphs.insert(
        graphs.end(),
        {image + "  %y = LRN(%x) {alpha=" + v + ", beta=" + v + ", size=3}",
         row + "  %y = LeakyRelu(%x) {alpha=" + v + "}",
         row + "  %y = Elu(%x) {alpha=" + v + "}",
         row + scalar + "  %y = Clip(%x, %v, %v)",
         row + scalar + "  %y = Dropout(%x, %v)",
         image + "  const %s = float32[4] {1, 1, " + v + ", 2}\n  %y = Resize(%x, _, %s)",
         image +
             "  const %s = float32[2] all 1\n  %y = BatchNormalization(%x, %s, %s, %s, %s) "
             "{epsilon=" +
             v + "}",
         image +
             "  const %s = float32[2] all 1\n  %y = InstanceNormalization(%x, %s, %s) "
             "{epsilon=" +
             v + "}",
         "  %y = RandomUniform() {shape=[3], low=" + v + ", high=" + v + ", seed=" + v + "}",
         "  %y = RandomNormal() {shape=[3], mean=" + v + ", scale=" + v + ", seed=" + v + "}",
         scalar +
             "  const %a = float32[] {0}\n  const %b = float32[] {1}\n  %y = Range(%a, %b, %v)",
         scalar +
             "  const %a = float32[] {0}\n  const %b = float32[] {1}\n  %y = Range(%a, %v, %b)",
         image +
             "  const %r = float32[1,4] {0, 0, 1, 1}\n  const %b = int64[1] {0}\n"
             "  %y = RoiAlign(%x, %r, %b) {spatial_scale=" +
             v + "}",
         image +
             "  const %r = float32[1,5] {0, 0, 0, 1, 1}\n"
             "  %y = MaxRoiPool(%x, %r) {pooled_shape=[2,2], spatial_scale=" +
             v + "}",
         "  input %b : float32[1,5,4]\n  input %s : float32[1,1,5]\n  const %n = int64[] {3}\n" +
             scalar + "  %y = NonMaxSuppression(%b, %s, %n, %v, %v)",
         row + "  const %s = float32[6] {" + v + ", 1, " + v + ", 2, 3, " + v +
             "}\n"
             "  const %k = int64[1] {4}\n  %t = Add(%x, %s)\n  %y, %i = TopK(%t, %k)",
         row + scalar + "  %t = Mul(%x, %v)\n  %y = Cast(%t) {to=7}",
         row + scalar + "  const %z = uint8[] {0}\n  %y = QuantizeLinear(%x, %v, %z)",
         row + scalar + "  %t = Mul(%x, %v)\n  %y = Softmax(%t)",
         "  input %x : float32[3,4]\n  const %w = float32[4,2] all 1\n"
         "  %y = Gemm(%x, %w) {alpha=" +
             v + ", beta=" + v + "}"});
  }
  for (const std::string& lines : graphs)
    for (const char* backend : {"cpu", "reference"}) {
      const std::string said = outcome(lines, {"all", backend, int64_t{256} << 20, {}});
      EXPECT_THAT(said, ::testing::Not(HasSubstr("internal: "))) << lines << "\n" << backend;
      if (said != "ran") {
        EXPECT_THAT(said, HasSubstr("'")) << lines;
      }
    }
}

/// 2^31 turns of nothing: stops when asked to.
TEST(HostileModels, EndlessLoopsCanBeCancelled) {
  const std::string loop = graph_text(
      "  input %trips : int64[]\n  input %go : bool[]\n"
      "  %y = Loop(%trips, %go, %go) {body=graph \"body\" {\n    opset \"\" 18\n"
      "    input %i : int64[]\n    input %c : bool[]\n    input %k : bool[]\n"
      "    output \"c\" = %c\n    output \"k\" = %k\n  }}");
  for (const char* backend : {"cpu", "reference"}) {
    const TaskContext task;
    const auto start = std::chrono::steady_clock::now();
    std::jthread stopper([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      task.cancel.cancel();
    });
    const HostileRun how{.backend = backend,
                         .inputs = {{"trips", "const:2147483648"}, {"go", "const:1"}}};
    const Status status = run_text(loop, how, task);
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    ASSERT_FALSE(status.ok()) << backend;
    EXPECT_EQ(status.error().kind(), ErrorKind::kCancelled) << status.error().text();
    EXPECT_LT(taken.count(), 5) << backend;
  }
}

/// Attributes that count turns of a kernel's own loops.
TEST(HostileModels, CountsThatWouldNeverEnd) {
  const std::string image = "  input %x : float32[1,1,4,4]\n";
  expect_refused(image +
                     "  const %r = float32[1,4] {0, 0, 1, 1}\n  const %b = int64[1] {0}\n"
                     "  %y = RoiAlign(%x, %r, %b) {sampling_ratio=1099511627776}",
                 "'y'");
  expect_refused(
      "  input %p : float32[1,4]\n"
      "  %y = Multinomial(%p) {sample_size=1099511627776}",
      "'y'");
  const std::string grams =
      "  const %t = int64[4] {1, 2, 3, 4}\n  %y = TfIdfVectorizer(%t) {mode=\"TF\", "
      "min_gram_length=1, max_gram_length=2, max_skip_count=9223372036854775807, "
      "ngram_counts=[0,1], ngram_indexes=[0,1], pool_int64s=[1,2,3]}";
  EXPECT_EQ(outcome(grams, {}), "ran");
}

class HostileFiles : public onnx::ModelFolder {};

using onnx::error_of;
using onnx::GraphBytes;

/// If in If in If, `depth` deep; half of each where only depth matters.
std::string nested_model(int depth, bool both_branches = true) {
  const std::string leaf = GraphBytes().node("Neg", {"x"}, {"y"}).output("y").str();
  std::string inner = leaf;
  for (int i = 0; i < depth; ++i) {
    const auto branch = [](const char* name, const std::string& body) {
      onnx::WireWriter a;
      a.text(1, name);
      a.text(6, body);
      a.integer(20, onnx::kGraphAttribute);
      return a;
    };
    GraphBytes outer;
    if (i + 1 == depth) outer.input("x", {2}).input("c", {}, DataType::kBool);
    std::map<std::string, onnx::WireWriter> branches = {
        {"then_branch", branch("then_branch", inner)}};
    if (both_branches) branches["else_branch"] = branch("else_branch", leaf);
    outer.node("If", {"c"}, {"y"}, branches);
    inner = outer.output("y").str();
  }
  onnx::WireWriter m;
  m.integer(onnx::kIrVersion, 8);
  m.message(onnx::kOpset, onnx::write_opset("", 17));
  m.text(onnx::kGraph, inner);
  return m.str();
}

TEST_F(HostileFiles, TenThousandBodiesInEachOther) {
  const auto model = import_model(write("deep.onnx", nested_model(10000, false)));
  EXPECT_THAT(error_of(model), AllOf(HasSubstr("deep.onnx"), HasSubstr("nested deeper")));
}

/// As deep as files may be: read, typed and optimised, and refused or run in words.
TEST_F(HostileFiles, DeepBodiesNeverOverflowTheStack) {
  for (const int depth : {20, 60, 150, 195}) {
    profiling::KasuriSession session;
    Status status = session.open({.path = write("deep.onnx", nested_model(depth))}, {});
    if (status.ok()) status = session.optimize("all", {});
    if (status.ok()) status = session.make_plan({}, {});
    if (status.ok()) status = session.run({});
    if (status.ok()) continue;
    EXPECT_NE(status.error().kind(), ErrorKind::kInternal) << depth << status.error().text();
    EXPECT_THAT(status.error().text(), HasSubstr(" deep")) << depth;
    EXPECT_GT(depth, 60) << status.error().text();
  }
}

/// What a file says of extents that depend on data is not believed: a copy of the 64 elements it
/// promises would read beyond the four there are.
TEST_F(HostileFiles, ClaimsAboutExtentsAreNotBelieved) {
  GraphBytes g;
  g.input("x", {2, 2}).input("shape", {2}, DataType::kInt64);
  g.node("Reshape", {"x", "shape"}, {"y"}).node("Neg", {"y"}, {"z"});
  for (const char* name : {"y", "z"})
    g.message(onnx::kOutput,
              onnx::write_value(name, ValueType::tensor(DataType::kFloat, Shape{8, 8})));
  for (const char* recipe : {"none", "all"}) {
    profiling::KasuriSession session;
    ASSERT_TRUE(session.open({.path = write("claims.onnx", onnx::model_bytes(g))}, {}).ok());
    ASSERT_TRUE(session.optimize(recipe, {}).ok());
    ASSERT_TRUE(session.make_plan({}, {}).ok());
    ASSERT_TRUE(session.bind({.choices = {{"shape", "const:2"}}}).ok());
    const Status status = session.run({});
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto outputs = session.outputs();
    for (const RuntimeValue& value : *outputs)
      EXPECT_EQ(value.tensor().extents(), (std::vector<int64_t>{2, 2})) << recipe;
  }
}

TEST_F(HostileFiles, OpsetZeroStatesNothing) {
  onnx::WireWriter m;
  m.integer(onnx::kIrVersion, 8);
  m.message(onnx::kOpset, onnx::write_opset("", 0));
  m.message(onnx::kGraph, GraphBytes().input("x", {2}).node("Neg", {"x"}, {"y"}).output("y"));
  EXPECT_EQ(error_of(import_model(write("zero.onnx", m.str()))), "");
}

TEST_F(HostileFiles, CyclesAndDuplicates) {
  EXPECT_THAT(error_of(import(GraphBytes()
                                  .input("x", {2})
                                  .node("Add", {"x", "b"}, {"a"})
                                  .node("Neg", {"a"}, {"b"})
                                  .output("b"))),
              HasSubstr("cycle"));
  EXPECT_THAT(error_of(import(GraphBytes().node("Neg", {"y"}, {"y"}).output("y"))),
              HasSubstr("cycle"));
  EXPECT_THAT(error_of(import(GraphBytes()
                                  .input("x", {2})
                                  .node("Neg", {"x"}, {"y"})
                                  .node("Abs", {"x"}, {"y"})
                                  .output("y"))),
              HasSubstr("'y' is defined twice"));
  EXPECT_THAT(error_of(import(GraphBytes().input("x", {2}).input("x", {2}).output("x"))),
              HasSubstr("'x' is defined twice"));
  EXPECT_THAT(error_of(import(GraphBytes().input("x", {2}).node("Neg", {"x"}, {"x"}).output("x"))),
              HasSubstr("'x' is defined twice"));
  // Names of nodes say nothing about values; outputs of one name cannot be told apart.
  EXPECT_EQ(error_of(import(GraphBytes()
                                .input("x", {2})
                                .node("Neg", {"x"}, {"a"}, {}, "same")
                                .node("Abs", {"a"}, {"b"}, {}, "same")
                                .output("b"))),
            "");
  const auto twice = import(GraphBytes().input("x", {2}).output("x").output("x"));
  ASSERT_TRUE(twice.ok()) << error_of(twice);
  EXPECT_EQ(twice->graph.outputs().size(), 1u);
}

}  // namespace
}  // namespace kasuri
