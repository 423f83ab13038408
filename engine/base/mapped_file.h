#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "engine/base/result.h"

namespace kasuri {

/// A whole file mapped read-only. Pages come in when touched and never count twice.
class MappedFile {
 public:
  /// Maps a regular file. Errors: missing, not regular, unreadable.
  static Result<std::shared_ptr<const MappedFile>> open(const std::string& path);

  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  std::span<const std::byte> bytes() const { return {data_, size_}; }

 private:
  MappedFile(std::string path, const std::byte* data, size_t size)
      : path_(std::move(path)), data_(data), size_(size) {}

  std::string path_;
  const std::byte* data_;
  size_t size_;
};

/// Gives the pages that lie wholly inside `bytes` back to the system where they belong to a mapped
/// file: they leave this process' resident memory, the next touch reads them from the file again.
/// Bytes of any other kind stay as they are.
void release_pages(std::span<const std::byte> bytes);

}  // namespace kasuri
