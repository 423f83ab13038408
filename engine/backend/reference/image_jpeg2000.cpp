#include <openjpeg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "engine/backend/reference/image_file.h"

// JPEG 2000 by OpenJPEG: JP2 files and bare code streams.
namespace kasuri::reference {
namespace {

struct Source {
  ImageBytes file;
  size_t at = 0;
};

OPJ_SIZE_T read_bytes(void* to, OPJ_SIZE_T n, void* user) {
  auto* source = static_cast<Source*>(user);
  const size_t taken = std::min<size_t>(n, source->file.size() - source->at);
  if (taken == 0) return static_cast<OPJ_SIZE_T>(-1);
  std::memcpy(to, source->file.data() + source->at, taken);
  source->at += taken;
  return taken;
}

OPJ_OFF_T skip_bytes(OPJ_OFF_T n, void* user) {
  auto* source = static_cast<Source*>(user);
  if (n < 0 || static_cast<uint64_t>(n) > source->file.size() - source->at) return -1;
  source->at += static_cast<size_t>(n);
  return n;
}

OPJ_BOOL seek(OPJ_OFF_T to, void* user) {
  auto* source = static_cast<Source*>(user);
  if (to < 0 || static_cast<uint64_t>(to) > source->file.size()) return OPJ_FALSE;
  source->at = static_cast<size_t>(to);
  return OPJ_TRUE;
}

struct Release {
  void operator()(opj_stream_t* stream) const { opj_stream_destroy(stream); }
  void operator()(opj_image_t* image) const { opj_image_destroy(image); }
};
/// opj_codec_t is void*, which needs a type of its own to be deleted.
struct Codec {
  opj_codec_t* handle = nullptr;
  explicit Codec(OPJ_CODEC_FORMAT format) : handle(opj_create_decompress(format)) {}
  Codec(const Codec&) = delete;
  Codec& operator=(const Codec&) = delete;
  ~Codec() { opj_destroy_codec(handle); }
};

using StreamPointer = std::unique_ptr<opj_stream_t, Release>;
using ImagePointer = std::unique_ptr<opj_image_t, Release>;

StreamPointer stream_of(Source& source) {
  StreamPointer stream(opj_stream_create(1 << 16, OPJ_TRUE));
  opj_stream_set_user_data(stream.get(), &source, nullptr);
  opj_stream_set_user_data_length(stream.get(), source.file.size());
  opj_stream_set_read_function(stream.get(), read_bytes);
  opj_stream_set_skip_function(stream.get(), skip_bytes);
  opj_stream_set_seek_function(stream.get(), seek);
  return stream;
}

Status check(const opj_image_t& image) {
  if (image.numcomps < 1 || image.numcomps > 4)
    return Error("JPEG 2000: files of more than four components are not read");
  for (uint32_t k = 0; k < image.numcomps; ++k) {
    const opj_image_comp_t& c = image.comps[k];
    if (c.prec < 1 || c.prec > 31 || c.w < 1 || c.h < 1 || c.dx < 1 || c.dy < 1)
      return Error("JPEG 2000: the header is damaged");
  }
  return Done{};
}

/// A component's value at a pixel in [0, 255]; coarser components repeat theirs.
int level(const opj_image_comp_t& c, int64_t y, int64_t x) {
  const int64_t row = std::min<int64_t>(y / c.dy, c.h - 1),
                column = std::min<int64_t>(x / c.dx, c.w - 1);
  int64_t value = c.data[row * c.w + column];
  if (c.sgnd != 0) value += int64_t{1} << (c.prec - 1);
  value = c.prec > 8 ? value >> (c.prec - 8) : value * 255 / ((int64_t{1} << c.prec) - 1);
  return static_cast<int>(std::clamp<int64_t>(value, 0, 255));
}

void convert_to_rgb(uint8_t* pixel) {
  const double y = pixel[0], cb = pixel[1] - 128.0, cr = pixel[2] - 128.0;
  const double rgb[3] = {y + 1.402 * cr, y - 0.344136 * cb - 0.714136 * cr, y + 1.772 * cb};
  for (int k = 0; k < 3; ++k)
    pixel[k] = static_cast<uint8_t>(std::clamp(std::lround(rgb[k]), 0L, 255L));
}

void fill(Image& out, const opj_image_t& image) {
  const bool luma = image.color_space == OPJ_CLRSPC_SYCC && out.channels == 3;
  for (int64_t y = 0; y < out.height; ++y)
    for (int64_t x = 0; x < out.width; ++x) {
      uint8_t* pixel = out.row(y) + x * out.channels;
      for (int64_t k = 0; k < out.channels; ++k)
        pixel[k] = static_cast<uint8_t>(level(image.comps[k], y, x));
      if (luma) convert_to_rgb(pixel);
    }
}

}  // namespace

Result<Image> decode_jpeg2000(ImageBytes file, const AdmitBytes& admit) {
  const Codec codec(file[0] == 0 ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K);
  Source source{file};
  const StreamPointer stream = stream_of(source);
  opj_dparameters_t parameters;
  opj_set_default_decoder_parameters(&parameters);
  if (codec.handle == nullptr || opj_setup_decoder(codec.handle, &parameters) == OPJ_FALSE)
    return Error("JPEG 2000: the decoder does not start", ErrorKind::kUnavailable);
  opj_image_t* header = nullptr;
  const bool read = opj_read_header(stream.get(), codec.handle, &header) != OPJ_FALSE;
  const ImagePointer image(header);
  if (!read || !image) return Error("JPEG 2000: the header is damaged");
  KASURI_RETURN_IF_ERROR(check(*image));
  const int64_t height = int64_t{image->y1} - image->y0, width = int64_t{image->x1} - image->x0;
  KASURI_TRY(Image out, new_image(height, width, image->numcomps < 3 ? 1 : 3, admit));
  // The library keeps 32-bit values of whole components, and the same again while it transforms.
  KASURI_RETURN_IF_ERROR(admit(height * width * image->numcomps * 8));
  if (opj_decode(codec.handle, stream.get(), image.get()) == OPJ_FALSE ||
      opj_end_decompress(codec.handle, stream.get()) == OPJ_FALSE)
    return Error("JPEG 2000: the file is damaged or incomplete");
  KASURI_RETURN_IF_ERROR(check(*image));
  for (uint32_t k = 0; k < image->numcomps; ++k)
    if (image->comps[k].data == nullptr) return Error("JPEG 2000: a component has no data");
  if (image->numcomps < static_cast<uint32_t>(out.channels))
    return Error("JPEG 2000: a component is missing");
  fill(out, *image);
  return out;
}

}  // namespace kasuri::reference
