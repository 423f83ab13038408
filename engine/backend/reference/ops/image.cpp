#include "engine/backend/reference/image_file.h"
#include "engine/backend/reference/registry.h"

// ImageDecoder: bytes of an image file -> [height, width, channels] of uint8.
namespace kasuri::reference {
namespace {

/// Decoders ask for memory through a function that must not throw through their libraries.
AdmitBytes admission(const Context& c) {
  return [&c](int64_t bytes) -> Status {
    try {
      c.require_room(bytes, 1, "an image");
    } catch (const KernelFailure& failure) {
      return failure.error;
    }
    return Done{};
  };
}

void image_decoder(Context& c) {
  const Tensor& file = c.in(0);
  const std::string format = c.node().get_string("pixel_format", "RGB");
  c.require(file.dtype() == DataType::kUint8 && file.rank() == 1,
            "takes the bytes of a file, uint8[n], not {}{}", name_of(file.dtype()),
            text_of(file.extents()));
  c.require(format == "RGB" || format == "BGR" || format == "Grayscale", "pixel_format '{}'",
            format);
  Result<Image> decoded = decode_image(file.data<uint8_t>(), admission(c));
  if (!decoded.ok()) throw KernelFailure{std::move(decoded).error()};
  Image image = format == "Grayscale" ? to_grey(*std::move(decoded)) : to_rgb(*std::move(decoded));
  if (format == "BGR")
    for (size_t i = 0; i + 2 < image.pixels.size(); i += 3)
      std::swap(image.pixels[i], image.pixels[i + 2]);
  FreshTensor out = c.fresh(DataType::kUint8, {image.height, image.width, image.channels});
  std::copy(image.pixels.begin(), image.pixels.end(), out.data<uint8_t>());
  c.set(0, out.tensor);
}

}  // namespace

void register_image_kernels(Registry& r) { r.add("ImageDecoder", image_decoder); }

}  // namespace kasuri::reference
