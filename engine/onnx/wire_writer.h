#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "engine/onnx/wire_reader.h"

namespace kasuri::onnx {

/// A protobuf message being written: own text and references to bytes that stay where they are
/// (weights), in order. Nested messages are spliced in, so nothing large is ever copied.
class WireWriter {
 public:
  void integer(uint32_t field, int64_t value);
  void real(uint32_t field, float value);
  void text(uint32_t field, std::string_view value);
  /// The bytes must outlive the writer.
  void view(uint32_t field, Bytes bytes);
  void message(uint32_t field, WireWriter inner);
  void integers(uint32_t field, const std::vector<int64_t>& values);  ///< Packed.
  void reals(uint32_t field, const std::vector<float>& values);       ///< Packed.

  uint64_t size() const { return size_; }
  void write_to(std::ostream& out) const;
  std::string str() const;

 private:
  struct Piece {
    std::string own;
    Bytes borrowed;  ///< After `own`.
  };

  void append(std::string_view bytes);
  void header(uint32_t field, WireType type);
  void varint(uint64_t value);

  std::vector<Piece> pieces_;
  uint64_t size_ = 0;
};

}  // namespace kasuri::onnx
