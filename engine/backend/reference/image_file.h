#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::reference {

/// Decoded pixels: rows from the top, channels interleaved (R, G, B; or one grey).
struct Image {
  int64_t height = 0, width = 0, channels = 0;
  std::vector<uint8_t> pixels;

  uint8_t* row(int64_t y) { return pixels.data() + y * width * channels; }
};

/// Asked before memory for pixels is taken; its error ends the decoding.
using AdmitBytes = std::function<Status(int64_t bytes)>;
using ImageBytes = std::span<const uint8_t>;

/// Decodes an image file, told apart by its content: BMP, JPEG, JPEG 2000, PNG, PNM, TIFF, WebP.
/// 8 bits per channel; deeper ones are scaled, alpha is dropped, palettes are looked up. Errors,
/// the user's: an unknown or damaged file, a form that is not read (named). Hostile files end here
/// too.
Result<Image> decode_image(ImageBytes file, const AdmitBytes& admit);

/// The same image with three channels, or with one: grey = 0.299 R + 0.587 G + 0.114 B, rounded.
Image to_rgb(Image image);
Image to_grey(Image image);

/// An image of these extents, admitted, its pixels zero. Errors: an extent outside 1...2^24.
Result<Image> new_image(int64_t height, int64_t width, int64_t channels, const AdmitBytes& admit);

/// One decoder per format, each in a file of its own; the only ones that know its library.
Result<Image> decode_bmp(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_jpeg(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_jpeg2000(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_png(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_pnm(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_tiff(ImageBytes file, const AdmitBytes& admit);
Result<Image> decode_webp(ImageBytes file, const AdmitBytes& admit);

}  // namespace kasuri::reference
