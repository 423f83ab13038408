#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace kasuri::onnx {

using Bytes = std::span<const std::byte>;

inline std::string_view text_of(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

enum class WireType : uint8_t { kVarint = 0, kFixed64 = 1, kBytes = 2, kFixed32 = 5 };

struct Field {
  uint32_t number = 0;
  WireType type = WireType::kVarint;
  uint64_t scalar = 0;  ///< Varint or fixed value.
  Bytes bytes;          ///< Payload; for scalars the bytes they occupy.
};

/// Walks the fields of one protobuf message in place. Groups (deprecated, unused by ONNX) count as
/// damage.
class WireReader {
 public:
  explicit WireReader(Bytes bytes) : rest_(bytes) {}

  /// False at the end and after damage; ok() tells which.
  bool next(Field& field);
  /// One bare varint (packed fields).
  bool next_varint(uint64_t& value);
  bool ok() const { return problem_.empty(); }
  bool at_end() const { return rest_.empty(); }
  std::string_view problem() const { return problem_; }

 private:
  bool fail(std::string_view problem);
  bool take(size_t count, Bytes& out);

  Bytes rest_;
  std::string_view problem_;
};

/// Well-formed UTF-8 without embedded zeros.
bool is_valid_text(std::string_view text);

}  // namespace kasuri::onnx
