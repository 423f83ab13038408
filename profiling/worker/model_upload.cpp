#include "profiling/worker/model_upload.h"

#include <filesystem>
#include <string_view>

#include "engine/base/fingerprint.h"
#include "engine/base/mapped_file.h"

namespace kasuri::profiling {
namespace {

namespace fs = std::filesystem;

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

Result<ModelUpload> ModelUpload::of(const std::string& path) {
  KASURI_TRY(const auto model, MappedFile::open(path));
  ModelUpload upload;
  const fs::path file(path);
  upload.folder_ = file.has_parent_path() ? file.parent_path().string() : ".";
  upload.hash_ = fingerprint_of(model->bytes()).hex();
  std::error_code failure;
  for (const auto& entry : fs::directory_iterator(upload.folder_, failure)) {
    const std::string name = entry.path().filename();
    const bool other = entry.is_regular_file(failure) && name != file.filename();
    // The location of external data is written in the model as it is.
    if (other && text_of(*model).find(name) != std::string_view::npos)
      upload.files_.push_back(name);
  }
  upload.files_.push_back(file.filename());
  return upload;
}

Result<std::string> ModelUpload::bytes_of(const std::string& file) const {
  KASURI_TRY(const auto mapped, MappedFile::open((fs::path(folder_) / file).string()));
  return std::string(text_of(*mapped));
}

}  // namespace kasuri::profiling
