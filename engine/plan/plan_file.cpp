#include "engine/plan/plan_file.h"

#include <cstring>
#include <ostream>

#include "engine/base/atomic_file.h"
#include "engine/base/mapped_file.h"
#include "engine/ir/shape_inference.h"
#include "engine/ir/verifier.h"
#include "engine/plan/decisions_codec.h"

namespace kasuri {
namespace {

constexpr std::string_view kMagic = "KASURIPL";
constexpr uint64_t kVersion = 1;
constexpr size_t kHeaderBytes = 32, kHashBytes = 16, kChunk = size_t{1} << 20;

uint64_t aligned(uint64_t bytes) { return (bytes + 63) / 64 * 64; }

/// Passes bytes on to a stream and hashes them in chunks of 1 MiB.
class HashedOutput {
 public:
  explicit HashedOutput(std::ostream& out) : out_(out) { chunk_.reserve(kChunk); }

  void write(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
      const size_t size = std::min(bytes.size(), kChunk - chunk_.size());
      chunk_.insert(chunk_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
      bytes = bytes.subspan(size);
      written_ += size;
      if (chunk_.size() == kChunk) flush();
    }
  }
  void write(std::string_view text) { write(std::as_bytes(std::span(text.data(), text.size()))); }
  void pad_to(uint64_t offset) {
    static constexpr std::byte kZeros[64] = {};
    while (written_ < offset)
      write(std::span(kZeros).first(std::min<uint64_t>(64, offset - written_)));
  }
  Fingerprint finish() {
    if (!chunk_.empty()) flush();
    return hash_.finish();
  }

 private:
  void flush() {
    hash_.add_bytes(chunk_);
    out_.write(reinterpret_cast<const char*>(chunk_.data()),
               static_cast<std::streamsize>(chunk_.size()));
    chunk_.clear();
  }

  std::ostream& out_;
  FingerprintBuilder hash_;
  std::vector<std::byte> chunk_;
  uint64_t written_ = 0;
};

Fingerprint hash_of(std::span<const std::byte> bytes) {
  FingerprintBuilder hash;
  for (size_t at = 0; at < bytes.size(); at += kChunk)
    hash.add_bytes(bytes.subspan(at, std::min(kChunk, bytes.size() - at)));
  return hash.finish();
}

std::string describe(const PlanFileContent& content, WeightSection& weights) {
  ByteWriter out;
  out.text(content.made_by);
  out.text(content.environment);
  out.signed_number(content.options.threads);
  out.signed_number(content.options.memory_limit);
  out.number(content.options.reference_only);
  write_graph(out, weights, *content.graph);
  write_decisions(out, *content.graph, numbers_of(*content.graph), content.decisions);
  return out.bytes();
}

Status write_plan(std::ostream& stream, const PlanFileContent& content) {
  WeightSection weights;
  const std::string description = describe(content, weights);
  const uint64_t weights_at = aligned(kHeaderBytes + description.size());
  ByteWriter header;
  header.number(kVersion);
  header.number(weights_at + weights.bytes() + kHashBytes);
  header.number(description.size());
  HashedOutput out(stream);
  out.write(kMagic);
  out.write(header.bytes());
  out.write(description);
  for (const auto& [offset, tensor] : weights.tensors()) {
    out.pad_to(weights_at + offset);
    out.write(tensor.bytes());
  }
  out.pad_to(weights_at + weights.bytes());
  const Fingerprint hash = out.finish();
  ByteWriter trailer;
  trailer.number(hash.low);
  trailer.number(hash.high);
  stream.write(trailer.bytes().data(), static_cast<std::streamsize>(trailer.bytes().size()));
  if (!stream.good()) return Error::unavailable("writing failed (disk full?)");
  return ok_status();
}

/// The description and weights of an undamaged file.
struct Sections {
  std::span<const std::byte> description, weights;
};

Result<Sections> check_file(std::span<const std::byte> bytes) {
  if (bytes.size() < kMagic.size() || std::memcmp(bytes.data(), kMagic.data(), kMagic.size()) != 0)
    return Error("not a Kasuri plan");
  if (bytes.size() < kHeaderBytes + kHashBytes) return Error("the plan is truncated");
  ByteReader header(bytes.subspan(kMagic.size(), kHeaderBytes - kMagic.size()));
  const uint64_t version = header.number(), size = header.number(), description = header.number();
  if (version != kVersion)
    return Error("the plan has format version " + std::to_string(version) +
                 ", this program reads version " + std::to_string(kVersion) +
                 "; make it again with `kasuri optimize --plan`");
  if (size != bytes.size())
    return Error("the plan is " + std::string(bytes.size() < size ? "truncated" : "too long") +
                 " (" + std::to_string(bytes.size()) + " of " + std::to_string(size) + " bytes)");
  ByteReader trailer(bytes.last(kHashBytes));
  Fingerprint stored;
  stored.low = trailer.number();
  stored.high = trailer.number();
  const auto content = bytes.first(bytes.size() - kHashBytes);
  if (!(hash_of(content) == stored))
    return Error("the plan is damaged (its checksum does not match)");
  if (description > content.size() - kHeaderBytes ||
      aligned(kHeaderBytes + description) > content.size())
    return Error("the plan is damaged (its sections do not fit)");
  return Sections{content.subspan(kHeaderBytes, description),
                  content.subspan(aligned(kHeaderBytes + description))};
}

/// Types of a file are claims: inference must not contradict them.
Status check_types(const Graph& graph) {
  KASURI_TRY(const Graph inferred, infer_graph(graph));
  for (ValueId id : graph.value_ids())
    if (!(inferred.value(id).type == graph.value(id).type))
      return Error("'" + graph.value(id).name + "' is said to be " + graph.value(id).type.text() +
                   ", but follows as " + inferred.value(id).type.text());
  return ok_status();
}

Result<PlanFileContent> read_plan(std::shared_ptr<const MappedFile> file) {
  KASURI_TRY(const Sections sections, check_file(file->bytes()));
  ByteReader in(sections.description);
  PlanFileContent content;
  content.made_by = in.text();
  content.environment = in.text();
  constexpr uint64_t kMostThreads = 4096;
  content.options.threads = static_cast<int>(in.below(kMostThreads));
  content.options.memory_limit = in.signed_number();
  content.options.reference_only = in.below(2) == 1;
  KASURI_TRY(Graph graph, read_graph(in, {sections.weights, file}));
  if (const Status sound = verify_graph(graph); !sound.ok())
    return Error("the plan is malformed: " + sound.error().text());
  KASURI_RETURN_IF_ERROR(check_types(graph));
  KASURI_TRY(content.decisions, read_decisions(in, graph));
  if (!in.ok() || !in.at_end()) return Error("the plan is malformed");
  content.graph = std::make_shared<const Graph>(std::move(graph));
  return content;
}

}  // namespace

Status save_plan(const std::string& path, const PlanFileContent& content) {
  Status status = write_file_atomically(
      path, [&](std::ostream& stream) { return write_plan(stream, content); });
  if (!status.ok())
    return std::move(status).error().with_context("writing the plan '" + path + "'");
  return ok_status();
}

Result<PlanFileContent> load_plan(const std::string& path) {
  KASURI_TRY(std::shared_ptr<const MappedFile> file, MappedFile::open(path));
  Result<PlanFileContent> content = read_plan(std::move(file));
  if (!content.ok())
    return std::move(content).error().with_context("reading the plan '" + path + "'");
  return content;
}

}  // namespace kasuri
