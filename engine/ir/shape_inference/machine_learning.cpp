#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// Rows of a table: a vector counts as one row.
Dim rows(const Context& c) { return c.rank(0) == 1 ? Dim(1) : c.dim(0, 0); }

void same(Context& c) {
  if (c.want_input(0)) c.same(0, 0);
}

void float_like(Context& c) {
  if (c.want_input(0)) c.set(0, DataType::kFloat, c.shape(0));
}

/// Gathers along the last axis; a vector becomes one row.
void array_feature_extractor(Context& c) {
  if (!c.want_input(0) || !c.want_input(1)) return;
  if (!c.want_rank(0, 1)) return c.set(0, c.dtype(0));
  Shape out = *c.shape(0);
  if (out.size() == 1) out.insert(out.begin(), Dim(1));
  out.back() = c.elements(1);
  c.set(0, c.dtype(0), std::move(out));
}

void cast_map(Context& c) {
  const std::string to = c.text("cast_to", "TO_FLOAT");
  const DataType dtype = to == "TO_STRING"  ? DataType::kString
                         : to == "TO_INT64" ? DataType::kInt64
                                            : DataType::kFloat;
  c.set(0, dtype, Shape{Dim(1), Dim()});
}

void category_mapper(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, c.dtype(0) == DataType::kString ? DataType::kInt64 : DataType::kString, c.shape(0));
}

template <typename T>
size_t count_of(Context& c, const char* name) {
  const Attribute* a = c.node().find(name);
  const auto* list = a == nullptr ? nullptr : std::get_if<std::vector<T>>(a);
  return list == nullptr ? 0 : list->size();
}

void dict_vectorizer(Context& c) {
  const size_t n =
      count_of<std::string>(c, "string_vocabulary") + count_of<int64_t>(c, "int64_vocabulary");
  const ValueType* values = c.has(0) ? c.type(0).element.get() : nullptr;
  c.set(0, values ? values->dtype : DataType::kUndefined,
        Shape{Dim(1), Dim(static_cast<int64_t>(n))});
}

void feature_vectorizer(Context& c) {
  const auto widths = c.list("inputdimensions");
  Dim total(0);
  if (widths)
    for (int64_t w : *widths) total = sum(total, w < 0 ? Dim() : Dim(w));
  c.set(0, DataType::kFloat, Shape{rows(c), widths ? total : Dim()});
}

/// The values' type is the one of the attribute that lists them.
void label_encoder(Context& c) {
  if (!c.want_input(0)) return;
  DataType dtype = DataType::kUndefined;
  if (c.has_attribute("values_strings"))
    dtype = DataType::kString;
  else if (c.has_attribute("values_int64s"))
    dtype = DataType::kInt64;
  else if (c.has_attribute("values_floats"))
    dtype = DataType::kFloat;
  else if (const Tensor* values = c.tensor("values_tensor"))
    dtype = values->dtype();
  else if (c.has_attribute("classes_strings"))
    dtype = c.dtype(0) == DataType::kString ? DataType::kInt64 : DataType::kString;
  c.set(0, dtype, c.shape(0));
}

void one_hot_encoder(Context& c) {
  if (!c.want_input(0)) return;
  MaybeShape out = c.shape(0);
  const size_t n = count_of<std::string>(c, "cats_strings") + count_of<int64_t>(c, "cats_int64s");
  if (out) out->push_back(Dim(static_cast<int64_t>(n)));
  c.set(0, DataType::kFloat, std::move(out));
}

/// Labels [rows] of the kind listed, scores [rows, classes].
void classifier(Context& c, const char* strings, const char* integers) {
  if (!c.want_input(0)) return;
  const size_t names = count_of<std::string>(c, strings);
  const size_t n = names + count_of<int64_t>(c, integers);
  c.set(0, names ? DataType::kString : DataType::kInt64, Shape{rows(c)});
  c.set(1, DataType::kFloat, Shape{rows(c), n ? Dim(static_cast<int64_t>(n)) : Dim()});
}

void linear_classifier(Context& c) { classifier(c, "classlabels_strings", "classlabels_ints"); }
void tree_classifier(Context& c) { classifier(c, "classlabels_strings", "classlabels_int64s"); }

/// An SVM without probabilities scores pairs of classes, so their number is not known from here.
void svm_classifier(Context& c) {
  if (!c.want_input(0)) return;
  c.set(0, count_of<std::string>(c, "classlabels_strings") ? DataType::kString : DataType::kInt64,
        Shape{rows(c)});
  c.set(1, DataType::kFloat, Shape{rows(c), Dim()});
}

void regressor(Context& c, const char* targets, DataType dtype) {
  if (c.want_input(0)) c.set(0, dtype, Shape{rows(c), Dim(c.integer(targets, 1))});
}

void zip_map(Context& c) {
  ValueType map;
  map.kind = ValueType::Kind::kMap;
  map.dtype =
      count_of<std::string>(c, "classlabels_strings") ? DataType::kString : DataType::kInt64;
  map.element = std::make_shared<const ValueType>(ValueType::tensor(DataType::kFloat, Shape{}));
  c.set(0, ValueType::sequence(std::move(map)));
}

}  // namespace

void register_machine_learning_shapes(Registry& r) {
  r.add(kMl, {"ArrayFeatureExtractor"}, array_feature_extractor);
  r.add(kMl, {"Binarizer", "Imputer"}, same);
  r.add(kMl, {"Scaler", "Normalizer"}, float_like);
  r.add(kMl, {"CastMap"}, cast_map);
  r.add(kMl, {"CategoryMapper"}, category_mapper);
  r.add(kMl, {"DictVectorizer"}, dict_vectorizer);
  r.add(kMl, {"FeatureVectorizer"}, feature_vectorizer);
  r.add(kMl, {"LabelEncoder"}, label_encoder);
  r.add(kMl, {"OneHotEncoder"}, one_hot_encoder);
  r.add(kMl, {"LinearClassifier"}, linear_classifier);
  r.add(kMl, {"TreeEnsembleClassifier"}, tree_classifier);
  r.add(kMl, {"SVMClassifier"}, svm_classifier);
  r.add(kMl, {"LinearRegressor"}, [](Context& c) { regressor(c, "targets", DataType::kFloat); });
  r.add(kMl, {"TreeEnsembleRegressor"},
        [](Context& c) { regressor(c, "n_targets", DataType::kFloat); });
  r.add(kMl, {"TreeEnsemble"}, [](Context& c) { regressor(c, "n_targets", c.dtype(0)); });
  r.add(kMl, {"SVMRegressor"}, [](Context& c) {
    if (c.want_input(0)) c.set(0, DataType::kFloat, Shape{rows(c), Dim(1)});
  });
  r.add(kMl, {"ZipMap"}, zip_map);
}

}  // namespace kasuri::shape_inference
