#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <numeric>
#include <random>
#include <span>

#include "engine/onnx/importer.h"
#include "engine/onnx/tensor_file.h"
#include "profiling/dynamic/early_exit_report.h"
#include "profiling/dynamic/exit_export.h"
#include "profiling/export/html.h"
#include "tests/support/two_exits.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNoExit = R"(
graph "no_exit" {
  opset "" 18
  input %x : float32["batch",8]
  const %w2 = float32[8,8] seed
  const %w3 = float32[8,3] seed
  %a = MatMul(%x, %w2)
  %b = Relu(%a)
  %c = MatMul(%b, %w2)
  %d = Relu(%c)
  %e = MatMul(%d, %w2)
  %f = Add(%e, %d)
  %scores = MatMul(%f, %w3)
  output "scores" = %scores
})";

class EarlyExit : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("kasuri_exit_" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string model(const char* text) {
    std::ofstream(folder_ / "model.ktxt") << text;
    return (folder_ / "model.ktxt").string();
  }
  std::string samples(int64_t count) {
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    std::vector<float> values(static_cast<size_t>(count * 8));
    for (float& value : values) value = normal(random);
    const std::string path = (folder_ / "x.npy").string();
    EXPECT_TRUE(write_value_file(path, "x", Tensor::of<float>({count, 8}, values)).ok());
    return path;
  }
  EarlyExitRequest request(const char* text, int64_t count) {
    EarlyExitRequest request;
    request.network.model.path = model(text);
    request.data.sources = {samples(count)};
    request.runs = 20;
    request.target.delta = 0.05;
    return request;
  }

  /// Alone, together and whole, in pieces of up to `prepared` samples (0: as they come).
  void expect_parts_give_what_the_model_gives(int64_t prepared);

  fs::path folder_;
};

/// Exit 0 is wrong exactly where it is unsure.
ExitTable made_up_table(int64_t count, uint64_t seed) {
  ExitTable table;
  table.count = count;
  table.classes = 2;
  table.heads = {"a", "b"};
  table.answers.resize(2);
  table.uncertainty.resize(1);
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> uniform(0, 1);
  for (int64_t i = 0; i < count; ++i) {
    const double doubt = uniform(random);
    table.uncertainty[0].push_back(doubt);
    table.answers[1].push_back(static_cast<int32_t>(i % 2));
    const bool wrong = uniform(random) < doubt * doubt / 4;
    table.answers[0].push_back(static_cast<int32_t>((i + wrong) % 2));
  }
  return table;
}

TEST(ExitRisk, TailsAreThoseOfTheBinomial) {
  EXPECT_NEAR(binomial_tail(10, 2, 0.3), 0.3827827864, 1e-9);
  EXPECT_NEAR(binomial_tail(299, 0, 0.01), std::pow(0.99, 299), 1e-12);
  EXPECT_EQ(binomial_tail(5, 5, 0.1), 1);
  EXPECT_NEAR(rate_bound(100, 0, 0.05), 1 - std::pow(0.05, 0.01), 1e-9);
  EXPECT_LE(loss_p_value(samples_needed(0.01, 0.05), 0, 0.01), 0.05);
  EXPECT_GE(loss_p_value(1000, 5, 0.01), binomial_tail(1000, 5, 0.01));
}

TEST(ExitRisk, LimitsHoldAsOftenAsPromised) {
  const std::vector<double> costs{0.3, 1.02};
  RiskTarget target;
  target.delta = 0.03;
  const auto path = lay_path(made_up_table(1500, 1), target, costs);
  // The true rate of thresholds t: the integral of u^2 / 4 up to t, t^3 / 12.
  int broken = 0;
  double cost = 0;
  for (uint64_t seed = 2; seed < 102; ++seed) {
    const Certificate found = walk_path(path, made_up_table(1500, seed), target);
    const double t = std::max(0.0, std::min(found.policy.thresholds[0], 1.0));
    broken += t * t * t / 12 > target.delta;
    cost += found.path[found.chosen].cost / 100;
  }
  EXPECT_LE(broken, 10);
  EXPECT_LT(cost, 0.65);  // it is not bought by never leaving
}

