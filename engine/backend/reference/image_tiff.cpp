#include <tiffio.h>

#include <algorithm>
#include <cstring>
#include <memory>

#include "engine/backend/reference/image_file.h"

// TIFF by libtiff, the first page, through its conversion of any kind of pixels to RGBA.
namespace kasuri::reference {
namespace {

/// The file in memory, as libtiff reads it.
struct Source {
  ImageBytes file;
  uint64_t at = 0;
};

tmsize_t read_bytes(thandle_t handle, void* to, tmsize_t n) {
  auto* source = static_cast<Source*>(handle);
  if (source->at >= source->file.size() || n <= 0) return 0;
  const uint64_t left = source->file.size() - source->at;
  const uint64_t taken = std::min<uint64_t>(left, static_cast<uint64_t>(n));
  std::memcpy(to, source->file.data() + source->at, taken);
  source->at += taken;
  return static_cast<tmsize_t>(taken);
}

tmsize_t write_bytes(thandle_t, void*, tmsize_t) { return 0; }

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto* source = static_cast<Source*>(handle);
  const uint64_t base = whence == SEEK_SET   ? 0
                        : whence == SEEK_CUR ? source->at
                                             : source->file.size();
  return source->at = base + offset;
}

int close_nothing(thandle_t) { return 0; }
toff_t size_of(thandle_t handle) { return static_cast<Source*>(handle)->file.size(); }

struct Close {
  void operator()(TIFF* tiff) const { TIFFClose(tiff); }
};
using TiffPointer = std::unique_ptr<TIFF, Close>;

TiffPointer open(Source& source) {
  static const bool kSilent = [] {
    TIFFSetErrorHandler(nullptr);
    TIFFSetWarningHandler(nullptr);
    return true;
  }();
  (void)kSilent;
  return TiffPointer(TIFFClientOpen("image", "rm", &source, read_bytes, write_bytes, seek,
                                    close_nothing, size_of, nullptr, nullptr));
}

}  // namespace

Result<Image> decode_tiff(ImageBytes file, const AdmitBytes& admit) {
  Source source{file};
  const TiffPointer tiff = open(source);
  if (!tiff) return Error("TIFF: the header is damaged");
  uint32_t width = 0, height = 0;
  TIFFGetField(tiff.get(), TIFFTAG_IMAGEWIDTH, &width);
  TIFFGetField(tiff.get(), TIFFTAG_IMAGELENGTH, &height);
  char why[1024] = "";
  if (TIFFRGBAImageOK(tiff.get(), why) == 0) return Error(std::string("TIFF: ") + why);
  KASURI_TRY(Image image, new_image(height, width, 3, admit));
  const uint64_t block =
      TIFFIsTiled(tiff.get()) != 0 ? TIFFTileSize64(tiff.get()) : TIFFStripSize64(tiff.get());
  const int64_t raster_bytes = image.height * image.width * 4;
  KASURI_RETURN_IF_ERROR(
      admit(raster_bytes + static_cast<int64_t>(std::min<uint64_t>(block, uint64_t{1} << 60))));
  std::vector<uint32_t> raster(static_cast<size_t>(image.height * image.width));
  if (TIFFReadRGBAImageOriented(tiff.get(), width, height, raster.data(), ORIENTATION_TOPLEFT, 1) ==
      0)
    return Error("TIFF: the file is damaged, incomplete or of an unknown kind");
  for (size_t i = 0; i < raster.size(); ++i) {
    image.pixels[3 * i] = static_cast<uint8_t>(TIFFGetR(raster[i]));
    image.pixels[3 * i + 1] = static_cast<uint8_t>(TIFFGetG(raster[i]));
    image.pixels[3 * i + 2] = static_cast<uint8_t>(TIFFGetB(raster[i]));
  }
  return image;
}

}  // namespace kasuri::reference
