#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::codegen {

/// Loads object files into this process. Thread-safe.
class Jit : public std::enable_shared_from_this<Jit> {
 public:
  static Result<std::shared_ptr<Jit>> create();
  ~Jit();

  /// Addresses of `symbols` in an object; the code stays while `code` lives.
  struct Loaded {
    std::vector<void*> addresses;
    std::shared_ptr<void> code;
  };
  Result<Loaded> load(const std::string& object, const std::vector<std::string>& symbols);

 private:
  Jit();
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kasuri::codegen
