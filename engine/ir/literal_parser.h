#pragma once

#include <optional>

#include "engine/ir/seeded_weights.h"
#include "engine/ir/tensor.h"
#include "engine/ir/text_lexer.h"
#include "engine/ir/value_type.h"

namespace kasuri::text {

/// A tensor as written; `seed` without a fan-in can only be filled once the use is known.
struct TensorLiteral {
  Tensor tensor;
  bool needs_seed = false;
  DataType dtype = DataType::kUndefined;
  std::vector<int64_t> extents;
};

/// Reads types, numbers and tensors from a lexer.
class LiteralParser {
 public:
  explicit LiteralParser(Lexer& lexer) : lexer_(lexer) {}

  Result<std::string> string();
  Result<int64_t> integer();
  Result<double> real();
  Result<ValueType> type();  ///< `_` is the unknown type.
  /// `name` seeds made-up contents.
  Result<TensorLiteral> tensor(const std::string& name);
  /// Counts towards the limit of what a text may make up.
  Result<Tensor> seeded(const TensorLiteral& literal, const std::string& name, WeightUse use);

 private:
  Result<Tensor> listed(const TensorLiteral& literal);
  Result<Tensor> hex(const TensorLiteral& literal);
  Result<Tensor> range(const TensorLiteral& literal, const std::string& name);
  Result<Tensor> repeated(const TensorLiteral& literal);
  Status reserve(const TensorLiteral& literal);
  Status element(DataType dtype, std::vector<std::byte>& out);

  Lexer& lexer_;
  int depth_ = 0;
  size_t made_bytes_ = 0;
};

}  // namespace kasuri::text
