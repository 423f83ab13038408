#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>

#include "profiling/dynamic/denoise_predictor.h"
#include "profiling/dynamic/denoise_quality.h"
#include "profiling/dynamic/denoise_run.h"
#include "profiling/dynamic/denoise_verdict.h"

namespace kasuri::profiling {
namespace {

std::string trained() {
  const char* shared = std::getenv("KASURI_SHARED");
  const char* source = std::getenv("KASURI_SOURCE");
  const std::string root =
      shared != nullptr ? shared : std::string(source == nullptr ? "." : source) + "/../shared";
  return root + "/models/trained/";
}

TEST(DenoiseSchedule, StepsAreTrailingAndEndAtTheImage) {
  NoiseSchedule schedule;
  schedule.alphas.assign(1000, 0.5);
  const auto times = schedule.timesteps(4);
  EXPECT_EQ(times, (std::vector<int64_t>{999, 749, 499, 249}));
  std::vector<float> sample = {0.3F, -2};
  const std::vector<float> image = {0.5F, 0.25F};
  std::mt19937_64 random;
  denoise_step(Sampler::kDdim, 0.3, schedule.alpha(-1), image, sample, random);
  EXPECT_NEAR(sample[0], 0.5, 1e-6);
  EXPECT_NEAR(sample[1], 0.25, 1e-6);
}

TEST(DenoiseSchedule, EulerAndDdimAreTheSameStepWithoutClipping) {
  NoiseSchedule schedule;
  std::mt19937_64 random(1);
  std::vector<float> a = gaussian_noise(64, random), b = a;
  const std::vector<float> noise = gaussian_noise(64, random);
  std::vector<float> image(64);
  predicted_image(schedule, 0.2, a, noise, image);
  denoise_step(Sampler::kDdim, 0.2, 0.6, image, a, random);
  denoise_step(Sampler::kEuler, 0.2, 0.6, image, b, random);
  for (size_t k = 0; k < a.size(); ++k) EXPECT_NEAR(a[k], b[k], 1e-5);
}

TEST(DenoiseQuality, IsOneForEqualImagesAndFallsWithNoise) {
  std::mt19937_64 random(2);
  const std::vector<float> a = gaussian_noise(256, random);
  std::vector<float> near = a, far = gaussian_noise(256, random);
  near[5] += 0.1F;
  const std::vector<int64_t> extents = {1, 1, 16, 16};
  EXPECT_DOUBLE_EQ(ssim(a, a, extents, 2), 1);
  EXPECT_GT(ssim(a, near, extents, 2), 0.99);
  EXPECT_LT(ssim(a, far, extents, 2), 0.5);
  EXPECT_NEAR(psnr(a, near, 2), 10 * std::log10(4 * 256 / 0.01), 1e-3);
}

TEST(StepPredictor, LearnsWhatEachLabelNeeds) {
  std::vector<DenoiseVariant> ways(4);
  const std::vector<int64_t> steps = {200, 10, 20, 40}, labels = {0, 1, 0, 1, 0, 1, 0, 1};
  for (size_t v = 0; v < ways.size(); ++v) {
    ways[v].rule.steps = steps[v];
    for (int64_t label : labels)
      ways[v].ssim.push_back(steps[v] >= (label == 0 ? 10 : 40) ? 0.99 : 0.9);
  }
  const auto predictor = fit_step_predictor(ways, labels, 0.98, 0.5);
  ASSERT_TRUE(predictor.ok());
  EXPECT_LT(predictor->steps_for(0) + 8, predictor->steps_for(1));
  EXPECT_FALSE(fit_step_predictor({ways[0]}, labels, 0.98, 0.5).ok());
}

TEST(StepVerdict, SaysWhereAPlainWayDoesAsWell) {
  std::vector<DenoiseVariant> ways(4);
  ways[0] = {"full 200", {}, {}, {}, {200, 200, 200}, {9, 9, 9}, {}, {1, 1, 1}};
  ways[1] = {"asked for", {}, {}, {}, {18, 19, 20}, {1, 1, 1}, {}, {0.995, 0.996, 0.994}};
  ways[1].rule.skip_error = 0.5;
  ways[2] = {"fixed 10", {}, {}, {}, {10, 10, 10}, {1, 1, 1}, {}, {0.9, 0.91, 0.92}};
  ways[3] = {"stride 13", {}, {}, {}, {18, 18, 18}, {1, 1, 1}, {}, {0.9954, 0.9955, 0.9945}};
  ways[3].rule.stride = 13;
  const StepVerdict even = judge_steps(ways, 1);
  EXPECT_EQ(even.rival, "stride 13");
  EXPECT_TRUE(even.as_well);
  EXPECT_NE(even.text().find("'stride 13' does as well"), std::string::npos) << even.text();
  ways[3].ssim = {0.95, 0.9965, 0.96};
  EXPECT_TRUE(judge_steps(ways, 1).undecided) << "better on average, but not surely";
  ways[3].evaluations = {20, 20, 20};
  const StepVerdict better = judge_steps(ways, 1);
  EXPECT_EQ(better.rival, "fixed 10") << "a way that asks more often is no rival";
  EXPECT_FALSE(better.as_well);
  EXPECT_GT(better.difference.low, 0.05);
  ways[2].evaluations = {21, 21, 21};
  EXPECT_TRUE(judge_steps(ways, 1).rival.empty());
  EXPECT_NE(judge_steps(ways, 1).text().find("--strides"), std::string::npos);
}

TEST(StepRule, AStrideIsTheShortestThatAsksNoMoreOften) {
  EXPECT_EQ(evaluations_at_stride(200, 1), 200);
  EXPECT_EQ(evaluations_at_stride(200, 12), 18);
  EXPECT_EQ(stride_for(200, 18.4), 12);
  EXPECT_EQ(stride_for(200, 200), 1);
  EXPECT_EQ(stride_for(2, 1), 2);
}

TEST(Denoise, SkipsTheNetworkWhereThePreviewFollowsALine) {
  if (!std::filesystem::exists(trained() + "glyph_denoiser.onnx"))
    GTEST_SKIP() << "no trained models in " << trained();
  const auto schedule = read_schedule(trained() + "denoiser_schedule.json");
  ASSERT_TRUE(schedule.ok());
  DenoiserRequest open;
  open.path = trained() + "glyph_denoiser.onnx";
  open.guided = true;
  const auto model = DenoiserModel::open(open, {});
  ASSERT_TRUE(model.ok()) << model.error().text();
  std::mt19937_64 random(4);
  const auto noise = gaussian_noise((*model)->image_size(), random);
  DenoiseRequest request;
  request.label = 8;
  request.guidance = 2;
  request.rule.steps = 200;
  const auto full = denoise(**model, *schedule, request, noise, {});
  ASSERT_TRUE(full.ok());
  EXPECT_EQ(full->evaluations, 200);
  request.rule.skip_error = 0.5;
  const auto fast = denoise(**model, *schedule, request, noise, {});
  ASSERT_TRUE(fast.ok());
  EXPECT_LT(fast->evaluations, 40);
  EXPECT_GT(ssim(fast->image, full->image, {1, 1, 16, 16}, 2), 0.97);
  request.rule.skip_error = 0;
  request.rule.stride = 13;
  const auto strided = denoise(**model, *schedule, request, noise, {});
  ASSERT_TRUE(strided.ok());
  EXPECT_EQ(strided->evaluations, evaluations_at_stride(200, 13));
  EXPECT_GT(ssim(strided->image, full->image, {1, 1, 16, 16}, 2), 0.97);
  request.rule.stride = 0;
  request.rule.stop_change = 0.5;
  const auto stopped = denoise(**model, *schedule, request, noise, {});
  ASSERT_TRUE(stopped.ok());
  EXPECT_GE(stopped->stopped_at, 1);
}

}  // namespace
}  // namespace kasuri::profiling
