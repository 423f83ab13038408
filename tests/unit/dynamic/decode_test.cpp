#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "profiling/dynamic/decode_early.h"
#include "profiling/dynamic/speculative_run.h"

namespace kasuri::profiling {
namespace {

std::string trained() {
  const char* shared = std::getenv("KASURI_SHARED");
  const char* source = std::getenv("KASURI_SOURCE");
  const std::string root =
      shared != nullptr ? shared : std::string(source == nullptr ? "." : source) + "/../shared";
  return root + "/models/trained/";
}

class Decode : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(trained() + "code_lm.onnx"))
      GTEST_SKIP() << "no trained models in " << trained();
    std::ifstream file(trained() + "prompts.json");
    const auto data = nlohmann::json::parse(file);
    prompts_ = data.at("prompts").get<std::vector<std::vector<int64_t>>>();
  }

  static std::unique_ptr<DecodeModel> open(DecodeSource source) {
    auto model = DecodeModel::open({std::move(source), {}, "default", {}}, {});
    EXPECT_TRUE(model.ok()) << (model.ok() ? "" : model.error().text());
    return std::move(model).value();
  }

  static std::vector<int64_t> continued(DecodeModel& target, Proposer* proposer,
                                        const std::vector<int64_t>& prompt, int64_t tokens,
                                        std::vector<SpeculativePass>* passes = nullptr) {
    Generator generator(target, proposer, {4, false});
    GenerationRequest request;
    request.prompt = prompt;
    request.new_tokens = tokens;
    const auto made = generator.run(request, {});
    EXPECT_TRUE(made.ok()) << (made.ok() ? "" : made.error().text());
    if (passes != nullptr) *passes = made->passes;
    return made->tokens;
  }

  std::vector<std::vector<int64_t>> prompts_;
};

TEST_F(Decode, EveryKindOfDraftGivesTheTokensOfPlainDecoding) {
  const auto target = open({trained() + "code_lm.onnx", nullptr});
  EXPECT_EQ(target->face().cache.size(), 16U);
  EXPECT_EQ(target->face().vocabulary, 256);
  std::vector<std::unique_ptr<Proposer>> drafts;
  drafts.push_back(
      std::make_unique<ModelProposer>(open({trained() + "code_lm_draft.onnx", nullptr}), "draft"));
  drafts.push_back(std::make_unique<ModelProposer>(
      open(early_layers(trained() + "code_lm.onnx", "hidden.5")), "early"));
  drafts.push_back(std::make_unique<LookupProposer>());
  for (size_t k = 0; k < 2; ++k) {
    const auto plain = continued(*target, nullptr, prompts_[k], 24);
    ASSERT_EQ(plain.size(), 24U);
    for (const auto& draft : drafts) {
      std::vector<SpeculativePass> passes;
      EXPECT_EQ(continued(*target, draft.get(), prompts_[k], 24, &passes), plain) << draft->name();
      EXPECT_LT(passes.size(), 23U) << draft->name() << " never helped";
    }
  }
}

TEST_F(Decode, TheCacheGrowsAndWithoutOneTheTokensAreTheSame) {
  const auto with = open({trained() + "code_lm.onnx", nullptr});
  const auto without = open({trained() + "code_lm_nocache.onnx", nullptr});
  EXPECT_TRUE(with->has_cache());
  EXPECT_FALSE(without->has_cache());
  const std::vector<int64_t> prompt(prompts_[0].begin(), prompts_[0].begin() + 50);
  EXPECT_EQ(continued(*with, nullptr, prompt, 12), continued(*without, nullptr, prompt, 12));
  with->truncate(0);
  ASSERT_TRUE(with->reserve(64, {}).ok());
  const int before = with->plans_made();
  ASSERT_TRUE(with->append(prompt, {}).ok());
  for (int k = 0; k < 20; ++k) ASSERT_TRUE(with->append(std::span(prompt).first(1), {}).ok());
  EXPECT_EQ(with->length(), 70);
  EXPECT_LE(with->plans_made() - before, 4) << "plans are made per capacity, not per token";
}

TEST_F(Decode, APassOverSeveralTokensGivesTheScoresOfSinglePasses) {
  const auto model = open({trained() + "code_lm_draft.onnx", nullptr});
  ASSERT_TRUE(model->reserve(128, {}).ok());
  const std::span<const int64_t> text(prompts_[1]);
  ASSERT_TRUE(model->append(text.first(60), {}).ok());
  const auto together = model->append(text.subspan(60, 5), {});
  ASSERT_TRUE(together.ok());
  model->truncate(60);
  for (size_t k = 0; k < 5; ++k) {
    const auto alone = model->append(text.subspan(60 + k, 1), {});
    ASSERT_TRUE(alone.ok());
    const auto a = together->row(static_cast<int64_t>(k)), b = alone->last();
    for (size_t v = 0; v < a.size(); ++v) ASSERT_NEAR(a[v], b[v], 2e-4) << k << " " << v;
  }
}

TEST_F(Decode, KeysThatAreOnlyReadTurnedAreKeptSo) {
  const auto model = open({trained() + "code_lm.onnx", nullptr});
  for (const CachePair& pair : model->face().cache)
    EXPECT_EQ(pair.turned, pair.past.find("key", 16) != std::string::npos) << pair.past;
}

