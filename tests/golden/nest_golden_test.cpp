#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "engine/loops/compose.h"
#include "tests/support/sample_nests.h"

namespace kasuri::loops {
namespace {

/// Whatever folder the test runs in, and whatever a compiler cache made of __FILE__.
std::filesystem::path folder() {
  const char* source = std::getenv("KASURI_SOURCE");
  return std::filesystem::path(source != nullptr ? source : ".") / "tests/golden/nests";
}

std::string contents(const std::filesystem::path& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// Compares with the file; writes it instead if KASURI_UPDATE_GOLDEN is set.
void expect_golden(const std::string& name, const Nest& nest) {
  const std::filesystem::path path = folder() / (name + ".txt");
  const std::string text = print(nest);
  if (std::getenv("KASURI_UPDATE_GOLDEN") != nullptr) std::ofstream(path) << text;
  EXPECT_EQ(contents(path), text) << path;
  const auto back = parse(contents(path));
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(text, print(*back));
}

TEST(NestGolden, BiasGelu) { expect_golden("bias_gelu", fuse(bias_gelu(128, 768))); }
TEST(NestGolden, SoftmaxWithMask) {
  expect_golden("softmax_with_mask", fuse(masked_softmax(2, 12, 128)));
}
TEST(NestGolden, LayerNormAndResidual) {
  expect_golden("layer_norm_residual", fuse(layer_norm_decomposed(2, 128, 768)));
}
TEST(NestGolden, TransposedAttentionOperand) {
  expect_golden("attention_scores", fuse(attention_operand(2, 12, 128, 64)));
}
TEST(NestGolden, Im2col) { expect_golden("im2col", fuse(im2col(64, 56, 64))); }
TEST(NestGolden, GroupNorm) { expect_golden("group_norm", fuse(group_norm(2, 32, 8, 64))); }

}  // namespace
}  // namespace kasuri::loops
