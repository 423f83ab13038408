#include "engine/ir/literal_parser.h"

#include <charconv>
#include <cstring>
#include <limits>

#include "engine/ir/extent_limits.h"

namespace kasuri::text {
namespace {

constexpr size_t kMostMadeBytes = size_t{1} << 32;
constexpr int kMostNesting = 64;

template <typename T>
bool parse_number(const std::string& text, T& out) {
  if constexpr (std::is_floating_point_v<T>) {
    if (text == "nan") return out = std::numeric_limits<T>::quiet_NaN(), true;
    if (text == "inf") return out = std::numeric_limits<T>::infinity(), true;
    if (text == "-inf") return out = -std::numeric_limits<T>::infinity(), true;
  }
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), out);
  return failed == std::errc() && end == text.data() + text.size();
}

template <typename T>
bool append(const std::string& text, std::vector<std::byte>& out) {
  T value{};
  if (!parse_number(text, value)) return false;
  const auto* bytes = reinterpret_cast<const std::byte*>(&value);
  out.insert(out.end(), bytes, bytes + sizeof(T));
  return true;
}

bool append(DataType dtype, const std::string& text, std::vector<std::byte>& out) {
  switch (dtype) {
    case DataType::kFloat:
      return append<float>(text, out);
    case DataType::kDouble:
      return append<double>(text, out);
    case DataType::kInt64:
      return append<int64_t>(text, out);
    case DataType::kInt32:
      return append<int32_t>(text, out);
    case DataType::kInt16:
      return append<int16_t>(text, out);
    case DataType::kInt8:
      return append<int8_t>(text, out);
    case DataType::kBool:
    case DataType::kUint8:
      return append<uint8_t>(text, out);
    case DataType::kUint16:
      return append<uint16_t>(text, out);
    case DataType::kUint32:
      return append<uint32_t>(text, out);
    case DataType::kUint64:
      return append<uint64_t>(text, out);
    default:
      return false;
  }
}

Tensor tensor_of(const TensorLiteral& literal, const std::vector<std::byte>& bytes) {
  return Tensor::make(literal.dtype, literal.extents, [&](std::span<std::byte> out) {
    if (!out.empty()) std::memcpy(out.data(), bytes.data(), out.size());
  });
}

}  // namespace

Result<std::string> LiteralParser::string() {
  if (lexer_.peek().kind != Token::Kind::kString) return lexer_.error("expected a string");
  return lexer_.take().text;
}

Result<int64_t> LiteralParser::integer() {
  int64_t value = 0;
  if (lexer_.peek().kind != Token::Kind::kNumber || !parse_number(lexer_.peek().text, value))
    return lexer_.error("expected an integer");
  lexer_.take();
  return value;
}

Result<double> LiteralParser::real() {
  double value = 0;
  if (!parse_number(lexer_.peek().text, value)) return lexer_.error("expected a number");
  lexer_.take();
  return value;
}

Result<ValueType> LiteralParser::type() {
  if (lexer_.accept_word("_")) return ValueType();
  if (lexer_.peek().kind != Token::Kind::kWord) return lexer_.error("expected a type");
  if (++depth_ > kMostNesting) return lexer_.error("types are nested too deeply");
  const Token word = lexer_.take();
  ValueType out;
  if (word.text == "seq" || word.text == "optional" || word.text == "map") {
    out.kind = word.text == "seq"        ? ValueType::Kind::kSequence
               : word.text == "optional" ? ValueType::Kind::kOptional
                                         : ValueType::Kind::kMap;
    KASURI_RETURN_IF_ERROR(lexer_.expect('('));
    if (out.kind == ValueType::Kind::kMap) {
      const auto key = data_type_from(lexer_.take().text);
      if (!key) return lexer_.error("expected the key type of a map");
      out.dtype = *key;
      KASURI_RETURN_IF_ERROR(lexer_.expect(','));
    }
    KASURI_TRY(ValueType element, type());
    out.element = std::make_shared<const ValueType>(std::move(element));
    KASURI_RETURN_IF_ERROR(lexer_.expect(')'));
    --depth_;
    return out;
  }
  --depth_;
  const auto dtype = data_type_from(word.text);
  if (!dtype) return lexer_.error("'" + word.text + "' is not a type");
  out.dtype = *dtype;
  KASURI_RETURN_IF_ERROR(lexer_.expect('['));
  if (lexer_.accept_word("...")) {
    KASURI_RETURN_IF_ERROR(lexer_.expect(']'));
    return out;
  }
  out.shape.emplace();
  while (!lexer_.accept(']')) {
    if (!out.shape->empty()) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
    if (lexer_.accept('?')) {
      out.shape->push_back(Dim::unknown());
    } else if (lexer_.peek().kind == Token::Kind::kString) {
      out.shape->push_back(Dim::symbol(lexer_.take().text));
    } else {
      KASURI_TRY(const int64_t extent, integer());
      if (extent < 0) return lexer_.error("an extent is negative");
      out.shape->push_back(Dim(extent));
    }
  }
  return out;
}