TEST(ExitRisk, TooFewSamplesCertifyNothingAndSaySo) {
  RiskTarget target;
  target.delta = 0.05;
  target.limits.push_back({1, 0.005, std::nullopt});
  const auto path = lay_path(made_up_table(400, 1), target, std::vector<double>{0.3, 1.0});
  const Certificate found = walk_path(path, made_up_table(400, 2), target);
  EXPECT_EQ(found.chosen, 0U);
  EXPECT_TRUE(found.policy.is_static());
  ASSERT_EQ(found.why_not.size(), 1U);
  EXPECT_NE(found.why_not[0].find("misses of class 1: 200 samples"), std::string::npos);
}

TEST(ExitGate, UncertaintyIsWhatItsNameSays) {
  const std::vector<float> even{1, 1}, sure{100, 0, 0}, none{NAN, 1};
  EXPECT_NEAR(uncertainty_of(ExitGate::kEntropy, even, {}), std::log(2), 1e-6);
  EXPECT_NEAR(uncertainty_of(ExitGate::kMargin, even, {}), 1, 1e-6);
  EXPECT_NEAR(uncertainty_of(ExitGate::kMaxProbability, even, {}), 0.5, 1e-6);
  EXPECT_NEAR(uncertainty_of(ExitGate::kEntropy, sure, {}), 0, 1e-6);
  EXPECT_NEAR(uncertainty_of(ExitGate::kSaturation, sure, sure), 0, 1e-6);
  EXPECT_EQ(uncertainty_of(ExitGate::kSaturation, sure, {}), 1);
  EXPECT_FALSE(uncertainty_of(ExitGate::kMaxProbability, none, {}) <= 10);
}

TEST(ClassLimits, AreReadOrRefusedInWords) {
  const auto both = parse_class_limit("7:misses=0.5%,false-alarms=0.01");
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->label, 7);
  EXPECT_NEAR(*both->misses, 0.005, 1e-12);
  EXPECT_NEAR(*both->false_alarms, 0.01, 1e-12);
  for (const char* wrong : {"", "7", "x:misses=1%", "7:", "7:hits=1%", "7:misses=2", "7:misses="})
    EXPECT_FALSE(parse_class_limit(wrong).ok()) << wrong;
}

TEST(ExitMonitor, StaysQuietWhileNothingChangesAndSpeaksWhenItDoes) {
  EXPECT_NEAR(chi_square_tail(3.84, 1), 0.05, 0.01);
  EXPECT_NEAR(chi_square_tail(7.81, 3), 0.05, 0.005);
  std::mt19937_64 random(5);
  std::discrete_distribution<size_t> calm({0.8, 0.15, 0.05}), shifted({0.5, 0.3, 0.2});
  ExitMonitor monitor({0.8, 0.15, 0.05}, {});
  for (int i = 0; i < 2000; ++i) monitor.saw(calm(random));
  EXPECT_TRUE(monitor.holds()) << monitor.why_not();
  for (int i = 0; i < 400; ++i) monitor.saw(shifted(random));
  EXPECT_NE(monitor.why_not().find("% did when calibrated"), std::string::npos);
  ExitMonitor audited({1, 0}, {});
  for (int i = 0; i < 100; ++i) audited.audited(i % 10 == 0);
  EXPECT_NE(audited.why_not().find("audited answers differ"), std::string::npos);
}

TEST(RidgeFit, FindsALinearMap) {
  std::mt19937 random(3);
  std::normal_distribution<float> normal;
  std::vector<float> features, targets;
  for (int i = 0; i < 400; ++i) {
    const float a = normal(random), b = 10 + 3 * normal(random);
    features.insert(features.end(), {a, b});
    targets.insert(targets.end(), {2 * a - b, b - 10});
  }
  const auto fit = fit_ridge(features, targets, 400);
  ASSERT_TRUE(fit.ok());
  EXPECT_NEAR(fit->weights[0], 2, 0.1);
  EXPECT_NEAR(fit->weights[2], -1, 0.1);
  EXPECT_GT(fit->agreement, 0.97);
  EXPECT_FALSE(fit_ridge(features, targets, 10).ok());
}

