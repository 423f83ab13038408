#pragma once

#include <map>
#include <memory>
#include <string>

#include "engine/base/mapped_file.h"
#include "engine/onnx/messages.h"

namespace kasuri::onnx {

/// Where an external tensor says its bytes are.
struct ExternalPlace {
  std::string location;
  uint64_t offset = 0;
  std::optional<uint64_t> length;
};

/// Reads the key/value entries of an external tensor. Errors: no location, numbers that are not.
Result<ExternalPlace> external_place(const TensorMessage& tensor);

/// The weight files beside one model, each mapped once and only from inside the model's folder:
/// absolute paths, `..` and links that lead out are refused, before and after resolving.
class ExternalFiles {
 public:
  explicit ExternalFiles(std::string folder) : folder_(std::move(folder)) {}

  /// Null when the file is absent; an error when the place is forbidden or unreadable.
  Result<std::shared_ptr<const MappedFile>> open(const std::string& location);
  const std::map<std::string, std::shared_ptr<const MappedFile>>& opened() const { return files_; }

 private:
  std::string folder_;
  std::map<std::string, std::shared_ptr<const MappedFile>> files_;
};

}  // namespace kasuri::onnx