Status LiteralParser::element(DataType dtype, std::vector<std::byte>& out) {
  if (!append(dtype, lexer_.peek().text, out))
    return lexer_.error("expected a number of type " + std::string(name_of(dtype)));
  lexer_.take();
  return Done{};
}

Result<Tensor> LiteralParser::listed(const TensorLiteral& literal) {
  const int64_t count = *element_count(literal.extents);
  std::vector<std::byte> bytes;
  std::vector<std::string> strings;
  int64_t found = 0;
  while (!lexer_.accept('}')) {
    if (found++ > 0) KASURI_RETURN_IF_ERROR(lexer_.expect(','));
    if (literal.dtype == DataType::kString) {
      KASURI_TRY(strings.emplace_back(), string());
    } else {
      KASURI_RETURN_IF_ERROR(element(literal.dtype, bytes));
    }
  }
  if (found != count)
    return lexer_.error(std::to_string(found) + " elements where the shape needs " +
                        std::to_string(count));
  if (literal.dtype == DataType::kString)
    return Tensor::strings(literal.extents, std::move(strings));
  return tensor_of(literal, bytes);
}

Result<Tensor> LiteralParser::hex(const TensorLiteral& literal) {
  KASURI_TRY(const std::string digits, string());
  const size_t need = bytes_for(literal.dtype, *element_count(literal.extents));
  if (digits.size() != need * 2 ||
      digits.find_first_not_of("0123456789abcdef") != std::string::npos)
    return lexer_.error("expected " + std::to_string(need * 2) + " hexadecimal digits before this");
  std::vector<std::byte> bytes(need);
  for (size_t i = 0; i < need; ++i) {
    unsigned value = 0;
    std::from_chars(digits.data() + 2 * i, digits.data() + 2 * i + 2, value, 16);
    bytes[i] = static_cast<std::byte>(value);
  }
  return tensor_of(literal, bytes);
}

Status LiteralParser::reserve(const TensorLiteral& literal) {
  const size_t need = bytes_for(literal.dtype, *element_count(literal.extents));
  if (need > kMostMadeBytes - made_bytes_)
    return lexer_.error("more than 4 GiB of made-up weights");
  made_bytes_ += need;
  return Done{};
}

Result<Tensor> LiteralParser::repeated(const TensorLiteral& literal) {
  std::vector<std::byte> one;
  KASURI_RETURN_IF_ERROR(element(literal.dtype, one));
  KASURI_RETURN_IF_ERROR(reserve(literal));
  return Tensor::make(literal.dtype, literal.extents, [&](std::span<std::byte> out) {
    for (size_t at = 0; at < out.size(); at += one.size())
      std::memcpy(out.data() + at, one.data(), one.size());
  });
}

Result<Tensor> LiteralParser::range(const TensorLiteral& literal, const std::string& name) {
  KASURI_TRY(const double low, real());
  KASURI_TRY(const double high, real());
  if (literal.dtype != DataType::kFloat)
    return lexer_.error("'range' makes float32 only, before this");
  KASURI_RETURN_IF_ERROR(reserve(literal));
  const uint64_t seed = fnv1a(name);
  return Tensor::make(literal.dtype, literal.extents, [&](std::span<std::byte> out) {
    for (size_t i = 0; i * sizeof(float) < out.size(); ++i) {
      const double part = (static_cast<double>(seeded_unit(seed, i)) + 1) / 2;
      const auto value = static_cast<float>(low + part * (high - low));
      std::memcpy(out.data() + i * sizeof(float), &value, sizeof(float));
    }
  });
}

Result<Tensor> LiteralParser::seeded(const TensorLiteral& literal, const std::string& name,
                                     WeightUse use) {
  KASURI_RETURN_IF_ERROR(reserve(literal));
  return Tensor::make(literal.dtype, literal.extents, [&](std::span<std::byte> out) {
    fill_weights(name, literal.dtype, fan_in(literal.extents, use), out);
  });
}

Result<TensorLiteral> LiteralParser::tensor(const std::string& name) {
  KASURI_TRY(const ValueType form, type());
  const auto extents = form.shape ? extents_of(*form.shape) : std::nullopt;
  if (!form.is_static_tensor() || !extents || !are_possible(*extents))
    return lexer_.error("a tensor needs a known type and shape, before this");
  TensorLiteral out{{}, false, form.dtype, *extents};
  if (lexer_.accept('{')) {
    KASURI_TRY(out.tensor, listed(out));
  } else if (lexer_.accept_word("hex")) {
    KASURI_TRY(out.tensor, hex(out));
  } else if (lexer_.accept_word("all")) {
    KASURI_TRY(out.tensor, repeated(out));
  } else if (lexer_.accept_word("range")) {
    KASURI_TRY(out.tensor, range(out, name));
  } else if (lexer_.accept_word("seed")) {
    if (out.dtype == DataType::kString)
      return lexer_.error("strings cannot be made up, before this");
    out.needs_seed = true;
  } else if (lexer_.at_word("digest")) {
    return lexer_.error("the contents of this tensor were left out when the text was written");
  } else {
    return lexer_.error("expected the contents of a tensor");
  }
  return out;
}

}  // namespace kasuri::text
