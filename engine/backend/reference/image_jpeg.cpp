#include <csetjmp>
#include <cstdio>
// jpeglib.h needs size_t and FILE before it.
#include <jpeglib.h>

#include "engine/backend/reference/image_file.h"

// JPEG by libjpeg-turbo: exact integer transform, smooth upsampling of colour, as its callers get
// by default. Its errors come back by longjmp, so no object with a destructor lives in a function
// that calls it between setjmp and there.
namespace kasuri::reference {
namespace {

constexpr int kMostScans = 500;  // of progressive files: more is an attack on time

struct Session {
  jpeg_decompress_struct info;
  jpeg_error_mgr errors;
  jpeg_progress_mgr progress;
  jmp_buf failed;
  char message[JMSG_LENGTH_MAX];

  ~Session() { jpeg_destroy_decompress(&info); }
};

Session& session_of(j_common_ptr info) { return *static_cast<Session*>(info->client_data); }

void on_error(j_common_ptr info) {
  Session& session = session_of(info);
  info->err->format_message(info, session.message);
  longjmp(session.failed, 1);
}

/// A damaged or incomplete file is refused like a wrong one.
void on_message(j_common_ptr info, int level) {
  if (level < 0) on_error(info);
}

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMostScans) return;
  Session& session = session_of(info);
  std::snprintf(session.message, sizeof session.message, "too many scans");
  longjmp(session.failed, 1);
}

bool read_header(Session& session, ImageBytes file) {
  jpeg_decompress_struct& info = session.info;
  info.err = jpeg_std_error(&session.errors);
  info.client_data = &session;
  session.errors.error_exit = on_error;
  session.errors.emit_message = on_message;
  if (setjmp(session.failed) != 0) return false;
  jpeg_create_decompress(&info);
  info.err = &session.errors;
  info.client_data = &session;
  session.progress.progress_monitor = on_progress;
  info.progress = &session.progress;
  jpeg_mem_src(&info, file.data(), file.size());
  jpeg_read_header(&info, TRUE);
  if (info.jpeg_color_space == JCS_GRAYSCALE)
    info.out_color_space = JCS_GRAYSCALE;
  else
    info.out_color_space = info.num_components == 4 ? JCS_CMYK : JCS_RGB;
  return true;
}

bool read_pixels(Session& session, uint8_t* pixels, size_t row_bytes) {
  jpeg_decompress_struct& info = session.info;
  if (setjmp(session.failed) != 0) return false;
  jpeg_start_decompress(&info);
  while (info.output_scanline < info.output_height) {
    uint8_t* row = pixels + info.output_scanline * row_bytes;
    jpeg_read_scanlines(&info, &row, 1);
  }
  jpeg_finish_decompress(&info);
  return true;
}

/// Files of four inks store them inverted when Adobe's programs wrote them.
Image from_inks(const Image& inks, bool inverted) {
  Image out{inks.height, inks.width, 3, {}};
  out.pixels.reserve(inks.pixels.size() / 4 * 3);
  for (size_t i = 0; i + 3 < inks.pixels.size(); i += 4)
    for (size_t k = 0; k < 3; ++k) {
      const int ink = inks.pixels[i + k], black = inks.pixels[i + 3];
      const int light = inverted ? ink * black : (255 - ink) * (255 - black);
      out.pixels.push_back(static_cast<uint8_t>((light + 127) / 255));
    }
  return out;
}

}  // namespace

Result<Image> decode_jpeg(ImageBytes file, const AdmitBytes& admit) {
  Session session{};
  if (!read_header(session, file)) return Error(std::string("JPEG: ") + session.message);
  const jpeg_decompress_struct& info = session.info;
  const int channels = info.out_color_space == JCS_GRAYSCALE ? 1
                       : info.out_color_space == JCS_CMYK    ? 4
                                                             : 3;
  KASURI_TRY(Image image, new_image(info.image_height, info.image_width, channels, admit));
  // Progressive files keep all coefficients, two bytes each.
  if (info.progressive_mode)
    KASURI_RETURN_IF_ERROR(admit(image.height * image.width * info.num_components * 2));
  const auto row_bytes = static_cast<size_t>(image.width * image.channels);
  if (!read_pixels(session, image.pixels.data(), row_bytes))
    return Error(std::string("JPEG: ") + session.message);
  return channels == 4 ? from_inks(image, info.saw_Adobe_marker) : std::move(image);
}

}  // namespace kasuri::reference
