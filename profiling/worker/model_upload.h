#pragma once

#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// A model as a worker on another machine needs it: the file and the external data it names, which
/// lie beside it. The model itself comes last, so that it is there only when all of it is.
class ModelUpload {
 public:
  /// Errors: unreadable.
  static Result<ModelUpload> of(const std::string& path);
  const std::string& hash() const { return hash_; }
  /// Names in the model's folder.
  const std::vector<std::string>& files() const { return files_; }
  bool is_model(const std::string& file) const { return file == files_.back(); }
  Result<std::string> bytes_of(const std::string& file) const;

 private:
  std::string folder_, hash_;
  std::vector<std::string> files_;
};

}  // namespace kasuri::profiling
