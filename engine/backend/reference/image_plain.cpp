#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

#include "engine/backend/reference/image_file.h"

// The formats without compression: PNM (P1 to P6) and BMP.
namespace kasuri::reference {
namespace {

/// Words of a PNM header or of its plain samples; '#' begins a comment.
class Words {
 public:
  Words(ImageBytes file, size_t at) : file_(file), at_(at) {}

  std::optional<int64_t> number() {
    skip_blanks();
    int64_t value = 0;
    const size_t start = at_;
    for (; at_ < file_.size() && std::isdigit(file_[at_]) != 0; ++at_) {
      value = value * 10 + (file_[at_] - '0');
      if (value > (1 << 24)) return std::nullopt;
    }
    return at_ > start ? std::optional(value) : std::nullopt;
  }
  /// A sample of P1: digits may stand without blanks.
  std::optional<int64_t> bit() {
    skip_blanks();
    if (at_ >= file_.size() || (file_[at_] != '0' && file_[at_] != '1')) return std::nullopt;
    return file_[at_++] - '0';
  }
  /// What follows the one blank behind the header.
  ImageBytes rest() const { return file_.subspan(std::min(at_ + 1, file_.size())); }

 private:
  void skip_blanks() {
    while (at_ < file_.size() && (std::isspace(file_[at_]) != 0 || file_[at_] == '#')) {
      if (file_[at_] == '#')
        while (at_ < file_.size() && file_[at_] != '\n') ++at_;
      else
        ++at_;
    }
  }

  ImageBytes file_;
  size_t at_;
};

uint8_t scaled(int64_t value, int64_t largest) {
  return static_cast<uint8_t>((std::min(value, largest) * 255 + largest / 2) / largest);
}

Error incomplete(const char* format) {
  return Error(std::string(format) + ": the file is incomplete");
}

Status read_plain_samples(Image& image, Words& words, char kind, int64_t largest) {
  for (uint8_t& pixel : image.pixels) {
    const auto value = kind == '1' ? words.bit() : words.number();
    if (!value) return incomplete("PNM");
    pixel = kind == '1' ? static_cast<uint8_t>(*value != 0 ? 0 : 255) : scaled(*value, largest);
  }
  return Done{};
}

Status read_packed_bits(Image& image, ImageBytes data) {
  const int64_t row_bytes = (image.width + 7) / 8;
  if (static_cast<int64_t>(data.size()) < row_bytes * image.height) return incomplete("PNM");
  for (int64_t y = 0; y < image.height; ++y)
    for (int64_t x = 0; x < image.width; ++x) {
      const int byte = data[static_cast<size_t>(y * row_bytes + x / 8)];
      image.row(y)[x] = (byte >> (7 - x % 8)) & 1 ? 0 : 255;
    }
  return Done{};
}

Status read_packed_samples(Image& image, ImageBytes data, int64_t largest) {
  const size_t each = largest > 255 ? 2 : 1;
  if (data.size() / each < image.pixels.size()) return incomplete("PNM");
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    const int value = each == 2 ? data[2 * i] * 256 + data[2 * i + 1] : data[i];
    image.pixels[i] = scaled(value, largest);
  }
  return Done{};
}

int64_t little(ImageBytes file, size_t at, size_t bytes) {
  uint32_t value = 0;
  for (size_t k = 0; k < bytes; ++k) value |= static_cast<uint32_t>(file[at + k]) << (8 * k);
  return bytes == 4 ? static_cast<int32_t>(value) : static_cast<int64_t>(value);
}

struct BmpHeader {
  int64_t pixels_at = 0, palette_at = 0, width = 0, height = 0, bits = 0, colours = 0;
  bool top_down = false;
};

Result<BmpHeader> read_bmp_header(ImageBytes file) {
  if (file.size() < 54) return incomplete("BMP");
  BmpHeader h;
  const int64_t header_bytes = little(file, 14, 4), compression = little(file, 30, 4);
  if (header_bytes < 40 || header_bytes > 124)
    return Error("BMP: headers of this kind are not read");
  h.pixels_at = little(file, 10, 4);
  h.palette_at = 14 + header_bytes;
  h.width = little(file, 18, 4);
  h.height = little(file, 22, 4);
  h.top_down = h.height < 0;
  h.height = h.top_down ? -h.height : h.height;
  h.bits = little(file, 28, 2);
  h.colours = little(file, 46, 4);
  if (compression != 0) return Error("BMP: compressed files are not read");
  if (h.bits <= 8 && h.colours == 0 && h.bits > 0) h.colours = int64_t{1} << h.bits;
  if (h.bits != 1 && h.bits != 4 && h.bits != 8 && h.bits != 24 && h.bits != 32)
    return Error("BMP: files of " + std::to_string(h.bits) + " bits per pixel are not read");
  return h;
}

using Palette = std::vector<std::array<uint8_t, 3>>;

Result<Palette> read_palette(ImageBytes file, const BmpHeader& h) {
  Palette palette;
  if (h.bits > 8) return palette;
  const auto size = static_cast<int64_t>(file.size());
  if (h.colours < 1 || h.colours > 256 || h.palette_at + 4 * h.colours > size)
    return Error("BMP: the palette is damaged");
  for (int64_t k = 0; k < h.colours; ++k) {
    const uint8_t* entry = file.data() + h.palette_at + 4 * k;
    palette.push_back({entry[2], entry[1], entry[0]});
  }
  return palette;
}

}  // namespace

