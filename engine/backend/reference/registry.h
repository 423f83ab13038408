#pragma once

#include <map>
#include <string>

#include "engine/backend/reference/context.h"

namespace kasuri::reference {

/// Computes one node: reads inputs from the context and sets its outputs. Wrong data is reported
/// with Context::fail or Context::require.
using KernelFunction = void (*)(Context&);

/// Operator -> kernel function. Filled by register_all (generated from the files of ops/).
class Registry {
 public:
  void add(const std::string& op, KernelFunction kernel) { kernels_[{"", op}] = kernel; }
  void add(const std::string& domain, const std::string& op, KernelFunction kernel) {
    kernels_[{domain, op}] = kernel;
  }
  /// Null where there is none.
  KernelFunction find(const OpKind& op) const {
    const auto it = kernels_.find(op);
    return it == kernels_.end() ? nullptr : it->second;
  }
  const std::map<OpKind, KernelFunction>& all() const { return kernels_; }

  /// The one filled registry.
  static const Registry& instance();

 private:
  std::map<OpKind, KernelFunction> kernels_;
};

/// Defined in the generated file.
void register_all(Registry& registry);

}  // namespace kasuri::reference
