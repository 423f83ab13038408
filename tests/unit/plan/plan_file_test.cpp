#include "engine/plan/plan_file.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/unit/cpu/model_runner.h"

namespace kasuri::testing {
namespace {

class PlanFile : public ::testing::Test {
 protected:
  PlanFile() : path_("/tmp/kasuri_plan_test_" + std::to_string(::getpid()) + ".kplan") {}
  ~PlanFile() override { std::filesystem::remove(path_); }

  std::string bytes() const {
    std::ifstream in(path_, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void put(const std::string& bytes) const {
    std::ofstream(path_, std::ios::binary)
        .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  }
  std::string error() const {
    const auto content = load_plan(path_);
    return content.ok() ? "loaded" : content.error().text();
  }

  std::string path_;
};

/// A body, a string, weights, a group, a layout: something of everything.
PlanFileContent sample() {
  GraphBuilder body("then");
  body.opset("", 17);
  const ValueId outer = body.capture("scaled", floats({1, 8, 6, 6}));
  body.output("r", body.add({"", "Relu"}, "inner", {outer})[0]);
  GraphBuilder other("else");
  other.opset("", 17);
  other.output(
      "r", other.add({"", "Neg"}, "inner2", {other.capture("scaled", floats({1, 8, 6, 6}))})[0]);
  GraphBuilder g("sample");
  g.opset("", 17).metadata("who", "test");
  const ValueId x = g.input("x", floats({1, 8, 6, 6}));
  const ValueId c1 =
      g.add({"", "Conv"}, "conv", {x, g.constant("w", random_floats({8, 8, 1, 1}, 1))})[0];
  const ValueId relu = g.add({"", "Relu"}, "relu", {c1})[0];
  const ValueId c2 =
      g.add({"", "Conv"}, "conv2", {relu, g.constant("w2", random_floats({8, 8, 3, 3}, 2))}, 1,
            {{"pads", std::vector<int64_t>{1, 1, 1, 1}}})[0];
  (void)g.add({"", "Mul"}, "scaled", {c2, g.constant("s", Tensor::scalar(0.5f))});
  const ValueId yes =
      g.constant("yes", Tensor::make(DataType::kBool, {}, [](auto b) { b[0] = std::byte{1}; }));
  const auto graph_of = [](GraphBuilder& b) {
    return std::make_shared<const Graph>(std::move(*b.take()));
  };
  g.output("y", g.add({"", "If"}, "if", {yes}, 1,
                      {{"then_branch", GraphPointer(graph_of(body))},
                       {"else_branch", GraphPointer(graph_of(other))}})[0]);
  PlanFileContent content;
  content.graph = finish(g);
  content.decisions = grouped(*content.graph, {"conv", "relu"});
  EXPECT_TRUE(content.decisions.apply(SetLayout{relu, {0, 2, 3, 1}}).ok());
  EXPECT_TRUE(
      content.decisions.apply(AllowInPlace{*content.graph->find_node("scaled"), 0, 0}).ok());
  EXPECT_TRUE(content.decisions.apply(EnableMemory{MemoryOption::kAliasViews}).ok());
  content.options.threads = 2;
  content.made_by = "kasuri test";
  content.environment = "here";
  return content;
}

TEST_F(PlanFile, LoadsWhatWasSavedAndRunsTheSame) {
  const PlanFileContent saved = sample();
  ASSERT_TRUE(save_plan(path_, saved).ok());
  const auto loaded = load_plan(path_);
  ASSERT_TRUE(loaded.ok()) << loaded.error().text();
  EXPECT_EQ(loaded->made_by, "kasuri test");
  EXPECT_EQ(loaded->options.threads, 2);
  EXPECT_EQ(loaded->decisions.groups().size(), 1u);
  const Inputs inputs = inputs_for(*saved.graph);
  const Outcome a = run_plan(saved.graph, saved.decisions, inputs, saved.options);
  const Outcome b = run_plan(loaded->graph, loaded->decisions, inputs, loaded->options);
  EXPECT_TRUE(a.plan->hash() == b.plan->hash());
  ASSERT_EQ(a.outputs.size(), b.outputs.size());
  EXPECT_EQ(a.outputs[0].tensor().fingerprint(), b.outputs[0].tensor().fingerprint());
}

TEST_F(PlanFile, EveryFlippedBitIsFound) {
  ASSERT_TRUE(save_plan(path_, sample()).ok());
  const std::string good = bytes();
  for (size_t at = 0; at < good.size(); at += 1 + good.size() / 400) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    put(bad);
    EXPECT_NE(error(), "loaded") << "byte " << at;
  }
}

TEST_F(PlanFile, TruncatedForeignAndNewerFilesAreRefusedInWords) {
  ASSERT_TRUE(save_plan(path_, sample()).ok());
  const std::string good = bytes();
  for (size_t size = 0; size < good.size(); size += 1 + good.size() / 97) {
    put(good.substr(0, size));
    EXPECT_NE(error(), "loaded") << size << " bytes";
  }
  put(good.substr(0, good.size() - 1));
  EXPECT_THAT(error(), ::testing::HasSubstr("truncated"));
  put(good + "x");
  EXPECT_THAT(error(), ::testing::HasSubstr("too long"));
  put("\x08\x07\x12\x07pytorch and much more that is no plan at all");
  EXPECT_THAT(error(), ::testing::HasSubstr("not a Kasuri plan"));
  std::string newer = good;
  newer[8] = 99;
  put(newer);
  EXPECT_THAT(error(), ::testing::HasSubstr("version 99"));
  std::filesystem::remove(path_);
  EXPECT_NE(error(), "loaded");
}

TEST_F(PlanFile, OperatorSetsThatAreNoVersionAreRefused) {
  for (int version : {0, 2'000'000}) {
    GraphBuilder g("g");
    g.opset("", 17).opset("com.acme", version);
    g.output("y", g.add({"", "Relu"}, "y", {g.input("x", floats({2}))})[0]);
    PlanFileContent content;
    content.graph = finish(g);
    ASSERT_TRUE(save_plan(path_, content).ok());
    EXPECT_THAT(error(), ::testing::HasSubstr("malformed")) << version;
  }
}

TEST_F(PlanFile, ConstantsOfImpossibleExtentsAreRefused) {
  const auto loading = [&](int64_t rows) {
    GraphBuilder g("g");
    g.opset("", 17);
    const Tensor none = Tensor::make(DataType::kFloat, {rows, 0}, [](auto) {});
    const ValueId y = g.add({"", "Identity"}, "y", {g.constant("c", none)})[0];
    g.set_type(y, floats({rows, 0}));
    g.output("y", y);
    PlanFileContent content;
    content.graph = std::make_shared<const Graph>(*g.take());
    EXPECT_TRUE(save_plan(path_, content).ok());
    return error();
  };
  EXPECT_EQ(loading(8), "loaded");
  EXPECT_THAT(loading(int64_t{1} << 40), ::testing::HasSubstr("malformed"));
}

TEST_F(PlanFile, BodiesThatCaptureNothingThereAreRefused) {
  const auto branch = [] {
    GraphBuilder body("body");
    body.opset("", 17);
    body.output("r", body.capture("nowhere", floats({2})));
    return GraphPointer(std::make_shared<const Graph>(*body.take()));
  };
  GraphBuilder g("g");
  g.opset("", 17);
  const ValueId yes = g.input("yes", ValueType::tensor(DataType::kBool, Shape{}));
  const ValueId y =
      g.add({"", "If"}, "y", {yes}, 1, {{"then_branch", branch()}, {"else_branch", branch()}})[0];
  g.set_type(y, floats({2}));
  g.output("y", y);
  PlanFileContent content;
  content.graph = std::make_shared<const Graph>(*g.take());
  ASSERT_TRUE(save_plan(path_, content).ok());
  EXPECT_THAT(error(), ::testing::HasSubstr("'nowhere'"));
}

/// Content changed by somebody who also fixed the checksum: any answer but a crash.
TEST_F(PlanFile, ForgedContentNeverCrashes) {
  ASSERT_TRUE(save_plan(path_, sample()).ok());
  const std::string good = bytes();
  ASSERT_LT(good.size(), size_t{1} << 20);
  std::mt19937 random(5);
  int refused = 0;
  for (int round = 0; round < 400; ++round) {
    std::string bad = good;
    for (unsigned k = 0; k <= random() % 3; ++k)
      bad[16 + random() % (bad.size() - 32)] = static_cast<char>(random());
    const auto content = std::as_bytes(std::span(bad.data(), bad.size() - 16));
    const Fingerprint hash = FingerprintBuilder().add_bytes(content).finish();
    for (int k = 0; k < 8; ++k) {
      bad[bad.size() - 16 + static_cast<size_t>(k)] = static_cast<char>(hash.low >> (8 * k));
      bad[bad.size() - 8 + static_cast<size_t>(k)] = static_cast<char>(hash.high >> (8 * k));
    }
    put(bad);
    const auto loaded = load_plan(path_);
    refused += !loaded.ok();
    if (loaded.ok() && round % 10 == 0)
      (void)make_plan(loaded->graph, loaded->decisions, backends(),
                      {.reference_only = round % 40 != 0}, {});
  }
  EXPECT_GT(refused, 40);
}

}  // namespace
}  // namespace kasuri::testing
