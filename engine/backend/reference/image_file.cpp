#include "engine/backend/reference/image_file.h"

#include <fmt/format.h>

#include <string_view>

namespace kasuri::reference {
namespace {

using Decoder = Result<Image> (*)(ImageBytes, const AdmitBytes&);

/// How files of a format begin ('?': any byte).
struct Format {
  std::string_view start;
  Decoder decode;
};

constexpr std::string_view text(const char* bytes, size_t n) { return {bytes, n}; }

const Format kFormats[] = {
    {"\xFF\xD8\xFF", decode_jpeg},
    {"\x89PNG\r\n\x1A\n", decode_png},
    {"RIFF????WEBP", decode_webp},
    {text("II*\0", 4), decode_tiff},
    {text("MM\0*", 4), decode_tiff},
    {text("II+\0", 4), decode_tiff},
    {text("MM\0+", 4), decode_tiff},
    {text("\0\0\0\x0CjP  ", 8), decode_jpeg2000},
    {"\xFF\x4F\xFF\x51", decode_jpeg2000},
    {"BM", decode_bmp},
    {"P1", decode_pnm},
    {"P2", decode_pnm},
    {"P3", decode_pnm},
    {"P4", decode_pnm},
    {"P5", decode_pnm},
    {"P6", decode_pnm},
};

bool begins_with(ImageBytes file, std::string_view start) {
  if (file.size() < start.size()) return false;
  for (size_t i = 0; i < start.size(); ++i)
    if (start[i] != '?' && file[i] != static_cast<uint8_t>(start[i])) return false;
  return true;
}

}  // namespace

Result<Image> decode_image(ImageBytes file, const AdmitBytes& admit) {
  for (const Format& format : kFormats)
    if (begins_with(file, format.start)) return format.decode(file, admit);
  return Error("the data is no BMP, JPEG, JPEG 2000, PNG, PNM, TIFF or WebP file");
}

Result<Image> new_image(int64_t height, int64_t width, int64_t channels, const AdmitBytes& admit) {
  constexpr int64_t kLargest = 1 << 24;
  if (height < 1 || width < 1 || height > kLargest || width > kLargest || channels < 1 ||
      channels > 4)
    return Error(fmt::format("an image of {} x {} pixels is not read", width, height));
  const int64_t bytes = height * width * channels;
  KASURI_RETURN_IF_ERROR(admit(bytes));
  return Image{height, width, channels, std::vector<uint8_t>(static_cast<size_t>(bytes))};
}

Image to_rgb(Image image) {
  if (image.channels == 3) return image;
  Image out{image.height, image.width, 3, {}};
  out.pixels.reserve(image.pixels.size() * 3);
  for (const uint8_t grey : image.pixels) out.pixels.insert(out.pixels.end(), 3, grey);
  return out;
}

Image to_grey(Image image) {
  if (image.channels == 1) return image;
  Image out{image.height, image.width, 1, {}};
  out.pixels.reserve(image.pixels.size() / 3);
  for (size_t i = 0; i + 2 < image.pixels.size(); i += 3) {
    const uint32_t sum = image.pixels[i] * 19595U + image.pixels[i + 1] * 38470U +
                         image.pixels[i + 2] * 7471U + 0x8000U;
    out.pixels.push_back(static_cast<uint8_t>(sum >> 16));
  }
  return out;
}

}  // namespace kasuri::reference
