#include "engine/onnx/field_reader.h"

#include <cstring>

namespace kasuri::onnx {

bool FieldReader::fail(std::string problem) {
  if (error_.empty()) error_ = std::move(problem);
  return false;
}

bool FieldReader::blob(std::string_view& out, const Field& field) {
  if (field.type != WireType::kBytes)
    return fail("field " + std::to_string(field.number) + " should be text and is a number");
  out = text_of(field.bytes);
  return true;
}

bool FieldReader::text(std::string_view& out, const Field& field) {
  if (!blob(out, field)) return false;
  return is_valid_text(out) || fail("a name is not valid UTF-8");
}

bool FieldReader::number(int64_t& out, const Field& field) {
  if (field.type != WireType::kVarint)
    return fail("field " + std::to_string(field.number) + " should be an integer");
  out = static_cast<int64_t>(field.scalar);
  return true;
}

bool FieldReader::real(float& out, const Field& field) {
  if (field.type != WireType::kFixed32)
    return fail("field " + std::to_string(field.number) + " should be a float");
  std::memcpy(&out, field.bytes.data(), sizeof(out));
  return true;
}

bool FieldReader::run(std::vector<Bytes>& out, const Field& field, WireType single) {
  if (field.type != WireType::kBytes && field.type != single)
    return fail("field " + std::to_string(field.number) + " has the wrong element type");
  if (!field.bytes.empty()) out.push_back(field.bytes);
  return true;
}

bool FieldReader::numbers(std::vector<int64_t>& out, const Field& field) {
  if (field.type == WireType::kVarint) {
    out.push_back(static_cast<int64_t>(field.scalar));
    return true;
  }
  if (field.type != WireType::kBytes) return fail("a list of integers has the wrong element type");
  WireReader reader(field.bytes);
  uint64_t value = 0;
  while (!reader.at_end()) {
    if (!reader.next_varint(value)) return fail(std::string(reader.problem()));
    out.push_back(static_cast<int64_t>(value));
  }
  return true;
}

bool FieldReader::reals(std::vector<float>& out, const Field& field) {
  const bool whole = field.type == WireType::kBytes || field.type == WireType::kFixed32;
  if (!whole || field.bytes.size() % sizeof(float) != 0)
    return fail("a list of floats has the wrong size or element type");
  const size_t before = out.size();
  out.resize(before + field.bytes.size() / sizeof(float));
  if (!field.bytes.empty())
    std::memcpy(out.data() + before, field.bytes.data(), field.bytes.size());
  return true;
}

bool FieldReader::texts(std::vector<std::string_view>& out, const Field& field) {
  return text(out.emplace_back(), field);
}

bool FieldReader::blobs(std::vector<std::string_view>& out, const Field& field) {
  return blob(out.emplace_back(), field);
}

}  // namespace kasuri::onnx
