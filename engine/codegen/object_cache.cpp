#include "engine/codegen/object_cache.h"

#include <fstream>
#include <iterator>

#include "engine/base/atomic_file.h"

namespace kasuri::codegen {
namespace {

constexpr size_t kChecksumDigits = 32;

}  // namespace

std::string ObjectCache::path_of(const Fingerprint& key) const {
  return folder_ + "/" + key.hex() + ".o";
}

std::optional<std::string> ObjectCache::find(const Fingerprint& key) const {
  if (folder_.empty()) return {};
  std::ifstream file(path_of(key), std::ios::binary);
  std::string content((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file || content.size() <= kChecksumDigits) return {};
  std::string object = content.substr(kChecksumDigits);
  if (fingerprint_of(std::string_view(object)).hex() != content.substr(0, kChecksumDigits))
    return {};
  return object;
}

void ObjectCache::store(const Fingerprint& key, const std::string& object) const {
  if (folder_.empty()) return;
  const Status written =
      write_file_atomically(path_of(key), fingerprint_of(std::string_view(object)).hex() + object);
  (void)written.ok();
}

}  // namespace kasuri::codegen