void EarlyExit::expect_parts_give_what_the_model_gives(int64_t prepared) {
  ExitRequest request;
  request.model.path = model(test::kTwoExits);
  const auto network = ExitNetwork::open(request, {});
  ASSERT_TRUE(network.ok()) << network.error().text();
  ExitRunner runner(std::make_shared<ExitNetwork>(*network));
  if (prepared > 0) {
    ASSERT_TRUE(runner.prepare(prepared, {}).ok());
  }
  const auto graph = network->graph(1);
  ASSERT_TRUE(graph.ok());
  const auto data = read_labelled_data(*graph, {{samples(11)}, "", 0});
  ASSERT_TRUE(data.ok()) << data.error().text();
  const ExitPolicy policy{ExitGate::kMaxProbability, {0.2}};
  const auto together = runner.run(data->inputs, policy, {});
  ASSERT_TRUE(together.ok()) << together.error().text();
  const auto full = runner.run_full(data->inputs, {});
  ASSERT_TRUE(full.ok());
  size_t early = 0;
  for (int64_t i = 0; i < 11; ++i) {
    const std::vector<int64_t> row{i};
    const auto alone = runner.run(data->batch(row), policy, {});
    ASSERT_TRUE(alone.ok());
    const auto n = static_cast<size_t>(i);
    EXPECT_EQ(alone->exits[0], together->exits[n]);
    early += alone->exits[0] == 0;
    for (size_t c = 0; c < 2; ++c) {
      EXPECT_NEAR(alone->scores.data<float>()[c], together->scores.data<float>()[2 * n + c], 1e-4);
      if (together->exits[n] == 0) continue;
      EXPECT_NEAR(full->scores.data<float>()[2 * n + c], together->scores.data<float>()[2 * n + c],
                  1e-4);
    }
  }
  EXPECT_GT(early, 0U);
  EXPECT_LT(early, 11U);
}

TEST_F(EarlyExit, PartsGiveWhatTheModelGives) { expect_parts_give_what_the_model_gives(0); }

TEST_F(EarlyExit, PiecesOfABatchGiveWhatTheModelGives) {
  for (const int64_t prepared : {1, 2, 8}) expect_parts_give_what_the_model_gives(prepared);
}

TEST_F(EarlyExit, LaterPartsAreUntouchedUntilEntered) {
  ExitRequest request;
  request.model.path = model(test::kTwoExits);
  const auto network = ExitNetwork::open(request, {});
  ASSERT_TRUE(network.ok());
  ExitRunner runner(std::make_shared<ExitNetwork>(*network));
  const NamedTensors easy{{"x", Tensor::of<float>({1, 8}, std::vector<float>(8, 3))}};
  ASSERT_TRUE(runner.run(easy, {ExitGate::kMaxProbability, {0.4}}, {}).ok());
  ASSERT_EQ(runner.memory().size(), 2U);
  EXPECT_TRUE(runner.memory()[0].entered);
  EXPECT_FALSE(runner.memory()[1].entered);
  ASSERT_TRUE(runner.run(easy, {ExitGate::kMaxProbability, {kNeverLeave}}, {}).ok());
  EXPECT_TRUE(runner.memory()[1].entered);
}

TEST_F(EarlyExit, NewContentsOfTheSameMemoryAreRead) {
  ExitRequest request;
  request.model.path = model(test::kTwoExits);
  const auto network = ExitNetwork::open(request, {});
  ASSERT_TRUE(network.ok());
  ExitRunner runner(std::make_shared<ExitNetwork>(*network));
  alignas(64) std::array<float, 16> memory{};
  for (const size_t at : {0UL, 1UL}) {  // inputs elsewhere than at multiples of 64 bytes are copied
    std::vector<float> firsts;
    for (const float x : {1.0F, -2.0F, 3.0F}) {
      const std::span<float> here = std::span(memory).subspan(at, 8);
      std::fill(here.begin(), here.end(), x);
      const NamedTensors views{
          {"x", Tensor::view(DataType::kFloat, {1, 8}, std::as_bytes(here), nullptr)}};
      const NamedTensors own{{"x", Tensor::of<float>({1, 8}, std::vector<float>(8, x))}};
      const auto seen = runner.run_full(views, {});
      ASSERT_TRUE(seen.ok()) << seen.error().text();
      firsts.push_back(seen->scores.data<float>()[0]);
      EXPECT_EQ(firsts.back(), runner.run_full(own, {})->scores.data<float>()[0]);
      const auto again = runner.run_full(views, {});
      std::fill(here.begin(), here.end(), 9.0F);
      const auto other = runner.run_full(views, {});
      EXPECT_EQ(again->scores.data<float>()[0], firsts.back());
      EXPECT_NE(other->scores.data<float>()[0], firsts.back());
    }
  }
}

