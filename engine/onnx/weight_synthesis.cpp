#include "engine/onnx/weight_synthesis.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "engine/base/atomic_file.h"

namespace kasuri::onnx {
namespace {

constexpr size_t kAlignment = 64;
constexpr std::string_view kRule = "splitmix-1";

uint64_t mixed(uint64_t seed, uint64_t index) {
  uint64_t z = seed + (index + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return z ^ (z >> 31);
}

bool has_transposed_b(const NodeMessage& node) {
  for (const AttributeMessage& a : node.attributes)
    if (a.name == "transB" && a.i.value_or(0) != 0) return true;
  return false;
}

void collect_uses(const GraphMessage& graph, WeightUses& uses) {
  for (const NodeMessage& n : graph.nodes) {
    const bool matrix = n.op_type == "MatMul" || (n.op_type == "Gemm" && !has_transposed_b(n));
    if (matrix && n.inputs.size() > 1) uses.emplace(n.inputs[1], WeightUse::kMatrix);
    if (n.op_type == "Gather" && !n.inputs.empty()) uses.emplace(n.inputs[0], WeightUse::kEmbedding);
    for (const AttributeMessage& a : n.attributes)
      for (const GraphMessage& body : a.graphs) collect_uses(body, uses);
  }
}

/// Nearest-even rounding of the upper 16 bits.
uint16_t bfloat16_of(float value) {
  uint32_t bits = 0;
  std::memcpy(&bits, &value, sizeof(bits));
  return static_cast<uint16_t>((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
}

uint16_t float16_of(float value) {
  const float magnitude = std::fabs(value);
  const uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  if (magnitude == 0) return sign;
  int exponent = 0;
  std::frexp(magnitude, &exponent);
  const int step = std::max(exponent - 11, -24);
  const auto units = static_cast<uint32_t>(std::nearbyint(std::ldexp(magnitude, -step)));
  const uint32_t base = step == -24 ? 0 : static_cast<uint32_t>(step + 24) << 10;
  return static_cast<uint16_t>(sign | std::min<uint32_t>(base + units, 0x7BFF));
}

template <typename T, typename F>
void fill(std::span<std::byte> out, F&& value_at) {
  const size_t count = out.size() / sizeof(T);
  for (size_t i = 0; i < count; ++i) {
    const T value = value_at(i);
    std::memcpy(out.data() + i * sizeof(T), &value, sizeof(T));
  }
}

}  // namespace

WeightUses weight_uses(const GraphMessage& graph) {
  WeightUses uses;
  collect_uses(graph, uses);
  return uses;
}

int64_t fan_in(const std::vector<int64_t>& dims, WeightUse use) {
  if (use == WeightUse::kMatrix && dims.size() >= 2) return dims[dims.size() - 2];
  if (use == WeightUse::kEmbedding && !dims.empty()) return dims.back();
  int64_t product = 1;
  for (size_t i = 1; i < dims.size(); ++i) product *= dims[i];
  return product;
}

void fill_weights(std::string_view name, DataType dtype, int64_t fan_in, std::span<std::byte> out) {
  const uint64_t seed = fnv1a(name);
  const double scale = std::sqrt(6.0 / static_cast<double>(std::max<int64_t>(1, fan_in)));
  const auto real = [&](size_t i) {
    const float u = static_cast<float>(mixed(seed, i) >> 40) * 0x1p-24f * 2.0f - 1.0f;
    return static_cast<float>(static_cast<double>(u) * scale);
  };
  switch (dtype) {
    case DataType::kFloat: return fill<float>(out, real);
    case DataType::kDouble: return fill<double>(out, real);
    case DataType::kFloat16:
      return fill<uint16_t>(out, [&](size_t i) { return float16_of(real(i)); });
    case DataType::kBfloat16:
      return fill<uint16_t>(out, [&](size_t i) { return bfloat16_of(real(i)); });
    case DataType::kUint8:
      return fill<uint8_t>(out, [&](size_t i) { return (mixed(seed, i) >> 40) % 256; });
    case DataType::kInt8:
      return fill<int8_t>(out, [&](size_t i) {
        return static_cast<int8_t>(static_cast<int>((mixed(seed, i) >> 40) % 255) - 127);
      });
    default:
      if (!out.empty()) std::memset(out.data(), 0, out.size());
  }
}

namespace {

struct Piece {
  const TensorMessage* message;
  TensorForm form;
  size_t offset;
};

Result<std::vector<Piece>> absent_weights(const GraphMessage& graph, ExternalFiles& external) {
  std::vector<Piece> pieces;
  size_t end = 0;
  for (const TensorMessage& t : graph.initializers) {
    if (!t.is_external) continue;
    const std::string where = "initialiser '" + std::string(t.name) + "'";
    KASURI_TRY_IN(const ExternalPlace place, external_place(t), where);
    KASURI_TRY_IN(const auto file, external.open(place.location), where);
    if (file) continue;
    KASURI_TRY_IN(const TensorForm form, form_of(t), where);
    const size_t offset = (end + kAlignment - 1) / kAlignment * kAlignment;
    end = offset + bytes_for(form.dtype, form.count);
    pieces.push_back({&t, form, offset});
  }
  return pieces;
}

Status write_pieces(const std::string& path, const std::vector<Piece>& pieces,
                    const WeightUses& uses, const TaskContext& task) {
  return write_file_atomically(path, [&](std::ostream& out) -> Status {
    std::vector<std::byte> bytes;
    for (size_t i = 0; i < pieces.size(); ++i) {
      KASURI_RETURN_IF_ERROR(task.cancel.check());
      task.report("Making up weights", static_cast<double>(i), static_cast<double>(pieces.size()));
      const Piece& piece = pieces[i];
      const auto use = uses.find(piece.message->name);
      bytes.resize(bytes_for(piece.form.dtype, piece.form.count));
      fill_weights(piece.message->name, piece.form.dtype,
                   fan_in(piece.form.extents, use == uses.end() ? WeightUse::kOther : use->second),
                   bytes);
      out.seekp(static_cast<std::streamoff>(piece.offset));
      out.write(reinterpret_cast<const char*>(bytes.data()),
                static_cast<std::streamsize>(bytes.size()));
    }
    return Done{};
  });
}

}  // namespace

Result<SynthesizedWeights> SynthesizedWeights::open(const GraphMessage& graph,
                                                    const Fingerprint& content,
                                                    ExternalFiles& external,
                                                    const TaskContext& task) {
  KASURI_TRY(const std::vector<Piece> pieces, absent_weights(graph, external));
  SynthesizedWeights made;
  if (pieces.empty()) return made;
  FingerprintBuilder name;
  name.add(kRule).add(content.low).add(content.high);
  for (const Piece& p : pieces) {
    made.places_[p.message->name] = p.offset;
    name.add(p.message->name).add(p.offset);
  }
  KASURI_TRY(const std::string folder, cache_folder("weights"));
  made.path_ = folder + "/" + name.finish().hex() + ".weights";
  const size_t size = pieces.back().offset + bytes_for(pieces.back().form.dtype, pieces.back().form.count);
  Result<std::shared_ptr<const MappedFile>> cached = MappedFile::open(made.path_);
  if (!cached.ok() || (*cached)->bytes().size() != size) {
    KASURI_RETURN_IF_ERROR(write_pieces(made.path_, pieces, weight_uses(graph), task));
    cached = MappedFile::open(made.path_);
  }
  KASURI_TRY(made.file_, std::move(cached));
  return made;
}

Result<Tensor> SynthesizedWeights::tensor(const TensorMessage& message) const {
  const auto place = places_.find(message.name);
  if (place == places_.end()) return Error("only weights of the main graph can be made up");
  KASURI_TRY(const TensorForm form, form_of(message));
  const size_t size = bytes_for(form.dtype, form.count);
  if (place->second + size > file_->bytes().size()) return Error("two weights have one name");
  return Tensor::view(form.dtype, form.extents, file_->bytes().subspan(place->second, size), file_);
}

}  // namespace kasuri::onnx
