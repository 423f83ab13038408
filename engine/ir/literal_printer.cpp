#include "engine/ir/literal_printer.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/ir/text_lexer.h"

namespace kasuri::text {
namespace {

constexpr int64_t kSmallestRepeat = 9;
constexpr size_t kChunk = 1 << 16;

template <typename T>
std::string shortest(T value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  char buffer[64];
  const auto end = std::to_chars(buffer, buffer + sizeof(buffer), value).ptr;
  return {buffer, end};
}

template <typename T>
std::string number(T value) {
  if constexpr (std::is_floating_point_v<T>)
    return shortest(value);
  else
    return std::to_string(value);
}

/// Decimal text loses nothing (payloads of NaN and odd bools do not have one).
template <typename T>
bool survives(const T& value) {
  if constexpr (!std::is_floating_point_v<T>)
    return true;
  else {
    const T plain = std::numeric_limits<T>::quiet_NaN();
    return !std::isnan(value) || std::memcmp(&plain, &value, sizeof(T)) == 0;
  }
}

std::string hex_text(std::span<const std::byte> bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string out = " hex \"";
  for (std::byte b : bytes) {
    out += kDigits[static_cast<unsigned>(b) >> 4];
    out += kDigits[static_cast<unsigned>(b) & 15];
  }
  return out + "\"";
}

template <typename T>
std::string elements_text(const Tensor& tensor) {
  const auto values = tensor.data<T>();
  for (const T& v : values)
    if (!survives(v)) return hex_text(tensor.stored_bytes());
  const auto same = [&](const T& v) { return std::memcmp(&v, &values[0], sizeof(T)) == 0; };
  if (tensor.count() >= kSmallestRepeat && std::all_of(values.begin(), values.end(), same))
    return " all " + number(values[0]);
  std::string out = " {";
  for (size_t i = 0; i < values.size(); ++i) out += (i ? ", " : "") + number(values[i]);
  return out + "}";
}

std::string strings_text(const Tensor& tensor) {
  std::string out = " {";
  for (size_t i = 0; i < tensor.strings().size(); ++i)
    out += (i ? ", " : "") + quoted(tensor.strings()[i]);
  return out + "}";
}

std::string contents(const Tensor& tensor) {
  switch (tensor.dtype()) {
    case DataType::kFloat:
      return elements_text<float>(tensor);
    case DataType::kDouble:
      return elements_text<double>(tensor);
    case DataType::kInt64:
      return elements_text<int64_t>(tensor);
    case DataType::kInt32:
      return elements_text<int32_t>(tensor);
    case DataType::kInt16:
      return elements_text<int16_t>(tensor);
    case DataType::kInt8:
      return elements_text<int8_t>(tensor);
    case DataType::kBool:
    case DataType::kUint8:
      return elements_text<uint8_t>(tensor);
    case DataType::kUint16:
      return elements_text<uint16_t>(tensor);
    case DataType::kUint32:
      return elements_text<uint32_t>(tensor);
    case DataType::kUint64:
      return elements_text<uint64_t>(tensor);
    case DataType::kString:
      return strings_text(tensor);
    default:
      return hex_text(tensor.stored_bytes());
  }
}

bool follows_seed(const Tensor& tensor, const std::string& name, WeightUse use) {
  if (tensor.count() < kSmallestRepeat || tensor.dtype() != DataType::kFloat) return false;
  const auto bytes = tensor.stored_bytes();
  std::vector<std::byte> expected;
  for (size_t at = 0; at < bytes.size(); at += expected.size()) {
    expected.resize(std::min(at == 0 ? size_t{16} : kChunk, bytes.size() - at));
    fill_weights(name, tensor.dtype(), fan_in(tensor.extents(), use), expected, at / sizeof(float));
    if (std::memcmp(expected.data(), bytes.data() + at, expected.size()) != 0) return false;
  }
  return true;
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (c == '\n')
      out += "\\n";
    else if (byte < 0x20 || byte == 0x7F) {
      constexpr char kDigits[] = "0123456789abcdef";
      out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    } else
      out += c;
  }
  return out + "\"";
}

std::string value_name(std::string_view name) {
  const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), is_name_character);
  return plain ? "%" + std::string(name) : "%" + quoted(name);
}

std::string word(std::string_view text) {
  return is_word(text) && text != "_" ? std::string(text) : quoted(text);
}

std::string type_text(const ValueType& type) {
  const std::string inner = type.element ? type_text(*type.element) : "_";
  switch (type.kind) {
    case ValueType::Kind::kSequence:
      return "seq(" + inner + ")";
    case ValueType::Kind::kOptional:
      return "optional(" + inner + ")";
    case ValueType::Kind::kMap:
      return "map(" + std::string(name_of(type.dtype)) + ", " + inner + ")";
    case ValueType::Kind::kTensor:
      break;
  }
  if (type.dtype == DataType::kUndefined && !type.shape) return "_";
  std::string out(name_of(type.dtype));
  if (!type.shape) return out + "[...]";
  out += "[";
  for (size_t i = 0; i < type.shape->size(); ++i) {
    const Dim& dim = (*type.shape)[i];
    out += i ? "," : "";
    out += dim.known() || dim.symbol().empty() ? dim.text() : quoted(dim.symbol());
  }
  return out + "]";
}

std::string real_text(float value) {
  std::string out = shortest(value);
  if (out.find_first_not_of("-0123456789") == std::string::npos) out += ".0";
  return out;
}

std::string tensor_text(const Tensor& tensor, const TensorStyle& style) {
  const std::string form = type_text(ValueType::tensor(tensor.dtype(), shape_of(tensor.extents())));
  if (style.use && follows_seed(tensor, style.name, *style.use)) return form + " seed";
  if (style.max_elements >= 0 && tensor.count() > style.max_elements)
    return form + " digest \"" + tensor.fingerprint().hex() + "\"";
  return form + contents(tensor);
}

}  // namespace kasuri::text