TEST_F(EarlyExit, CertifiesTestsAndTells) {
  EarlyExitRequest asked = request(test::kTwoExits, 2000);
  asked.keep_exits = true;
  asked.splits = 5;
  const auto result = early_exit(asked, {});
  ASSERT_TRUE(result.ok()) << result.error().text();
  EXPECT_EQ(result->certificate.counts.size(), 1U);
  EXPECT_LE(result->certificate.counts[0].rate(), 0.05);
  const nlohmann::json report = describe_early_exit(asked, *result, "kasuri early-exit");
  EXPECT_EQ(report["exits"].size(), 2U);
  EXPECT_EQ(report["test"]["samples"], 500);
  EXPECT_EQ(report["splits"]["splits"], 5);
  EXPECT_NE(early_exit_text(report).find("certified on"), std::string::npos);
  const std::string html = html_dynamic({{"dynamic", nlohmann::json::array({report})}});
  EXPECT_NE(html.find("disagreement with the full model"), std::string::npos);
  EXPECT_EQ(html.find("http"), std::string::npos);  // nothing is fetched
}

TEST_F(EarlyExit, TheLockKeepsEverythingExact) {
  EarlyExitRequest asked = request(test::kTwoExits, 400);
  asked.keep_exits = asked.exact_only = true;
  const auto result = early_exit(asked, {});
  ASSERT_TRUE(result.ok()) << result.error().text();
  EXPECT_EQ(result->agreement, 1);
  EXPECT_TRUE(result->policy.is_static());
}

TEST_F(EarlyExit, WrongRequestsAreRefusedInWords) {
  const auto text = [&](const EarlyExitRequest& asked) {
    const auto result = early_exit(asked, {});
    return result.ok() ? std::string("no error") : result.error().text();
  };
  EXPECT_NE(text(request(kNoExit, 100)).find("no exit heads"), std::string::npos);
  EarlyExitRequest asked = request(test::kTwoExits, 100);
  asked.network.exits = {"nothing"};
  EXPECT_NE(text(asked).find("no value 'nothing'"), std::string::npos);
  asked = request(test::kTwoExits, 100);
  asked.target.limits.push_back({9, 0.1, std::nullopt});
  EXPECT_NE(text(asked).find("no class 9"), std::string::npos);
  asked = request(test::kTwoExits, 100);
  asked.target.use_labels = true;
  EXPECT_NE(text(asked).find("--labels"), std::string::npos);
  asked = request(test::kTwoExits, 100);
  asked.thresholds = std::vector<double>{0.1, 0.1};
  EXPECT_NE(text(asked).find("2 thresholds were given for 1 exits"), std::string::npos);
}

TEST_F(EarlyExit, ExportedFileDecidesTheSame) {
  ExitRequest request;
  request.model.path = model(test::kTwoExits);
  auto network = ExitNetwork::open(request, {});
  ASSERT_TRUE(network.ok());
  for (ExitGate gate : {ExitGate::kEntropy, ExitGate::kMargin, ExitGate::kMaxProbability}) {
    const ExitPolicy policy{gate, {0.05}};
    const std::string path = (folder_ / "nested.onnx").string();
    const Status written = export_exits(path, *network, policy, {{"delta", "0.01"}}, {});
    ASSERT_TRUE(written.ok()) << written.error().text();
    const auto read = import_model(path);
    ASSERT_TRUE(read.ok()) << read.error().text();
    EXPECT_EQ(read->graph.metadata().at("kasuri.early_exit.delta"), "0.01");
    EXPECT_EQ(read->graph.metadata().at("kasuri.early_exit.gate"), name_of(gate));
    KasuriSession session;
    ASSERT_TRUE(session.open({.path = path}, {}).ok());
    ASSERT_TRUE(session.make_plan({}, {}).ok());
    ExitRunner runner(std::make_shared<ExitNetwork>(*network));
    const auto data = read_labelled_data(read->graph, {{samples(20)}, "", 0});
    ASSERT_TRUE(data.ok()) << data.error().text();
    for (int64_t i = 0; i < 20; ++i) {
      const std::vector<int64_t> row{i};
      const auto mine = runner.run(data->batch(row), policy, {});
      InputRequest input;
      input.given["x"] = data->batch(row)["x"];
      ASSERT_TRUE(session.bind(input).ok());
      ASSERT_TRUE(session.run({}).ok());
      const auto theirs = session.outputs();
      ASSERT_TRUE(theirs.ok() && mine.ok());
      EXPECT_EQ((*theirs)[1].tensor().data<int64_t>()[0], static_cast<int64_t>(mine->exits[0]));
      EXPECT_NEAR((*theirs)[0].tensor().data<float>()[0], mine->scores.data<float>()[0], 1e-4);
    }
  }
}

}  // namespace
}  // namespace kasuri::profiling
