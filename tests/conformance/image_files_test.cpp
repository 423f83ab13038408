#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "engine/backend/reference/image_file.h"
#include "engine/onnx/tensor_file.h"
#include "tests/conformance/node_case.h"

// Damaged image files of every format: an error or an image, never a crash, never more memory than
// admitted.
namespace kasuri::testing {
namespace {

using reference::decode_image;
using reference::Image;
using Bytes = std::vector<uint8_t>;

constexpr int64_t kAdmitted = 64 << 20;

Status admit(int64_t bytes) {
  if (bytes > kAdmitted) return Error("too large");
  return Done{};
}

/// True where it still decodes. Its extents must then be those of its pixels.
bool decodes(const Bytes& file) {
  const Result<Image> image = decode_image(file, admit);
  if (!image.ok()) return false;
  EXPECT_EQ(static_cast<int64_t>(image->pixels.size()),
            image->height * image->width * image->channels);
  return true;
}

std::vector<std::pair<std::string, Bytes>> image_files() {
  std::vector<std::pair<std::string, Bytes>> files;
  for (const NodeCase& c : node_cases()) {
    if (c.name.find("image_decoder") == std::string::npos) continue;
    const auto file = read_tensor_file(c.path / "test_data_set_0" / "input_0.pb");
    if (!file.ok()) continue;
    const auto bytes = file->data<uint8_t>();
    files.emplace_back(c.name, Bytes(bytes.begin(), bytes.end()));
  }
  return files;
}

TEST(ImageFiles, IncompleteOnesEndInAnErrorOrAnImage) {
  for (const auto& [name, whole] : image_files()) {
    EXPECT_TRUE(decodes(whole)) << name;
    const size_t step = std::max<size_t>(1, whole.size() / 300);
    int refused = 0;
    for (size_t n = 0; n < whole.size(); n += step)
      refused +=
          decodes(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(n))) ? 0 : 1;
    EXPECT_GT(refused, 100) << name;
  }
}

TEST(ImageFiles, ChangedBytesEndInAnErrorOrAnImage) {
  std::mt19937 random(7);
  for (const auto& [name, whole] : image_files()) {
    int refused = 0;
    for (int round = 0; round < 1500; ++round) {
      Bytes file = whole;
      // Most changes hit the headers.
      const size_t reach = round % 2 == 0 ? std::min<size_t>(file.size(), 200) : file.size();
      for (uint32_t k = 0; k <= random() % 4; ++k)
        file[random() % reach] = static_cast<uint8_t>(random() % 3 == 0 ? 0xFF : random());
      refused += decodes(file) ? 0 : 1;
    }
    EXPECT_GT(refused, 20) << name;
  }
}

}  // namespace
}  // namespace kasuri::testing
