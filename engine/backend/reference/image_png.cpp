#include <png.h>

#include <cstdio>
#include <cstring>

#include "engine/backend/reference/image_file.h"

// PNG by libpng, without gamma correction. Its errors come back by longjmp, so no object with a
// destructor lives in a function that calls it between setjmp and there.
namespace kasuri::reference {
namespace {

struct Session {
  png_structp png = nullptr;
  png_infop info = nullptr;
  ImageBytes rest;
  char message[160] = "cannot be read";

  ~Session() { png_destroy_read_struct(&png, &info, nullptr); }
};

void on_error(png_structp png, png_const_charp message) {
  auto* session = static_cast<Session*>(png_get_error_ptr(png));
  std::snprintf(session->message, sizeof session->message, "%s", message);
  png_longjmp(png, 1);
}

void on_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep to, size_t n) {
  auto* session = static_cast<Session*>(png_get_io_ptr(png));
  if (n > session->rest.size()) png_error(png, "the file is incomplete");
  std::memcpy(to, session->rest.data(), n);
  session->rest = session->rest.subspan(n);
}

/// Reads up to the pixels and asks for grey or RGB of 8 bits.
bool read_header(Session& session) {
  session.png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &session, on_error, on_warning);
  if (session.png == nullptr) return false;
  session.info = png_create_info_struct(session.png);
  if (session.info == nullptr || setjmp(png_jmpbuf(session.png)) != 0) return false;
  png_set_read_fn(session.png, &session, read_bytes);
  png_set_user_limits(session.png, 1 << 24, 1 << 24);
  png_set_chunk_malloc_max(session.png, 8 << 20);
  png_read_info(session.png, session.info);
  png_set_expand(session.png);
  png_set_scale_16(session.png);
  png_set_strip_alpha(session.png);
  png_set_interlace_handling(session.png);
  png_read_update_info(session.png, session.info);
  return true;
}

bool read_pixels(Session& session, uint8_t** rows) {
  if (setjmp(png_jmpbuf(session.png)) != 0) return false;
  png_read_image(session.png, rows);
  png_read_end(session.png, nullptr);
  return true;
}

}  // namespace

Result<Image> decode_png(ImageBytes file, const AdmitBytes& admit) {
  Session session;
  session.rest = file;
  if (!read_header(session)) return Error(std::string("PNG: ") + session.message);
  const auto height = static_cast<int64_t>(png_get_image_height(session.png, session.info));
  const auto width = static_cast<int64_t>(png_get_image_width(session.png, session.info));
  const int channels = png_get_channels(session.png, session.info);
  if (channels != 1 && channels != 3) return Error("PNG: an unknown kind of pixels");
  KASURI_TRY(Image image, new_image(height, width, channels, admit));
  if (png_get_rowbytes(session.png, session.info) != static_cast<size_t>(width * channels))
    return Error("PNG: an unknown kind of pixels");
  std::vector<uint8_t*> rows;
  for (int64_t y = 0; y < height; ++y) rows.push_back(image.row(y));
  if (!read_pixels(session, rows.data())) return Error(std::string("PNG: ") + session.message);
  return image;
}

}  // namespace kasuri::reference
