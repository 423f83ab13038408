#include "engine/base/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <map>
#include <mutex>

namespace kasuri {
namespace {

/// Where files are mapped now: begin -> end.
struct MappedRanges {
  std::mutex mutex;
  std::map<uintptr_t, uintptr_t> ends;
};

MappedRanges& mapped_ranges() {
  static MappedRanges ranges;
  return ranges;
}

uintptr_t address(const std::byte* p) { return reinterpret_cast<uintptr_t>(p); }

}  // namespace

Result<std::shared_ptr<const MappedFile>> MappedFile::open(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) return Error("cannot open '" + path + "': " + std::strerror(errno));
  struct stat info{};
  if (::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
    ::close(fd);
    return Error("'" + path + "' is not a regular file");
  }
  const auto size = static_cast<size_t>(info.st_size);
  void* data = size == 0 ? nullptr : ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  const int map_errno = errno;
  ::close(fd);
  if (data == MAP_FAILED) return Error("cannot map '" + path + "': " + std::strerror(map_errno));
  const std::shared_ptr<const MappedFile> mapped(
      new MappedFile(path, static_cast<const std::byte*>(data), size));
  MappedRanges& ranges = mapped_ranges();
  const std::lock_guard lock(ranges.mutex);
  if (size > 0) ranges.ends[address(mapped->data_)] = address(mapped->data_) + size;
  return mapped;
}

MappedFile::~MappedFile() {
  if (size_ == 0) return;
  MappedRanges& ranges = mapped_ranges();
  const std::lock_guard lock(ranges.mutex);
  ranges.ends.erase(address(data_));
  ::munmap(const_cast<std::byte*>(data_), size_);
}

void release_pages(std::span<const std::byte> bytes) {
  static const auto kPage = static_cast<uintptr_t>(::sysconf(_SC_PAGESIZE));
  const uintptr_t begin = (address(bytes.data()) + kPage - 1) / kPage * kPage;
  const uintptr_t end = (address(bytes.data()) + bytes.size()) / kPage * kPage;
  if (begin >= end) return;
  MappedRanges& ranges = mapped_ranges();
  const std::lock_guard lock(ranges.mutex);
  const auto after = ranges.ends.upper_bound(begin);
  if (after == ranges.ends.begin() || std::prev(after)->second < end) return;
  ::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
}

}  // namespace kasuri
