#include "engine/onnx/wire_writer.h"

#include <cstring>
#include <sstream>

namespace kasuri::onnx {

void WireWriter::append(std::string_view bytes) {
  if (pieces_.empty() || !pieces_.back().borrowed.empty()) pieces_.emplace_back();
  pieces_.back().own += bytes;
  size_ += bytes.size();
}

void WireWriter::varint(uint64_t value) {
  char buffer[10];
  size_t length = 0;
  for (; value >= 0x80; value >>= 7) buffer[length++] = static_cast<char>(value | 0x80);
  buffer[length++] = static_cast<char>(value);
  append({buffer, length});
}

void WireWriter::header(uint32_t field, WireType type) {
  varint(uint64_t{field} << 3 | static_cast<uint64_t>(type));
}

void WireWriter::integer(uint32_t field, int64_t value) {
  header(field, WireType::kVarint);
  varint(static_cast<uint64_t>(value));
}

void WireWriter::real(uint32_t field, float value) {
  char buffer[sizeof(float)];
  std::memcpy(buffer, &value, sizeof(float));
  header(field, WireType::kFixed32);
  append({buffer, sizeof(float)});
}

void WireWriter::text(uint32_t field, std::string_view value) {
  header(field, WireType::kBytes);
  varint(value.size());
  append(value);
}

void WireWriter::view(uint32_t field, Bytes bytes) {
  header(field, WireType::kBytes);
  varint(bytes.size());
  if (bytes.empty()) return;
  pieces_.back().borrowed = bytes;
  size_ += bytes.size();
}

void WireWriter::message(uint32_t field, WireWriter inner) {
  header(field, WireType::kBytes);
  varint(inner.size_);
  for (Piece& piece : inner.pieces_) {
    append(piece.own);
    pieces_.back().borrowed = piece.borrowed;
    size_ += piece.borrowed.size();
  }
}

void WireWriter::integers(uint32_t field, const std::vector<int64_t>& values) {
  WireWriter packed;
  for (int64_t v : values) packed.varint(static_cast<uint64_t>(v));
  message(field, std::move(packed));
}

void WireWriter::reals(uint32_t field, const std::vector<float>& values) {
  text(field, {reinterpret_cast<const char*>(values.data()), values.size() * sizeof(float)});
}

void WireWriter::write_to(std::ostream& out) const {
  for (const Piece& piece : pieces_) {
    out.write(piece.own.data(), static_cast<std::streamsize>(piece.own.size()));
    out.write(reinterpret_cast<const char*>(piece.borrowed.data()),
              static_cast<std::streamsize>(piece.borrowed.size()));
  }
}

std::string WireWriter::str() const {
  std::string out;
  out.reserve(size_);
  for (const Piece& piece : pieces_) {
    out += piece.own;
    out += text_of(piece.borrowed);
  }
  return out;
}

}  // namespace kasuri::onnx
