#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "engine/base/mapped_file.h"
#include "engine/ir/shape.h"
#include "engine/onnx/inflate.h"
#include "engine/onnx/tensor_file.h"

// The .npy format (numpy/lib/format.py) and its zipped collection .npz (PKWARE APPNOTE 6.3).
namespace kasuri {
namespace {

static_assert(std::endian::native == std::endian::little);

struct TypeCode {
  DataType dtype;
  std::string_view code;
};

constexpr TypeCode kCodes[] = {
    {DataType::kFloat, "<f4"},     {DataType::kDouble, "<f8"},      {DataType::kFloat16, "<f2"},
    {DataType::kInt8, "|i1"},      {DataType::kUint8, "|u1"},       {DataType::kInt16, "<i2"},
    {DataType::kUint16, "<u2"},    {DataType::kInt32, "<i4"},       {DataType::kUint32, "<u4"},
    {DataType::kInt64, "<i8"},     {DataType::kUint64, "<u8"},      {DataType::kBool, "|b1"},
    {DataType::kComplex64, "<c8"}, {DataType::kComplex128, "<c16"},
};

/// The text after "'key':" in the header's dictionary.
std::optional<std::string_view> entry(std::string_view header, std::string_view key) {
  const size_t at = header.find(fmt::format("'{}'", key));
  if (at == std::string_view::npos) return std::nullopt;
  const size_t colon = header.find(':', at);
  if (colon == std::string_view::npos) return std::nullopt;
  std::string_view rest = header.substr(colon + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of(' '), rest.size()));
  return rest;
}

std::optional<std::vector<int64_t>> parse_shape(std::string_view text) {
  if (text.empty() || text[0] != '(') return std::nullopt;
  const size_t end = text.find(')');
  if (end == std::string_view::npos) return std::nullopt;
  std::vector<int64_t> extents;
  const char* p = text.data() + 1;
  const char* last = text.data() + end;
  while (p < last) {
    if (*p == ' ' || *p == ',') {
      ++p;
      continue;
    }
    int64_t extent = 0;
    const auto [next, error] = std::from_chars(p, last, extent);
    if (error != std::errc() || extent < 0) return std::nullopt;
    extents.push_back(extent);
    p = next;
  }
  return extents;
}

Tensor from_column_major(const Tensor& stored, const std::vector<int64_t>& extents) {
  const size_t width = static_cast<size_t>(bits_of(stored.dtype())) / 8;
  return Tensor::make(stored.dtype(), extents, [&](std::span<std::byte> out) {
    std::vector<int64_t> at(extents.size(), 0);
    for (int64_t i = 0; i < stored.count(); ++i) {
      int64_t from = 0;
      for (size_t d = extents.size(); d-- > 0;) from = from * extents[d] + at[d];
      std::memcpy(out.data() + static_cast<size_t>(i) * width,
                  stored.bytes().data() + static_cast<size_t>(from) * width, width);
      for (size_t d = at.size(); d-- > 0;) {
        if (++at[d] < extents[d]) break;
        at[d] = 0;
      }
    }
  });
}

template <typename T>
T little_endian(std::span<const std::byte> bytes, size_t at) {
  T value{};
  std::memcpy(&value, bytes.data() + at, sizeof(T));
  return value;
}

Result<std::string> unpacked(std::span<const std::byte> packed, uint16_t method, size_t size) {
  if (method == 8) return inflate(packed, size);
  if (method == 0 && packed.size() == size)
    return std::string(reinterpret_cast<const char*>(packed.data()), size);
  return Error(fmt::format("a member is compressed by method {}", method));
}

/// One entry of the central directory, at `at`; `next` becomes the following one.
Result<std::pair<std::string, Tensor>> read_member(std::span<const std::byte> file, size_t& at) {
  constexpr size_t kEntry = 46, kLocal = 30;
  const Error damaged("the archive is damaged");
  if (at + kEntry > file.size() || little_endian<uint32_t>(file, at) != 0x02014b50) return damaged;
  const auto method = little_endian<uint16_t>(file, at + 10);
  const size_t packed_size = little_endian<uint32_t>(file, at + 20);
  const size_t size = little_endian<uint32_t>(file, at + 24);
  const size_t name_size = little_endian<uint16_t>(file, at + 28);
  const size_t local = little_endian<uint32_t>(file, at + 42);
  if (at + kEntry + name_size > file.size() || local + kLocal > file.size()) return damaged;
  std::string name(reinterpret_cast<const char*>(file.data() + at + kEntry), name_size);
  at += kEntry + name_size + little_endian<uint16_t>(file, at + 30) +
        little_endian<uint16_t>(file, at + 32);
  const size_t data = local + kLocal + little_endian<uint16_t>(file, local + 26) +
                      little_endian<uint16_t>(file, local + 28);
  if (data > file.size() || packed_size > file.size() - data) return damaged;
  KASURI_TRY_IN(const std::string bytes, unpacked(file.subspan(data, packed_size), method, size),
                name);
  KASURI_TRY_IN(Tensor tensor, parse_npy(std::as_bytes(std::span(bytes.data(), bytes.size()))),
                name);
  if (name.ends_with(".npy")) name.resize(name.size() - 4);
  return std::pair(std::move(name), std::move(tensor));
}

}  // namespace

