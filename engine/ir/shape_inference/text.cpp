#include <algorithm>

#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Pieces get a new last axis; their number per string keeps the shape.
void string_split(Context& c) {
  if (!c.want_input(0)) return;
  MaybeShape pieces = c.shape(0);
  if (pieces) pieces->push_back(Dim());
  c.set(0, DataType::kString, std::move(pieces));
  c.set(1, DataType::kInt64, c.shape(0));
}

/// [C] or [1, C]; dropping stop words makes C unknown.
void string_normalizer(Context& c) {
  if (!c.want_input(0)) return;
  MaybeShape out = c.shape(0);
  const Attribute* words = c.node().find("stopwords");
  const auto* list = words == nullptr ? nullptr : std::get_if<std::vector<std::string>>(words);
  if (out && !out->empty() && list != nullptr && !list->empty()) out->back() = Dim();
  c.set(0, DataType::kString, std::move(out));
}

/// [C] -> [max index + 1], [N, C] -> [N, max index + 1].
void tf_idf_vectorizer(Context& c) {
  if (!c.want_input(0)) return;
  const auto indexes = c.list("ngram_indexes");
  if (!indexes || indexes->empty()) return c.fail("attribute 'ngram_indexes' is missing");
  const int64_t last = *std::max_element(indexes->begin(), indexes->end());
  if (last < 0 || last == INT64_MAX) return c.fail("attribute 'ngram_indexes' has no valid index");
  if (!c.want_rank(0, 1, 2)) return c.set(0, DataType::kFloat);
  Shape out = *c.shape(0);
  out.back() = Dim(last + 1);
  c.set(0, DataType::kFloat, std::move(out));
}

}  // namespace

void register_text_shapes(Registry& r) {
  r.add("StringSplit", string_split);
  r.add("StringNormalizer", string_normalizer);
  r.add("TfIdfVectorizer", tf_idf_vectorizer);
}

}  // namespace kasuri::shape_inference
