#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <map>

#include "engine/onnx/importer.h"

namespace kasuri {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

fs::path malformed() {
  const char* shared = std::getenv("KASURI_SHARED");
  const char* source = std::getenv("KASURI_SOURCE");
  return (shared ? fs::path(shared) : fs::path(source ? source : ".") / "../shared") /
         "models/malformed";
}

/// What must be said about the files that are not ONNX or lead out of their folder. The others are
/// structurally sound: they import, and whoever types or runs them says what is wrong.
const std::map<std::string, std::string>& refusals() {
  static const std::map<std::string, std::string> kRefusals = {
      {"lfs_pointer_resnet18_dynamo.onnx", "Git LFS pointer"},
      {"ort_flatbuffer_mnist.ort", "ONNX Runtime's own .ort format"},
      {"symlink_text_magika.onnx", "text file"},
      {"synthetic_empty.onnx", "empty"},
      {"synthetic_garbage_tail.onnx", "damaged"},
      {"synthetic_length_overflow.onnx", "longer than the message"},
      {"synthetic_truncated_half.onnx", "longer than the message"},
      {"ort_test_evil_weights.onnx", "'evil_weights'"},
      {"ort_model_with_orig_ext_data.onnx", "model_with_orig_ext_data.bin"},
  };
  return kRefusals;
}

TEST(MalformedModels, AreRefusedInWordsOrImported) {
  if (!fs::exists(malformed())) GTEST_SKIP() << malformed() << " is absent";
  int files = 0;
  for (const auto& entry : fs::directory_iterator(malformed())) {
    const std::string name = entry.path().filename().string();
    SCOPED_TRACE(name);
    ++files;
    const auto model = import_model(entry.path().string());
    const auto refusal = refusals().find(name);
    if (refusal == refusals().end()) {
      EXPECT_TRUE(model.ok()) << model.error().text();
      continue;
    }
    ASSERT_FALSE(model.ok());
    EXPECT_EQ(model.error().kind(), ErrorKind::kUser);
    EXPECT_THAT(model.error().text(), HasSubstr(name));
    EXPECT_THAT(model.error().text(), HasSubstr(refusal->second));
  }
  EXPECT_GT(files, 30);
}

}  // namespace
}  // namespace kasuri
