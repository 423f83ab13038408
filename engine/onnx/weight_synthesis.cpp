#include "engine/onnx/weight_synthesis.h"

#include <algorithm>

#include "engine/base/atomic_file.h"

namespace kasuri::onnx {
namespace {

constexpr size_t kAlignment = 64;
constexpr std::string_view kRule = "splitmix-1";
constexpr size_t kChunkBytes = 1 << 20;
/// Larger demands come from damaged files.
constexpr size_t kLargestFile = size_t{1} << 36;

bool has_transposed_b(const NodeMessage& node) {
  for (const AttributeMessage& a : node.attributes)
    if (a.name == "transB" && a.i.value_or(0) != 0) return true;
  return false;
}

void collect_uses(const GraphMessage& graph, WeightUses& uses) {
  for (const NodeMessage& n : graph.nodes) {
    const bool matrix = n.op_type == "MatMul" || (n.op_type == "Gemm" && !has_transposed_b(n));
    if (matrix && n.inputs.size() > 1) uses.emplace(n.inputs[1], WeightUse::kMatrix);
    if (n.op_type == "Gather" && !n.inputs.empty())
      uses.emplace(n.inputs[0], WeightUse::kEmbedding);
    for (const AttributeMessage& a : n.attributes)
      for (const GraphMessage& body : a.graphs) collect_uses(body, uses);
  }
}

}  // namespace

WeightUses weight_uses(const GraphMessage& graph) {
  WeightUses uses;
  collect_uses(graph, uses);
  return uses;
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
    if (form.count == 0 || form.dtype == DataType::kString) continue;
    const size_t offset = (end + kAlignment - 1) / kAlignment * kAlignment;
    end = offset + bytes_for(form.dtype, form.count);
    if (end > kLargestFile)
      return Error("needs made-up weights of more than " + std::to_string(kLargestFile >> 30) +
                   " GiB")
          .with_context(where);
    pieces.push_back({&t, form, offset});
  }
  return pieces;
}

void write_piece(std::ostream& out, const Piece& piece, int64_t fan_in) {
  std::vector<std::byte> chunk;
  const size_t size = bytes_for(piece.form.dtype, piece.form.count);
  out.seekp(static_cast<std::streamoff>(piece.offset));
  for (size_t at = 0; at < size; at += chunk.size()) {
    chunk.resize(std::min(kChunkBytes, size - at));
    const uint64_t first = at * 8 / static_cast<size_t>(bits_of(piece.form.dtype));
    fill_weights(piece.message->name, piece.form.dtype, fan_in, chunk, first);
    out.write(reinterpret_cast<const char*>(chunk.data()),
              static_cast<std::streamsize>(chunk.size()));
  }
}

Status write_pieces(const std::string& path, const std::vector<Piece>& pieces,
                    const WeightUses& uses, const TaskContext& task) {
  return write_file_atomically(path, [&](std::ostream& out) -> Status {
    for (size_t i = 0; i < pieces.size(); ++i) {
      KASURI_RETURN_IF_ERROR(task.cancel.check());
      task.report("Making up weights", static_cast<double>(i), static_cast<double>(pieces.size()));
      const auto use = uses.find(pieces[i].message->name);
      const WeightUse kind = use == uses.end() ? WeightUse::kOther : use->second;
      write_piece(out, pieces[i], fan_in(pieces[i].form.extents, kind));
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
  const size_t size =
      pieces.back().offset + bytes_for(pieces.back().form.dtype, pieces.back().form.count);
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
