#include "engine/base/mapped_file.h"

#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <vector>

namespace kasuri {
namespace {

class MappedBytes : public testing::Test {
 protected:
  void SetUp() override {
    path_ = std::filesystem::temp_directory_path() / ("kasuri_mapped_" + std::to_string(getpid()));
    std::ofstream(path_) << std::string(kSize, 'w');
  }
  void TearDown() override { std::filesystem::remove(path_); }

  /// Pages of the range that this process has mapped in, read from /proc/self/smaps.
  static size_t resident_kib(const std::byte* begin) {
    std::ifstream maps("/proc/self/smaps");
    bool inside = false;
    char head[32];
    snprintf(head, sizeof head, "%lx-", reinterpret_cast<unsigned long>(begin));
    for (std::string line; std::getline(maps, line);) {
      if (line.find('-') != std::string::npos && line.find(':') > line.find('-'))
        inside = line.starts_with(head);
      if (inside && line.starts_with("Rss:")) return std::stoul(line.substr(4));
    }
    return 0;
  }

  static constexpr size_t kSize = size_t{4} << 20;
  std::filesystem::path path_;
};

TEST_F(MappedBytes, ReleasedPagesLeaveMemoryAndComeBackEqual) {
  const auto file = MappedFile::open(path_);
  ASSERT_TRUE(file.ok());
  const std::span<const std::byte> bytes = (*file)->bytes();
  const auto all_w = [&] {
    return std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{'w'}; });
  };
  ASSERT_TRUE(all_w());
  EXPECT_GE(resident_kib(bytes.data()), kSize / 1024);
  release_pages(bytes);
  EXPECT_EQ(resident_kib(bytes.data()), 0U);
  EXPECT_TRUE(all_w());
}

TEST_F(MappedBytes, HeapIsLeftAlone) {
  std::vector<std::byte> heap(kSize, std::byte{7});
  release_pages(heap);
  EXPECT_EQ(std::count(heap.begin(), heap.end(), std::byte{7}), static_cast<long>(kSize));
}

}  // namespace
}  // namespace kasuri
