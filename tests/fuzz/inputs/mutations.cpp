#include "tests/fuzz/inputs/mutations.h"

#include <algorithm>
#include <array>

namespace kasuri::testing {
namespace {

class Mutator {
 public:
  Mutator(const std::vector<std::string>& seeds, std::mt19937_64& random)
      : seeds_(seeds), random_(random) {}

  std::string run() {
    bytes_ = any_seed();
    for (uint64_t left = 1 + below(6); left > 0; --left) change();
    return std::move(bytes_);
  }

 private:
  uint64_t below(uint64_t n) { return n ? random_() % n : 0; }
  const std::string& any_seed() { return seeds_[below(seeds_.size())]; }

  /// Where and how long: short runs more often.
  std::pair<size_t, size_t> any_run(const std::string& text) {
    const size_t at = below(text.size() + 1);
    const size_t longest = std::min<size_t>(text.size() - at, below(4) ? 16 : 2048);
    return {at, below(longest + 1)};
  }

  void change() {
    if (bytes_.empty()) bytes_ = any_seed();
    if (bytes_.empty()) return;
    const size_t at = below(bytes_.size());
    switch (below(8)) {
      case 0:
        bytes_[at] = static_cast<char>(bytes_[at] ^ (1 << below(8)));
        break;
      case 1:
        bytes_[at] = static_cast<char>(random_());
        break;
      case 2:
        put_number(at);
        break;
      case 3: {
        const auto [from, size] = any_run(bytes_);
        bytes_.erase(from, size);
        break;
      }
      case 4: {
        const auto [from, size] = any_run(bytes_);
        bytes_.insert(at, bytes_.substr(from, size));
        break;
      }
      case 5: {
        const std::string& other = any_seed();
        const auto [from, size] = any_run(other);
        bytes_.insert(at, other.substr(from, size));
        break;
      }
      case 6:
        put_digits(at);
        break;
      default:
        if (below(8) == 0) bytes_.resize(at);
    }
  }

  /// Bytes of a number, little-endian or as a varint of ten bytes.
  void put_number(size_t at) {
    constexpr std::array<uint64_t, 12> kNumbers = {
        0,          1,          127,        128,  255, 65536, 1ULL << 31, (1ULL << 32) - 1,
        1ULL << 40, 1ULL << 48, 1ULL << 63, ~0ULL};
    uint64_t number = kNumbers[below(kNumbers.size())];
    const bool varint = below(2) == 0;
    std::string text;
    do {
      const int bits = varint ? 7 : 8;
      text +=
          static_cast<char>((number & (varint ? 127 : 255)) | (varint && number >> 7 ? 128 : 0));
      number >>= bits;
    } while (number);
    if (below(2))
      bytes_.insert(at, text);
    else
      bytes_.replace(at, std::min(text.size(), bytes_.size() - at), text);
  }

  /// Another number in place of the digits at or behind `at`.
  void put_digits(size_t at) {
    constexpr std::array<const char*, 10> kNumbers = {
        "0",    "-1",         "1",     "2147483648", "9223372036854775807", "-9223372036854775808",
        "1e39", "4294967296", "65536", "nan"};
    const size_t from = bytes_.find_first_of("0123456789", at);
    if (from == std::string::npos) return;
    const size_t to = std::min(bytes_.find_first_not_of("0123456789", from), bytes_.size());
    bytes_.replace(from, to - from, kNumbers[below(kNumbers.size())]);
  }

  const std::vector<std::string>& seeds_;
  std::mt19937_64& random_;
  std::string bytes_;
};

}  // namespace

std::string mutated(const std::vector<std::string>& seeds, std::mt19937_64& random) {
  return Mutator(seeds, random).run();
}

}  // namespace kasuri::testing
