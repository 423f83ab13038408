#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri::profiling {

/// Where samples come from.
struct DataRequest {
  /// FILE or NAME=FILE per input: .npy or .npz (samples along the first axis), .pb, or a folder
  /// with one file per sample, in name order. An .npz may hold all inputs, and labels.
  std::vector<std::string> sources;
  std::string labels;  ///< FILE, or FILE.npz:ARRAY; empty: "labels" of the .npz, if it is there.
  int64_t most = 0;    ///< Take so many samples; 0: all.
};

/// Samples for the inputs of a model: one tensor per input, samples along the first axis, in the
/// model's element types.
struct LabelledData {
  std::map<std::string, Tensor> inputs;
  std::vector<int64_t> labels;  ///< Empty: none.
  int64_t count = 0;
  std::string description;  ///< "glyph_test.npz: 4000 samples, labelled"

  /// Values for one run on these samples, in this order.
  std::map<std::string, Tensor> batch(std::span<const int64_t> samples) const;
};

/// Reads and checks: every input has samples of its shape (the model's first axis is the batch;
/// extents of one may be missing), all equally many. Arrays of an .npz are matched by name, and for
/// a model with one input by shape. Whole numbers become the input's floats. Errors name file,
/// array, shapes, and what would fit.
Result<LabelledData> read_labelled_data(const Graph& graph, const DataRequest& request);

/// Rows of a tensor along its first axis, in this order; repeats are allowed.
Tensor take_rows(const Tensor& tensor, std::span<const int64_t> rows);
/// `count` rows from `first` on.
Tensor slice_rows(const Tensor& tensor, int64_t first, int64_t count);
/// Tensors of equal type and row shape, one after the other.
Tensor join_rows(std::span<const Tensor> parts);

}  // namespace kasuri::profiling
