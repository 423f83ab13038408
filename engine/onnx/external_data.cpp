#include "engine/onnx/external_data.h"

#include <charconv>
#include <filesystem>

namespace kasuri::onnx {
namespace fs = std::filesystem;

namespace {

Result<uint64_t> parse_unsigned(const Entry& entry) {
  uint64_t value = 0;
  const char* end = entry.value.data() + entry.value.size();
  const auto [stop, failed] = std::from_chars(entry.value.data(), end, value);
  if (failed != std::errc() || stop != end)
    return Error("external data " + std::string(entry.key) + " '" + std::string(entry.value) +
                 "' is not a number of bytes");
  return value;
}

bool is_inside(const fs::path& folder, const fs::path& file) {
  auto f = file.begin();
  for (auto d = folder.begin(); d != folder.end(); ++d, ++f)
    if (f == file.end() || *f != *d) return false;
  return true;
}

Status check_location(const std::string& location) {
  const fs::path path(location);
  const Error outside("external data must lie inside the model's folder, but its location is '" +
                      location + "'");
  if (location.empty()) return Error("external data has an empty location");
  if (!is_valid_text(location)) return Error("external data has a location that is not text");
  if (path.is_absolute() || location.find('\\') != std::string::npos) return outside;
  for (const fs::path& part : path)
    if (part == "..") return outside;
  return Done{};
}

}  // namespace

Result<ExternalPlace> external_place(const TensorMessage& tensor) {
  ExternalPlace place;
  for (const Entry& entry : tensor.external) {
    if (entry.key == "location") place.location = entry.value;
    if (entry.key == "offset") {
      KASURI_TRY(place.offset, parse_unsigned(entry));
    }
    if (entry.key == "length") {
      KASURI_TRY(place.length, parse_unsigned(entry));
    }
  }
  KASURI_RETURN_IF_ERROR(check_location(place.location));
  return place;
}

Result<std::shared_ptr<const MappedFile>> ExternalFiles::open(const std::string& location) {
  if (const auto known = files_.find(location); known != files_.end()) return known->second;
  KASURI_RETURN_IF_ERROR(check_location(location));
  std::error_code failed;
  const fs::path folder = fs::canonical(folder_.empty() ? "." : folder_, failed);
  if (failed) return Error("cannot resolve '" + folder_ + "': " + failed.message());
  const fs::path file = fs::canonical(folder / location, failed);
  if (failed == std::errc::no_such_file_or_directory)
    return files_[location] = std::shared_ptr<const MappedFile>();
  if (failed) return Error("cannot resolve '" + location + "': " + failed.message());
  if (!is_inside(folder, file))
    return Error("external data '" + location + "' is a link that leads out of the model's folder");
  KASURI_TRY(std::shared_ptr<const MappedFile> mapped, MappedFile::open(file.string()));
  return files_[location] = std::move(mapped);
}

}  // namespace kasuri::onnx
