#include <utility>

#include "engine/backend/reference/registry.h"

// ai.onnx.ml::ZipMap: a row of scores becomes a map from labels to scores.
namespace kasuri::reference {
namespace {

/// The labels of the columns, as a tensor.
Tensor labels_of(Context& c) {
  if (const Attribute* a = c.node().find("classlabels_strings"))
    if (const auto* texts = std::get_if<std::vector<std::string>>(a); texts && !texts->empty())
      return c.pack_strings({static_cast<int64_t>(texts->size())}, *texts);
  const std::vector<int64_t> numbers = c.node().get_ints("classlabels_int64s");
  c.require(!numbers.empty(), "has neither classlabels_strings nor classlabels_int64s");
  return c.pack<int64_t>(DataType::kInt64, {static_cast<int64_t>(numbers.size())}, numbers);
}

void zip_map(Context& c) {
  const Tensor& x = c.in(0);
  const Tensor labels = labels_of(c);
  const int64_t columns = labels.count();
  c.require((x.rank() == 1 || x.rank() == 2) && x.extents().back() == columns,
            "{} labels for scores {}", columns, text_of(x.extents()));
  const std::vector<double> scores = elements<double>(x);
  TensorSequence maps;
  for (auto row = scores.begin(); row != scores.end(); row += columns)
    maps.push_back(RuntimeValue::sequence(
        {labels, c.pack<double>(DataType::kFloat, {columns}, {row, row + columns})}));
  c.set(0, RuntimeValue::sequence(std::move(maps)));
}

}  // namespace

void register_zip_map_kernels(Registry& r) { r.add("ai.onnx.ml", "ZipMap", zip_map); }

}  // namespace kasuri::reference
