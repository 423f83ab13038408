#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/cancel_token.h"
#include "engine/base/fingerprint.h"
#include "engine/ir/seeded_weights.h"
#include "engine/onnx/tensor_reader.h"

namespace kasuri::onnx {

using WeightUses = std::map<std::string_view, WeightUse>;

/// First use of each name in file order, bodies at the place of their node.
WeightUses weight_uses(const GraphMessage& graph);

/// Made-up weights of one model, in one cache file that is written once and mapped. The file's name
/// comes from `content`; the model's folder is never written to.
class SynthesizedWeights {
 public:
  static Result<SynthesizedWeights> open(const GraphMessage& graph, const Fingerprint& content,
                                         ExternalFiles& external, const TaskContext& task);
  /// The tensor made for this message: a view of the cache file.
  Result<Tensor> tensor(const TensorMessage& message) const;
  bool empty() const { return places_.empty(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::map<std::string_view, size_t> places_;
  std::shared_ptr<const MappedFile> file_;
};

}  // namespace kasuri::onnx
