#pragma once

#include <optional>
#include <string>

#include "engine/base/fingerprint.h"

namespace kasuri::codegen {

/// Object files on disk, one per key. Files are written atomically and carry a checksum; a damaged
/// file counts as absent. Failure to write is not an error: the cache only saves time.
class ObjectCache {
 public:
  explicit ObjectCache(std::string folder) : folder_(std::move(folder)) {}  ///< "": no cache
  std::optional<std::string> find(const Fingerprint& key) const;
  void store(const Fingerprint& key, const std::string& object) const;

 private:
  std::string path_of(const Fingerprint& key) const;
  std::string folder_;
};

}  // namespace kasuri::codegen
