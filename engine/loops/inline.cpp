#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "engine/loops/access.h"
#include "engine/loops/compose.h"
#include "engine/loops/simplify.h"
#include "engine/loops/writer_inverse.h"

namespace kasuri::loops {
namespace {

Error declined(std::string reason) { return Error::unavailable(std::move(reason)); }

struct Writer {
  size_t stage;
  WriterInverse inverse;
};

bool reads(const Stage& stage, int buffer) {
  bool found = false;
  for_each_load(stage, [&](int b, const std::vector<Index>&) { found |= b == buffer; });
  return found;
}

/// The map stages that write the buffer, or why it cannot be inlined.
Result<std::vector<Writer>> writers_of(const Nest& nest, int buffer) {
  std::vector<Writer> writers;
  for (size_t s = 0; s < nest.stages.size(); ++s) {
    const Stage& stage = nest.stages[s];
    if (stage.out != buffer && stage.out2 != buffer) continue;
    if (stage.kind != StageKind::kMap) return declined("it is not written by a map");
    if (stage.combine != Stage::Combine::kNone) return declined("it is scattered into");
    if (reads(stage, buffer)) return declined("its writer reads it");
    auto inverse = WriterInverse::of(stage);
    if (!inverse) return declined("where it is written cannot be inverted");
    if (!inverse->empty()) writers.push_back({s, std::move(*inverse)});
  }
  if (writers.empty()) return declined("nothing writes it");
  return writers;
}

/// What a writer reads must still be there when the reader runs.
Status check_sources(const Nest& nest, const std::vector<Writer>& writers) {
  for (const Writer& writer : writers) {
    std::set<int> sources;
    for_each_load(nest.stages[writer.stage],
                  [&](int b, const std::vector<Index>&) { sources.insert(b); });
    for (size_t s = writer.stage + 1; s < nest.stages.size(); ++s)
      if (sources.count(nest.stages[s].out) > 0 || sources.count(nest.stages[s].out2) > 0)
        return declined("a buffer its writer reads is written again later");
  }
  return Done{};
}

/// Rewrites one reader so that it computes the elements of the buffer it would load.
class Reader {
 public:
  Reader(const Nest& nest, int buffer, const std::vector<Writer>& writers, size_t stage)
      : nest_(nest), buffer_(buffer), stage_(nest.stages[stage]) {
    for (const Writer& writer : writers)
      if (writer.stage < stage) writers_.push_back(&writer);
  }

  Result<Stage> inlined() {
    if (writers_.empty()) return declined("it is read before it is written");
    rewrite(stage_,
            {.index = [&](const Index& index) { return without_buffer(index); }, .scalar = {}});
    if (failure_) return *failure_;
    rewrite(stage_, {.index = {}, .scalar = [&](const Scalar& scalar) {
                       return replace_loads(scalar, [&](const ScalarNode& node) -> Scalar {
                         return node.buffer == buffer_ ? element(node.index) : nullptr;
                       });
                     }});
    simplify_stage(stage_);
    return std::move(stage_);
  }

 private:
  Index without_buffer(const Index& index) {
    if (!has_indirect(index)) return index;
    std::vector<Index> args;
    for (const Index& arg : index->args) args.push_back(without_buffer(arg));
    if (index->kind != IndexKind::kIndirect || index->buffer != buffer_)
      return rebuild(*index, std::move(args));
    return integer_element(*index, element(args));
  }

  /// An element that serves as an index; only a load, a constant or an index can be one.
  Index integer_element(const IndexNode& node, Scalar value) {
    value = simplify(value, stage_.domain);
    while (value->kind == ScalarKind::kCast && is_integer(value->args[0]->type) &&
           bits_of(value->type) >= bits_of(value->args[0]->type))
      value = value->args[0];
    if (value->kind == ScalarKind::kLoad)
      return indirect(value->buffer, value->index, node.limit, node.policy);
    if (value->kind == ScalarKind::kConstant) {
      const int64_t wrapped = value->integer < 0 ? value->integer + node.limit : value->integer;
      if (wrapped >= 0 && wrapped < node.limit) return constant(wrapped);
    }
    if (value->kind == ScalarKind::kIndexValue) {
      const Interval range = interval_of(value->index[0], stage_.domain);
      if (range.low >= 0 && range.high < node.limit) return value->index[0];
    }
    failure_ = declined("it is computed and used as an index");
    return constant(0);
  }

  Scalar element(const std::vector<Index>& at) {
    for (const auto& [known, value] : known_)
      if (std::equal(known.begin(), known.end(), at.begin(),
                     [](const Index& a, const Index& b) { return equal(a, b); }))
        return value;
    Scalar value = computed(*writers_[0], at);
    for (size_t w = 1; w < writers_.size(); ++w)
      value = select(writers_[w]->inverse.covers(at), computed(*writers_[w], at), value);
    known_.emplace_back(at, value);
    return value;
  }

  Scalar computed(const Writer& writer, const std::vector<Index>& at) const {
    const Scalar body = substitute(nest_.stages[writer.stage].body, writer.inverse.point(at));
    return cast(body, nest_.buffers[buffer_].dtype);
  }

  const Nest& nest_;
  int buffer_;
  Stage stage_;
  std::vector<const Writer*> writers_;
  std::vector<std::pair<std::vector<Index>, Scalar>> known_;
  std::optional<Error> failure_;
};

}  // namespace

Result<Nest> inline_buffer(const Nest& nest, int buffer) {
  if (nest.buffers.at(buffer).role != BufferRole::kLocal)
    return declined("it is seen from outside");
  KASURI_TRY(const auto writers, writers_of(nest, buffer));
  KASURI_RETURN_IF_ERROR(check_sources(nest, writers));
  Nest result = nest;
  result.stages.clear();
  for (size_t s = 0; s < nest.stages.size(); ++s) {
    if (nest.stages[s].out == buffer) continue;
    if (!reads(nest.stages[s], buffer)) {
      result.stages.push_back(nest.stages[s]);
      continue;
    }
    KASURI_TRY(Stage stage, Reader(nest, buffer, writers, s).inlined());
    result.stages.push_back(std::move(stage));
  }
  std::vector<bool> keep(nest.buffers.size(), true);
  keep[buffer] = false;
  keep_buffers(result, keep);
  return result;
}

}  // namespace kasuri::loops