Result<Image> decode_pnm(ImageBytes file, const AdmitBytes& admit) {
  const char kind = static_cast<char>(file[1]);
  const bool bits = kind == '1' || kind == '4', colour = kind == '3' || kind == '6';
  Words words(file, 2);
  const auto width = words.number(), height = words.number();
  const auto largest = bits ? std::optional<int64_t>(1) : words.number();
  if (!width || !height || !largest || *largest < 1 || *largest > 65535)
    return Error("PNM: the header is damaged");
  // A file is at least as long as its samples (eight to a byte in P4): refuse before taking memory.
  if (*width * *height / (kind == '4' ? 8 : 1) > static_cast<int64_t>(file.size()))
    return incomplete("PNM");
  KASURI_TRY(Image image, new_image(*height, *width, colour ? 3 : 1, admit));
  if (kind <= '3')
    KASURI_RETURN_IF_ERROR(read_plain_samples(image, words, kind, *largest));
  else if (bits)
    KASURI_RETURN_IF_ERROR(read_packed_bits(image, words.rest()));
  else
    KASURI_RETURN_IF_ERROR(read_packed_samples(image, words.rest(), *largest));
  return image;
}

Result<Image> decode_bmp(ImageBytes file, const AdmitBytes& admit) {
  KASURI_TRY(const BmpHeader h, read_bmp_header(file));
  KASURI_TRY(const Palette palette, read_palette(file, h));
  const int64_t row_bytes = (h.width * h.bits + 31) / 32 * 4;
  if (h.width < 1 || h.height < 1 || h.pixels_at < 0 || h.width > (1 << 24) ||
      h.height > (1 << 24) ||
      h.pixels_at + row_bytes * h.height > static_cast<int64_t>(file.size()))
    return incomplete("BMP");
  KASURI_TRY(Image image, new_image(h.height, h.width, 3, admit));
  for (int64_t y = 0; y < h.height; ++y) {
    const uint8_t* from =
        file.data() + h.pixels_at + row_bytes * (h.top_down ? y : h.height - 1 - y);
    for (int64_t x = 0; x < h.width; ++x) {
      uint8_t* pixel = image.row(y) + 3 * x;
      if (h.bits > 8) {
        const uint8_t* bgr = from + x * h.bits / 8;
        std::reverse_copy(bgr, bgr + 3, pixel);
        continue;
      }
      const int64_t per_byte = 8 / h.bits;
      const int shift = static_cast<int>((per_byte - 1 - x % per_byte) * h.bits);
      const size_t index = (from[x / per_byte] >> shift) & ((1 << h.bits) - 1);
      if (index >= palette.size()) return Error("BMP: a colour is not in the palette");
      std::copy_n(palette[index].begin(), 3, pixel);
    }
  }
  return image;
}

}  // namespace kasuri::reference
