#include "engine/onnx/inflate.h"

#include <array>
#include <cstdint>
#include <vector>

namespace kasuri {
namespace {

constexpr int kLongestCode = 15;

/// Bits of the stream, low bits first. Past the end they are zero and ok() is false.
class BitReader {
 public:
  explicit BitReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  uint32_t bits(int n) {
    uint32_t value = 0;
    for (int i = 0; i < n; ++i, ++at_) {
      if (at_ / 8 >= bytes_.size()) {
        ok_ = false;
        return 0;
      }
      value |= ((static_cast<uint32_t>(bytes_[at_ / 8]) >> (at_ % 8)) & 1) << i;
    }
    return value;
  }
  void to_byte() { at_ = (at_ + 7) / 8 * 8; }
  bool ok() const { return ok_; }

 private:
  std::span<const std::byte> bytes_;
  size_t at_ = 0;
  bool ok_ = true;
};

/// A canonical Huffman code from code lengths.
class HuffmanCode {
 public:
  explicit HuffmanCode(std::span<const uint8_t> lengths) {
    for (uint8_t length : lengths) ++counts_[length];
    counts_[0] = 0;
    std::array<int, kLongestCode + 2> offset{};
    for (int i = 1; i <= kLongestCode; ++i) offset[i + 1] = offset[i] + counts_[i];
    symbols_.resize(lengths.size());
    for (size_t s = 0; s < lengths.size(); ++s)
      if (lengths[s] != 0) symbols_[offset[lengths[s]]++] = static_cast<int>(s);
  }

  /// -1 on a code that means nothing.
  int read(BitReader& in) const {
    int code = 0, first = 0, index = 0;
    for (int length = 1; length <= kLongestCode; ++length) {
      code |= static_cast<int>(in.bits(1));
      const int count = counts_[length];
      if (code - count < first) return in.ok() ? symbols_[index + code - first] : -1;
      index += count;
      first = (first + count) * 2;
      code *= 2;
    }
    return -1;
  }

 private:
  std::array<int, kLongestCode + 1> counts_{};
  std::vector<int> symbols_;
};

bool copy_stored(BitReader& in, std::string& out, size_t size) {
  in.to_byte();
  const uint32_t length = in.bits(16), complement = in.bits(16);
  if (!in.ok() || (length ^ complement) != 0xffff || out.size() + length > size) return false;
  for (uint32_t i = 0; i < length; ++i) out.push_back(static_cast<char>(in.bits(8)));
  return in.ok();
}

bool copy_match(BitReader& in, int symbol, const HuffmanCode& distances, std::string& out,
                size_t size) {
  static constexpr std::array<int, 29> kLength = {3,  4,  5,  6,   7,   8,   9,   10,  11, 13,
                                                  15, 17, 19, 23,  27,  31,  35,  43,  51, 59,
                                                  67, 83, 99, 115, 131, 163, 195, 227, 258};
  static constexpr std::array<int, 29> kLengthBits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2,
                                                      2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
  static constexpr std::array<int, 30> kDistance = {
      1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
      193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
  if (symbol - 257 >= static_cast<int>(kLength.size())) return false;
  const size_t length =
      static_cast<size_t>(kLength[symbol - 257]) + in.bits(kLengthBits[symbol - 257]);
  const int code = distances.read(in);
  if (code < 0 || code >= static_cast<int>(kDistance.size())) return false;
  const size_t distance =
      static_cast<size_t>(kDistance[code]) + in.bits(code < 2 ? 0 : code / 2 - 1);
  if (!in.ok() || distance > out.size() || out.size() + length > size) return false;
  for (size_t i = 0; i < length; ++i) out.push_back(out[out.size() - distance]);
  return true;
}

bool copy_coded(BitReader& in, const HuffmanCode& literals, const HuffmanCode& distances,
                std::string& out, size_t size) {
  while (true) {
    const int symbol = literals.read(in);
    if (symbol < 0) return false;
    if (symbol == 256) return true;
    if (symbol > 256) {
      if (!copy_match(in, symbol, distances, out, size)) return false;
    } else {
      if (out.size() >= size) return false;
      out.push_back(static_cast<char>(symbol));
    }
  }
}

bool copy_fixed(BitReader& in, std::string& out, size_t size) {
  std::vector<uint8_t> lengths(288, 8);
  std::fill(lengths.begin() + 144, lengths.begin() + 256, uint8_t{9});
  std::fill(lengths.begin() + 256, lengths.begin() + 280, uint8_t{7});
  const std::vector<uint8_t> distances(30, 5);
  return copy_coded(in, HuffmanCode(lengths), HuffmanCode(distances), out, size);
}

bool copy_dynamic(BitReader& in, std::string& out, size_t size) {
  static constexpr std::array<int, 19> kOrder = {16, 17, 18, 0, 8,  7, 9,  6, 10, 5,
                                                 11, 4,  12, 3, 13, 2, 14, 1, 15};
  const size_t literals = in.bits(5) + 257, distances = in.bits(5) + 1, codes = in.bits(4) + 4;
  std::vector<uint8_t> lengths(19, 0);
  for (size_t i = 0; i < codes; ++i)
    lengths[static_cast<size_t>(kOrder[i])] = static_cast<uint8_t>(in.bits(3));
  const HuffmanCode length_code(lengths);
  std::vector<uint8_t> all;
  while (all.size() < literals + distances) {
    const int symbol = length_code.read(in);
    if (symbol < 0 || (symbol == 16 && all.empty())) return false;
    if (symbol < 16) {
      all.push_back(static_cast<uint8_t>(symbol));
    } else {
      const uint32_t repeat = symbol == 16   ? 3 + in.bits(2)
                              : symbol == 17 ? 3 + in.bits(3)
                                             : 11 + in.bits(7);
      all.insert(all.end(), repeat, symbol == 16 ? all.back() : uint8_t{0});
    }
  }
  if (!in.ok() || all.size() != literals + distances) return false;
  const std::span<const uint8_t> view(all);
  return copy_coded(in, HuffmanCode(view.first(literals)), HuffmanCode(view.subspan(literals)), out,
                    size);
}

}  // namespace

Result<std::string> inflate(std::span<const std::byte> packed, size_t size) {
  BitReader in(packed);
  std::string out;
  bool last = false;
  while (!last) {
    last = in.bits(1) != 0;
    const uint32_t kind = in.bits(2);
    const bool good = kind == 0   ? copy_stored(in, out, size)
                      : kind == 1 ? copy_fixed(in, out, size)
                      : kind == 2 ? copy_dynamic(in, out, size)
                                  : false;
    if (!in.ok() || !good) return Error("compressed data are damaged");
  }
  if (out.size() != size) return Error("compressed data are cut off");
  return out;
}

}  // namespace kasuri
