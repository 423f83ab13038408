#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string_view>

#include "engine/backend/reference/image_file.h"
#include "tests/unit/reference/single_node.h"

// ImageDecoder on files small enough to be written here. Real files of every format, whole and
// damaged, are decoded in tests/conformance.
namespace kasuri {
namespace {

using testing::Call;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::only;
using testing::run_node;
using testing::values;
using Extents = std::vector<int64_t>;

Tensor file_of(std::string_view bytes) {
  return Tensor::of<uint8_t>({static_cast<int64_t>(bytes.size())},
                             std::vector<uint8_t>(bytes.begin(), bytes.end()));
}

Call decode(std::string_view bytes, const std::string& format = "RGB") {
  return {.op = {"", "ImageDecoder"},
          .inputs = {file_of(bytes)},
          .attributes = {{"pixel_format", format}}};
}

std::string error_of(const Call& call, int64_t memory_limit = int64_t{1} << 30) {
  const auto result = run_node(call, {}, memory_limit);
  return result.ok() ? "no error" : result.error().text();
}

/// Two rows of two pixels, red green / blue white, bottom row first, rows padded to four bytes.
std::string small_bmp(char bits = 24) {
  using std::string_view_literals::operator""sv;
  std::string file("BM"sv);
  const auto number = [&](uint32_t value, int bytes) {
    for (int k = 0; k < bytes; ++k) file.push_back(static_cast<char>(value >> (8 * k)));
  };
  for (uint32_t value : {70U, 0U, 54U, 40U, 2U, 2U}) number(value, 4);
  number(1, 2);
  number(static_cast<uint32_t>(bits), 2);
  for (uint32_t value : {0U, 16U, 0U, 0U, 0U, 0U}) number(value, 4);
  file += "\xFF\0\0\xFF\xFF\xFF\0\0"sv;
  file += "\0\0\xFF\0\xFF\0\0\0"sv;
  return file;
}

TEST(Images, PortableMapsOfAllKinds) {
  const Tensor colour = only(run_node(decode("P3 # a comment\n2 1 255\n255 0 0  1 2 3\n")));
  EXPECT_EQ(colour.extents(), (Extents{1, 2, 3}));
  EXPECT_THAT(values<uint8_t>(colour), ElementsAre(255, 0, 0, 1, 2, 3));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P6 1 1 255\nabc")))), ElementsAre(97, 98, 99));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P5 2 1 15 \x0F\x05", "Grayscale")))),
              ElementsAre(255, 85));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P1 2 1 01", "Grayscale")))),
              ElementsAre(255, 0));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P4 2 1\n\x40", "Grayscale")))),
              ElementsAre(255, 0));
}

TEST(Images, BitmapRowsAreTurnedOver) {
  const Tensor image = only(run_node(decode(small_bmp())));
  EXPECT_EQ(image.extents(), (Extents{2, 2, 3}));
  EXPECT_THAT(values<uint8_t>(image), ElementsAre(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255));
}

TEST(Images, ChannelsComeAsAskedFor) {
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P6 1 1 255\nabc", "BGR")))),
              ElementsAre(99, 98, 97));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P6 1 1 255\nabc", "Grayscale")))),
              ElementsAre(98));
  EXPECT_THAT(values<uint8_t>(only(run_node(decode("P5 1 1 255\na")))), ElementsAre(97, 97, 97));
  EXPECT_THAT(error_of(decode("P5 1 1 255\na", "YUV")), HasSubstr("pixel_format 'YUV'"));
}

TEST(Images, WrongFilesAreNamed) {
  EXPECT_THAT(error_of(decode("")), HasSubstr("no BMP, JPEG"));
  EXPECT_THAT(error_of(decode("GIF89a")), HasSubstr("no BMP, JPEG"));
  EXPECT_THAT(error_of(decode("P6 9 9 255\nabc")), HasSubstr("incomplete"));
  EXPECT_THAT(error_of(decode("P6 99999999999 1 255\n")), HasSubstr("header"));
  EXPECT_THAT(error_of(decode("P5 0 1 255\n")), HasSubstr("0 x 1"));
  EXPECT_THAT(error_of(decode(small_bmp(16))), HasSubstr("16 bits"));
  EXPECT_THAT(error_of(decode(small_bmp().substr(0, 60))), HasSubstr("incomplete"));
  for (const char* start : {"\xFF\xD8\xFF", "\x89PNG\r\n\x1A\n", "RIFF\1\1\1\1WEBP"})
    EXPECT_NE(error_of(decode(start)), "no error");
}

/// A PNG header that promises 2^23 x 2^23 pixels.
TEST(Images, PromisedPixelsAreAdmittedFirst) {
  using std::string_view_literals::operator""sv;
  const auto png =
      "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\x80\0\0\0\x80\0\0\x08\x02\0\0\0\x52\x52\x52\x52"sv;
  EXPECT_NE(error_of(decode(png)), "no error");
  const std::string large = "P4 16000 16000\n" + std::string(32'000'000, 'x');
  EXPECT_THAT(error_of(decode(large), 1 << 20), HasSubstr("image"));
}

}  // namespace
}  // namespace kasuri
