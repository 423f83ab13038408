#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/base/result.h"
#include "engine/ir/tensor.h"
#include "engine/onnx/external_data.h"

namespace kasuri::onnx {

/// dtype and extents of a message, checked: a known element type, extents >= 0 whose product and
/// byte size fit in 63 bits.
struct TensorForm {
  DataType dtype;
  std::vector<int64_t> extents;
  int64_t count;
};
Result<TensorForm> form_of(const TensorMessage& message);

/// Makes tensors of messages. Numbers stored as little-endian bytes (raw_data, packed float_data
/// and double_data, external files) stay views; only varint lists and strings are decoded, and
/// bytes at an address their element type cannot have are left to Tensor (see Tensor::view).
class TensorReader {
 public:
  /// Supplies a tensor whose external file is absent.
  using Substitute = std::function<Result<Tensor>(const TensorMessage&)>;

  /// `file`: what the messages point into; `external`: null where external data cannot be.
  TensorReader(std::shared_ptr<const void> file, ExternalFiles* external)
      : file_(std::move(file)), external_(external) {}

  void set_substitute(Substitute substitute) { substitute_ = std::move(substitute); }

  Result<Tensor> read(const TensorMessage& message) const;
  /// The dense form of a sparse tensor (COO, linear or per-axis indices).
  Result<Tensor> read(const SparseMessage& message) const;

 private:
  Result<Tensor> read_external(const TensorMessage& message, const TensorForm& form) const;

  std::shared_ptr<const void> file_;
  ExternalFiles* external_;
  Substitute substitute_;
};

}  // namespace kasuri::onnx
