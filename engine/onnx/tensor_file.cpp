#include "engine/onnx/tensor_file.h"

#include <fmt/format.h>

#include <cstring>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/onnx/message_reader.h"
#include "engine/onnx/tensor_reader.h"
#include "engine/onnx/wire_reader.h"

namespace kasuri {
namespace {

using onnx::Bytes;
using onnx::Field;
using onnx::WireReader;

constexpr int kMaximalDepth = 50;

/// Field numbers shared by SequenceProto and OptionalProto.
enum ValueField : uint32_t { kTensorValue = 3, kSequenceValue = 5, kOptionalValue = 7 };

/// Reads values whose bytes `file` keeps alive.
class ValueReader {
 public:
  explicit ValueReader(std::shared_ptr<const void> file) : tensors_(std::move(file), nullptr) {}

  Result<Tensor> tensor(Bytes bytes) const {
    KASURI_TRY(const onnx::TensorMessage message, onnx::read_tensor(bytes));
    return tensors_.read(message);
  }

  Result<RuntimeValue> value(Bytes bytes, const ValueType& type, int depth = 0) const {
    if (depth > kMaximalDepth) return Error("values nest too deep");
    if (type.kind == ValueType::Kind::kTensor) {
      KASURI_TRY(Tensor t, tensor(bytes));
      return RuntimeValue(std::move(t));
    }
    if (type.kind == ValueType::Kind::kMap) return Error("maps are not supported");
    KASURI_TRY(TensorSequence items, this->items(bytes, depth));
    if (type.kind == ValueType::Kind::kSequence) return RuntimeValue::sequence(std::move(items));
    RuntimeValue out;
    if (!items.empty()) out = items[0];
    out.is_optional = true;
    return out;
  }

 private:
  Result<TensorSequence> items(Bytes bytes, int depth) const {
    TensorSequence items;
    WireReader reader(bytes);
    for (Field field; reader.next(field);) {
      if (field.type != onnx::WireType::kBytes || field.number < kTensorValue) continue;
      ValueType type = ValueType::tensor(DataType::kUndefined);
      if (field.number == kSequenceValue)
        type = ValueType::sequence(type);
      else if (field.number == kOptionalValue)
        type = ValueType::optional(type);
      else if (field.number != kTensorValue)
        return Error("sparse values and maps are not supported");
      KASURI_TRY(RuntimeValue item, value(field.bytes, type, depth + 1));
      items.push_back(std::move(item));
    }
    if (!reader.ok()) return Error(std::string(reader.problem()));
    return items;
  }

  onnx::TensorReader tensors_;
};

void put_varint(std::string& out, uint64_t value) {
  for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
  out.push_back(static_cast<char>(value));
}

void put_number(std::string& out, uint32_t field, uint64_t value) {
  put_varint(out, field << 3);
  put_varint(out, value);
}

void put_bytes(std::string& out, uint32_t field, std::string_view bytes) {
  put_varint(out, field << 3 | 2);
  put_varint(out, bytes.size());
  out.append(bytes);
}

std::string tensor_proto(const std::string& name, const Tensor& tensor) {
  std::string out;
  for (int64_t e : tensor.extents()) put_number(out, 1, static_cast<uint64_t>(e));
  put_number(out, 2, static_cast<uint64_t>(tensor.dtype()));
  if (tensor.dtype() == DataType::kString)
    for (const std::string& s : tensor.strings()) put_bytes(out, 6, s);
  if (!name.empty()) put_bytes(out, 8, name);
  if (tensor.dtype() != DataType::kString) put_bytes(out, 9, onnx::text_of(tensor.bytes()));
  return out;
}

bool ends_with(const std::string& path, std::string_view suffix) { return path.ends_with(suffix); }

}  // namespace

Result<RuntimeValue> read_value_file(const std::string& path, const ValueType& type) {
  KASURI_TRY(const auto file, MappedFile::open(path));
  KASURI_TRY_IN(RuntimeValue value, ValueReader(file).value(file->bytes(), type),
                fmt::format("reading '{}'", path));
  return value;
}

Result<Tensor> read_tensor_file(const std::string& path) {
  KASURI_TRY(const auto file, MappedFile::open(path));
  KASURI_TRY_IN(
      Tensor tensor,
      ends_with(path, ".npy") ? parse_npy(file->bytes()) : ValueReader(file).tensor(file->bytes()),
      fmt::format("reading '{}'", path));
  return tensor;
}

std::string value_proto(const std::string& name, const RuntimeValue& value) {
  if (value.is_tensor() && !value.is_optional) return tensor_proto(name, value.tensor());
  std::string out;
  if (!name.empty()) put_bytes(out, 1, name);
  const auto put_item = [&](const RuntimeValue& item, bool inside_optional) {
    const bool wrapped = item.is_optional && !inside_optional;
    const uint32_t field = wrapped              ? kOptionalValue
                           : item.is_sequence() ? kSequenceValue
                                                : kTensorValue;
    RuntimeValue bare = item;
    bare.is_optional = wrapped;
    put_bytes(out, field, value_proto("", bare));
  };
  if (value.is_optional) {
    put_number(out, 2, !value.present() ? 0 : value.is_sequence() ? 3 : 1);
    if (value.present()) put_item(value, true);
    return out;
  }
  if (!value.is_sequence()) return out;
  put_number(out, 2, value.items().empty() || value.items()[0].is_tensor() ? 1 : 3);
  for (const RuntimeValue& item : value.items()) put_item(item, false);
  return out;
}

Status write_value_file(const std::string& path, const std::string& name,
                        const RuntimeValue& value) {
  if (!ends_with(path, ".npy")) return write_file_atomically(path, value_proto(name, value));
  if (!value.is_tensor()) return Error(fmt::format("'{}': only tensors have an .npy form", path));
  KASURI_TRY(const std::string bytes, npy_bytes(value.tensor()));
  return write_file_atomically(path, bytes);
}

}  // namespace kasuri