Result<Tensor> parse_npy(std::span<const std::byte> bytes) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (bytes.size() < 12 || !all.starts_with("\x93NUMPY")) return Error("not an .npy file");
  const bool first_version = all[6] == 1;
  const size_t start = first_version ? 10 : 12;
  const size_t length =
      first_version ? little_endian<uint16_t>(bytes, 8) : little_endian<uint32_t>(bytes, 8);
  if (length > bytes.size() - start) return Error("the header is cut off");
  const std::string_view header = all.substr(start, length);
  const auto code = entry(header, "descr"), order = entry(header, "fortran_order"),
             shape = entry(header, "shape");
  const auto extents = shape ? parse_shape(*shape) : std::nullopt;
  if (!code || !order || !extents) return Error("the header is damaged");
  const TypeCode* type = nullptr;
  for (const TypeCode& c : kCodes)
    if (code->substr(1).starts_with(fmt::format("{}'", c.code)) ||
        (code->size() > 2 && (*code)[1] == '=' &&
         code->substr(2).starts_with(fmt::format("{}'", c.code.substr(1)))))
      type = &c;
  if (type == nullptr)
    return Error(fmt::format("element type {} is not supported", code->substr(0, 8)));
  const auto count = element_count(*extents);
  const std::span<const std::byte> data = bytes.subspan(start + length);
  if (!count || *count > static_cast<int64_t>(data.size()) ||
      bytes_for(type->dtype, *count) > data.size())
    return Error("the data are cut off");
  const Tensor stored = Tensor::make(type->dtype, *extents, [&](std::span<std::byte> out) {
    if (!out.empty()) std::memcpy(out.data(), data.data(), out.size());
  });
  return order->starts_with("True") ? from_column_major(stored, *extents) : stored;
}

Result<std::string> npy_bytes(const Tensor& tensor) {
  for (const TypeCode& c : kCodes) {
    if (c.dtype != tensor.dtype()) continue;
    std::string shape;
    for (int64_t e : tensor.extents()) shape += fmt::format("{},", e);
    std::string header =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", c.code, shape);
    header.resize((10 + header.size() + 1 + 63) / 64 * 64 - 10 - 1, ' ');
    header += '\n';
    std::string out("\x93NUMPY\x01\x00", 8);
    out.push_back(static_cast<char>(header.size() & 255));
    out.push_back(static_cast<char>(header.size() >> 8));
    out += header;
    out.append(reinterpret_cast<const char*>(tensor.bytes().data()), tensor.bytes().size());
    return out;
  }
  return Error(fmt::format("{} has no .npy form", name_of(tensor.dtype())));
}

Result<std::map<std::string, Tensor>> read_npz_file(const std::string& path) {
  constexpr size_t kEnd = 22;
  KASURI_TRY(const auto mapped, MappedFile::open(path));
  const std::span<const std::byte> file = mapped->bytes();
  const Error damaged(fmt::format("'{}' is no .npz file", path));
  size_t end = file.size() < kEnd ? 0 : file.size() - kEnd;
  while (end > 0 && little_endian<uint32_t>(file, end) != 0x06054b50) --end;
  if (end == 0) return damaged;
  size_t at = little_endian<uint32_t>(file, end + 16);
  std::map<std::string, Tensor> out;
  for (int n = little_endian<uint16_t>(file, end + 10); n > 0; --n) {
    KASURI_TRY_IN(auto member, read_member(file, at), fmt::format("reading '{}'", path));
    out.insert(std::move(member));
  }
  return out;
}

}  // namespace kasuri
