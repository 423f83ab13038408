#include <webp/decode.h>

#include "engine/backend/reference/image_file.h"

// WebP by libwebp. Animations are not read.
namespace kasuri::reference {

Result<Image> decode_webp(ImageBytes file, const AdmitBytes& admit) {
  WebPBitstreamFeatures features;
  if (WebPGetFeatures(file.data(), file.size(), &features) != VP8_STATUS_OK)
    return Error("WebP: the header is damaged");
  if (features.has_animation != 0) return Error("WebP: animations are not read");
  KASURI_TRY(Image image, new_image(features.height, features.width, 3, admit));
  const auto stride = static_cast<int>(image.width * 3);
  if (WebPDecodeRGBInto(file.data(), file.size(), image.pixels.data(), image.pixels.size(),
                        stride) == nullptr)
    return Error("WebP: the file is damaged or incomplete");
  return image;
}

}  // namespace kasuri::reference
