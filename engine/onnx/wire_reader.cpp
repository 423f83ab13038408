#include "engine/onnx/wire_reader.h"

#include <cstring>

namespace kasuri::onnx {

bool WireReader::fail(std::string_view problem) {
  problem_ = problem;
  rest_ = {};
  return false;
}

bool WireReader::take(size_t count, Bytes& out) {
  if (count > rest_.size())
    return fail("a field is longer than the message around it (truncated?)");
  out = rest_.first(count);
  rest_ = rest_.subspan(count);
  return true;
}

bool WireReader::next_varint(uint64_t& value) {
  value = 0;
  for (unsigned i = 0; i < 10; ++i) {
    if (i >= rest_.size()) return fail("a number is cut off (truncated?)");
    const auto byte = static_cast<uint64_t>(rest_[i]);
    if (i < 9 || byte < 2) value |= (byte & 0x7F) << (7 * i);
    if (byte < 0x80) {
      rest_ = rest_.subspan(i + 1);
      return true;
    }
  }
  return fail("a number has more than ten bytes");
}

bool WireReader::next(Field& field) {
  if (rest_.empty()) return false;
  uint64_t key = 0;
  if (!next_varint(key)) return false;
  if (key >> 3 == 0 || key >> 3 > 0x1FFFFFFF) return fail("a field number is out of range");
  field.number = static_cast<uint32_t>(key >> 3);
  field.type = static_cast<WireType>(key & 7);
  field.scalar = 0;
  const Bytes before = rest_;
  switch (field.type) {
    case WireType::kVarint:
      if (!next_varint(field.scalar)) return false;
      field.bytes = before.first(before.size() - rest_.size());
      return true;
    case WireType::kFixed64:
    case WireType::kFixed32:
      if (!take(field.type == WireType::kFixed64 ? 8 : 4, field.bytes)) return false;
      std::memcpy(&field.scalar, field.bytes.data(), field.bytes.size());
      return true;
    case WireType::kBytes: {
      uint64_t length = 0;
      return next_varint(length) && take(length, field.bytes);
    }
  }
  return fail("an unknown wire type");
}

namespace {

/// Length of the well-formed character at the start of `s`, 0 if there is none.
size_t character_length(std::string_view s) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(s[i]); };
  const auto tail = [&](size_t i) { return i < s.size() && (byte(i) & 0xC0) == 0x80; };
  const unsigned first = byte(0);
  if (first < 0x80) return first == 0 ? 0 : 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  if (first < 0xE0) return tail(1) ? 2 : 0;
  if (!tail(1) || !tail(2)) return 0;
  if (first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (!tail(3) || (first == 0xF0 && byte(1) < 0x90) || (first == 0xF4 && byte(1) >= 0x90)) return 0;
  return 4;
}

}  // namespace

bool is_valid_text(std::string_view text) {
  while (!text.empty()) {
    const size_t length = character_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

}  // namespace kasuri::onnx
