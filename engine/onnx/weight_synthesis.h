#pragma once

#include <map>
#include <string>
#include <string_view>

#include "engine/base/cancel_token.h"
#include "engine/base/fingerprint.h"
#include "engine/ir/tensor.h"
#include "engine/onnx/tensor_reader.h"

namespace kasuri::onnx {

/// How an initialiser is used; decides the fan-in of its made-up values.
enum class WeightUse : uint8_t {
  kOther,      ///< fan_in = product(dims[1:])
  kMatrix,     ///< Input 1 of MatMul, or of Gemm with transB = 0: fan_in = dims[-2].
  kEmbedding,  ///< Input 0 of Gather: fan_in = dims[-1].
};
using WeightUses = std::map<std::string_view, WeightUse>;

/// First use of each name in file order, bodies at the place of their node.
WeightUses weight_uses(const GraphMessage& graph);

int64_t fan_in(const std::vector<int64_t>& dims, WeightUse use);

/// Fills `out` by the rule all Kasuri weights follow: splitmix64 seeded with FNV-1a of the name.
///   float32: float32(double(u) * sqrt(6 / fan_in)), u = float32(z >> 40) * 2^-24 * 2 - 1
///   uint8: (z >> 40) % 256;  int8: (z >> 40) % 255 - 127;  int32: 0
/// Other floating types are the float32 value rounded (double: widened); other integers are 0.
void fill_weights(std::string_view name, DataType dtype, int64_t fan_in, std::span<std::byte> out);

/// Made-up weights of one model, in one cache file that is written once and mapped. The file's name
/// comes from `content` and `seed_rule`; the model's folder is never written to.
class SynthesizedWeights {
 public:
  static Result<SynthesizedWeights> open(const GraphMessage& graph, const Fingerprint& content,
                                         ExternalFiles& external, const TaskContext& task);
  /// The tensor made for this message.
  Result<Tensor> tensor(const TensorMessage& message) const;
  bool empty() const { return places_.empty(); }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  std::map<std::string_view, size_t> places_;
  std::shared_ptr<const MappedFile> file_;
};

}  // namespace kasuri::onnx