TEST_F(Decode, AtTheEndOfTheRoomAPassIsCutWhereItsPlanHasNoSlots) {
  const auto model = open({trained() + "code_lm_draft.onnx", nullptr});
  const std::span<const int64_t> text(prompts_[1]);
  ASSERT_TRUE(model->reserve(64, {}).ok());
  ASSERT_TRUE(model->append(text.first(57), {}).ok());
  const auto together = model->append(text.subspan(57, 7), {});
  ASSERT_TRUE(together.ok()) << together.error().text();
  ASSERT_EQ(together->count(), 7);
  EXPECT_EQ(model->length(), 64);
  model->truncate(57);
  for (size_t k = 0; k < 7; ++k) {
    const auto alone = model->append(text.subspan(57 + k, 1), {});
    ASSERT_TRUE(alone.ok());
    const auto a = together->row(static_cast<int64_t>(k)), b = alone->last();
    for (size_t v = 0; v < a.size(); ++v) ASSERT_NEAR(a[v], b[v], 2e-4) << k << " " << v;
  }
}

TEST_F(Decode, TokensOutsideTheVocabularyAreRefused) {
  const auto model = open({trained() + "code_lm_draft.onnx", nullptr});
  const std::vector<int64_t> wrong = {256};
  const auto rows = model->append(wrong, {});
  ASSERT_FALSE(rows.ok());
  EXPECT_NE(rows.error().text().find("vocabulary of 256"), std::string::npos);
}

Graph two_outputs(bool with_past) {
  GraphBuilder b;
  b.opset("", 17);
  const auto ids = b.input("input_ids", ValueType::tensor(DataType::kInt64, Shape{Dim(1), Dim(1)}));
  const auto table = b.constant("table", Tensor::of<float>({4, 4}, std::vector<float>(16, 1.0F)));
  const auto rows = b.add({"", "Gather"}, "rows", {table, ids})[0];
  b.set_type(rows, ValueType::tensor(DataType::kFloat, Shape{Dim(1), Dim(1), Dim(4)}));
  b.output("logits", rows);
  if (with_past) {
    const auto past =
        b.input("past.0", ValueType::tensor(DataType::kFloat, Shape{Dim(1), Dim(1), Dim(4)}));
    const auto joined = b.add({"", "Concat"}, "joined", {past, rows}, 1, {{"axis", int64_t{1}}})[0];
    b.set_type(joined, ValueType::tensor(DataType::kFloat, Shape{Dim(1), Dim(2), Dim(4)}));
    b.output("present.0", joined);
  } else {
    b.output("present.0", rows);
  }
  return std::move(b.take()).value();
}

TEST(DecodeFace, FindsTheCacheAndNamesAMissingPastInput) {
  const auto face = find_decode_face(two_outputs(true), {});
  ASSERT_TRUE(face.ok()) << face.error().text();
  ASSERT_EQ(face->cache.size(), 1U);
  EXPECT_EQ(face->cache[0].axis, 1);
  const auto missing = find_decode_face(two_outputs(false), {});
  ASSERT_FALSE(missing.ok());
  EXPECT_NE(missing.error().text().find("'present.0' has no past input"), std::string::npos);
  const auto given = find_decode_face(two_outputs(true), {"", "", {{"past.1", "present.0"}}});
  ASSERT_FALSE(given.ok());
  EXPECT_NE(given.error().text().find("no past input 'past.1'"), std::string::npos);
}

/// Keys [1, 1, n, 4] joined and read with their last two axes swapped, `also` by another node.
Graph turned_keys(bool also) {
  GraphBuilder b;
  b.opset("", 17);
  const auto floats = [](std::vector<Dim> dims) {
    return ValueType::tensor(DataType::kFloat, Shape(std::move(dims)));
  };
  const auto past = b.input("past.0", floats({Dim(1), Dim(1), Dim(1), Dim(4)}));
  const auto rows = b.input("rows", floats({Dim(1), Dim(1), Dim(1), Dim(4)}));
  const auto joined = b.add({"", "Concat"}, "joined", {past, rows}, 1, {{"axis", int64_t{2}}})[0];
  b.set_type(joined, floats({Dim(1), Dim(1), Dim(2), Dim(4)}));
  b.output("present.0", joined);
  const std::vector<int64_t> swap = {0, 1, 3, 2};
  b.output("read", b.add({"", "Transpose"}, "turn", {joined}, 1, {{"perm", swap}})[0]);
  if (also) b.output("other", b.add({"", "Relu"}, "relu", {joined})[0]);
  return std::move(b.take()).value();
}

TEST(DecodeFace, ACacheIsTurnedWhereNobodyReadsItOtherwise) {
  const CachePair keys{"past.0", "present.0", 2};
  EXPECT_EQ(turning_readers(turned_keys(false), keys).size(), 1U);
  EXPECT_TRUE(turning_readers(turned_keys(true), keys).empty());
  EXPECT_TRUE(turning_readers(turned_keys(false), {"past.0", "present.0", 3}).empty());
}

}  // namespace
}  // namespace kasuri::profiling
