#include <gmock/gmock.h>

#include "tests/error/hostile_session.h"

// Results that would exhaust the machine are refused with the node and its bytes, whether their
// size shows in the plan or only while the model runs.
namespace kasuri {
namespace {

using ::testing::AllOf;
using testing::graph_text;
using ::testing::HasSubstr;
using testing::HostileRun;
using testing::run_text;

constexpr int64_t kLimit = int64_t{64} << 20;
/// Most of a terabyte of float32: fits no machine these tests run on, and the limit even less.
const std::string kHuge = "200000000000";

struct Case {
  const char* name;
  std::string lines;
  std::vector<profiling::InputChoice> inputs;
  int opset = 18;
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.name; }

std::string refusal(const Case& c, HostileRun how) {
  how.inputs = c.inputs;
  const Status status = run_text(graph_text(c.lines, c.opset), how);
  if (status.ok()) return "ran";
  if (status.error().kind() == ErrorKind::kInternal) return "internal: " + status.error().text();
  return status.error().text();
}

/// Extents are inputs: known only while the model runs.
std::vector<Case> dynamic_cases() {
  const std::string one = "  const %one = float32[1] {1}\n";
  return {
      {"Expand", one + "  input %s : int64[1]\n  %y = Expand(%one, %s)", {{"s", "const:" + kHuge}}},
      {"Tile", one + "  input %s : int64[1]\n  %y = Tile(%one, %s)", {{"s", "const:" + kHuge}}},
      {"ConstantOfShape",
       "  input %s : int64[2]\n  %y = ConstantOfShape(%s)",
       {{"s", "const:500000"}}},
      {"Range",
       "  const %zero = int64[] {0}\n  const %step = int64[] {1}\n  input %s : int64[]\n"
       "  %y = Range(%zero, %s, %step)",
       {{"s", "const:" + kHuge}}},
      {"Pad", one + "  input %s : int64[2]\n  %y = Pad(%one, %s)", {{"s", "const:" + kHuge}}},
      {"Resize",
       "  input %x : float32[1,1,4,4]\n  input %s : int64[4]\n"
       "  %y = Resize(%x, _, _, %s) {mode=\"nearest\"}",
       {{"s", "const:100000"}}},
      {"OneHot",
       "  const %i = int64[1] {0}\n  const %v = float32[2] {0, 1}\n  input %s : int64[]\n"
       "  %y = OneHot(%i, %s, %v)",
       {{"s", "const:" + kHuge}}},
      {"CenterCropPad",
       one + "  input %s : int64[1]\n  %y = CenterCropPad(%one, %s)",
       {{"s", "const:" + kHuge}}},
      {"HannWindow", "  input %s : int64[]\n  %y = HannWindow(%s)", {{"s", "const:" + kHuge}}},
      {"Add of a column and a row",
       one + "  input %s : int64[2]\n  %c = Expand(%one, %s)\n  %r = Transpose(%c)\n"
             "  const %a = int64[1] {-1}\n  %f = Reshape(%c, %a)\n  const %z = int64[1] {1}\n"
             "  %w = Unsqueeze(%f, %z)\n  %y = Add(%f, %w)",
       {{"s", "const:1000"}}},
      {"MatMul of a column and a row",
       one + "  input %s : int64[2]\n  %c = Expand(%one, %s)\n  const %a = int64[2] {-1, 1}\n"
             "  %col = Reshape(%c, %a)\n  %row = Transpose(%col)\n  %y = MatMul(%col, %row)",
       {{"s", "const:1000"}}},
      {"AveragePool of padding",
       "  input %s : int64[3]\n  const %v = float32[1] {1}\n  %x = Expand(%v, %s)\n"
       "  %y = AveragePool(%x) {kernel_shape=[1], pads=[1000000000,1000000000]}",
       {{"s", "const:1"}}},
  };
}

class Dynamic : public ::testing::TestWithParam<Case> {};

TEST_P(Dynamic, ResultsAreRefusedWithNodeAndBytes) {
  for (const char* backend : {"cpu", "reference"})
    EXPECT_THAT(refusal(GetParam(), {.backend = backend, .memory_limit = kLimit}),
                AllOf(HasSubstr("'y'"), HasSubstr("bytes"), HasSubstr("--memory-limit")))
        << backend;
}

INSTANTIATE_TEST_SUITE_P(Results, Dynamic, ::testing::ValuesIn(dynamic_cases()),
                         [](const auto& info) { return "Case" + std::to_string(info.index); });

/// Extents are constants: the plan knows them.
std::vector<Case> static_cases() {
  const std::string one = "  input %one : float32[1]\n";
  const std::string huge = "  const %s = int64[1] {" + kHuge + "}\n";
  return {
      {"Expand", one + huge + "  %y = Expand(%one, %s)", {}},
      {"Tile", one + huge + "  %y = Tile(%one, %s)", {}},
      {"ConstantOfShape", huge + "  %y = ConstantOfShape(%s)", {}},
      {"Range",
       "  const %zero = int64[] {0}\n  const %step = int64[] {1}\n  const %e = int64[] {" + kHuge +
           "}\n  %y = Range(%zero, %e, %step)",
       {}},
      {"Pad", one + "  const %s = int64[2] {" + kHuge + ", 0}\n  %y = Pad(%one, %s)", {}},
      {"Resize",
       "  input %x : float32[1,1,4,4]\n  const %s = int64[4] {1, 1, 400000, 400000}\n"
       "  %y = Resize(%x, _, _, %s) {mode=\"nearest\"}",
       {}},
      {"RandomUniform", "  %y = RandomUniform() {shape=[400000,400000]}", {}},
      {"Conv",
       "  input %x : float32[1,1,1,1]\n  const %w = float32[1,1,1,1] {2}\n"
       "  %y = Conv(%x, %w) {pads=[400000,400000,400000,400000]}",
       {}},
      {"an inner value",
       one + huge +
           "  %big = Expand(%one, %s)\n  %sum = CumSum(%big, %axis)\n"
           "  const %axis = int64[] {0}\n  %y = ReduceMax(%sum)",
       {}},
  };
}

class Static : public ::testing::TestWithParam<Case> {};

TEST_P(Static, ResultsAreRefusedWithNodeAndBytes) {
  for (const char* backend : {"cpu", "reference"})
    for (const char* recipe : {"none", "default", "all"})
      EXPECT_THAT(refusal(GetParam(), {recipe, backend, kLimit, {}}),
                  AllOf(HasSubstr("node '"), HasSubstr("bytes")))
          << backend << " " << recipe;
  // What the machine has is a limit too.
  EXPECT_THAT(refusal(GetParam(), {}), HasSubstr("bytes"));
}

INSTANTIATE_TEST_SUITE_P(Results, Static, ::testing::ValuesIn(static_cases()),
                         [](const auto& info) { return "Case" + std::to_string(info.index); });

/// Each value fits, all together do not.
TEST(MemoryLimit, IsForTheWholeRun) {
  const std::string text = graph_text(
      "  input %x : float32[1024,1024]\n  %a = Softmax(%x) {axis=0}\n  %b = Softmax(%a) {axis=1}\n"
      "  %c = MatMul(%a, %b)\n  %d = MatMul(%b, %c)\n  %y = Concat(%a, %b, %c, %d) {axis=0}");
  EXPECT_TRUE(run_text(text, {.memory_limit = int64_t{128} << 20}).ok());
  const Status refused = run_text(text, {.recipe = "none", .memory_limit = int64_t{24} << 20});
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(),
              AllOf(HasSubstr("a run needs"), HasSubstr("the limit is 25165824"),
                    HasSubstr("at its peak, node '")));
}

/// Small results in ever greater number count as well.
TEST(MemoryLimit, CountsWhatLoopsCollect) {
  const std::string text = graph_text(
      "  input %trips : int64[]\n  input %go : bool[]\n"
      "  _ , %y = Loop(%trips, %go, %go) {body=graph \"body\" {\n    opset \"\" 18\n"
      "    input %i : int64[]\n    input %c : bool[]\n    input %k : bool[]\n"
      "    %j = Identity(%i)\n    output \"c\" = %c\n    output \"k\" = %k\n"
      "    output \"j\" = %j\n  }}");
  const HostileRun how{.memory_limit = int64_t{16} << 20,
                       .inputs = {{"trips", "const:2147483648"}, {"go", "const:1"}}};
  const Status refused = run_text(text, how);
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().kind(), ErrorKind::kInternal) << refused.error().text();
  EXPECT_THAT(refused.error().text(), AllOf(HasSubstr("(Loop"), HasSubstr("bytes")));
}

TEST(MemoryLimit, LeavesOrdinaryRunsAlone) {
  const std::string text = graph_text(
      "  input %x : float32[16,16]\n  %n = NonZero(%x)\n  %t = Transpose(%n)\n"
      "  %g = GatherND(%x, %t)\n  %y = Exp(%g)");
  for (const char* backend : {"cpu", "reference"}) {
    const Status status = run_text(text, {.backend = backend, .memory_limit = int64_t{1} << 20});
    EXPECT_TRUE(status.ok()) << status.error().text();
  }
}

}  // namespace
}  // namespace kasuri
