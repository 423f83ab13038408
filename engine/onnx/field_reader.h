#pragma once

#include <string>
#include <vector>

#include "engine/onnx/message_reader.h"
#include "engine/onnx/wire_reader.h"

namespace kasuri::onnx {

/// Reads single fields into the types messages are made of. Every function returns false after
/// damage; error() says what.
class FieldReader {
 public:
  const std::string& error() const { return error_; }

 protected:
  bool fail(std::string problem);

  /// Calls `on_field` with each field until it returns false.
  template <typename OnField>
  bool fields(Bytes bytes, const char* message, OnField&& on_field);

  bool text(std::string_view& out, const Field& field);  ///< UTF-8, checked.
  bool blob(std::string_view& out, const Field& field);  ///< Any bytes.
  bool number(int64_t& out, const Field& field);
  bool real(float& out, const Field& field);
  /// A packed run, or one element of type `single`, kept as bytes.
  bool run(std::vector<Bytes>& out, const Field& field, WireType single);
  bool numbers(std::vector<int64_t>& out, const Field& field);  ///< Packed or one by one.
  bool reals(std::vector<float>& out, const Field& field);      ///< Packed or one by one.
  bool texts(std::vector<std::string_view>& out, const Field& field);
  bool blobs(std::vector<std::string_view>& out, const Field& field);

 private:
  std::string error_;
  int depth_ = 0;
};

template <typename OnField>
bool FieldReader::fields(Bytes bytes, const char* message, OnField&& on_field) {
  if (depth_ > 3 * kMaxNesting)
    return fail("messages are nested deeper than " + std::to_string(kMaxNesting) + " levels");
  ++depth_;
  WireReader reader(bytes);
  Field field;
  while (reader.next(field))
    if (!on_field(field)) return fail(std::string("damaged ") + message);
  --depth_;
  if (reader.ok()) return true;
  return fail(std::string(message) + ": " + std::string(reader.problem()));
}

}  // namespace kasuri::onnx
