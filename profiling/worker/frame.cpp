#include "profiling/worker/frame.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

namespace kasuri::profiling {
namespace {

constexpr size_t kLongestHeader = size_t{1} << 30;
constexpr int64_t kLargestBlob = int64_t{1} << 36;

Status write_all(int fd, const char* data, size_t size) {
  while (size > 0) {
    const ssize_t written = ::write(fd, data, size);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0)
      return Error::unavailable(std::string("the other end of the worker stream has gone: ") +
                                strerror(errno));
    data += written;
    size -= static_cast<size_t>(written);
  }
  return Done{};
}

Result<std::vector<size_t>> blob_sizes(const nlohmann::json& header) {
  std::vector<size_t> sizes;
  const auto found = header.find("blobs");
  if (found == header.end()) return sizes;
  if (!found->is_array()) return Error("malformed frame: 'blobs' is not a list");
  for (const auto& size : *found) {
    if (!size.is_number_integer() || size.get<int64_t>() < 0 || size.get<int64_t>() > kLargestBlob)
      return Error("malformed frame: impossible blob size " + size.dump());
    sizes.push_back(size.get<size_t>());
  }
  return sizes;
}

}  // namespace

Result<bool> FrameDecoder::take_header() {
  const size_t end = pending_.find('\n', scanned_);
  if (end == std::string::npos) {
    scanned_ = pending_.size();
    if (scanned_ > kLongestHeader) return Error("malformed frame: header line above 1 GiB");
    return false;
  }
  auto header = nlohmann::json::parse(
      pending_.begin(), pending_.begin() + static_cast<ptrdiff_t>(end), nullptr, false);
  if (!header.is_object())
    return Error("malformed frame: not a line of JSON: '" + pending_.substr(0, 80) + "'");
  pending_.erase(0, end + 1);
  scanned_ = 0;
  KASURI_TRY(sizes_, blob_sizes(header));
  partial_ = Frame{std::make_shared<const nlohmann::json>(std::move(header)), {}};
  return true;
}

Result<std::optional<Frame>> FrameDecoder::next() {
  if (!partial_) {
    KASURI_TRY(const bool found, take_header());
    if (!found) return std::optional<Frame>();
  }
  while (partial_->blobs.size() < sizes_.size()) {
    const size_t size = sizes_[partial_->blobs.size()];
    if (pending_.size() < size) return std::optional<Frame>();
    partial_->blobs.push_back(pending_.substr(0, size));
    pending_.erase(0, size);
  }
  std::optional<Frame> whole = std::move(partial_);
  partial_.reset();
  return whole;
}

Status write_frame(int fd, const nlohmann::json& header, const std::vector<std::string>& blobs) {
  std::string line;
  if (blobs.empty()) {
    line = header.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  } else {
    nlohmann::json with_sizes = header;
    for (const std::string& blob : blobs) with_sizes["blobs"].push_back(blob.size());
    line = with_sizes.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
  line += '\n';
  KASURI_RETURN_IF_ERROR(write_all(fd, line.data(), line.size()));
  for (const std::string& blob : blobs)
    KASURI_RETURN_IF_ERROR(write_all(fd, blob.data(), blob.size()));
  return Done{};
}

int exit_code_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::kUser:
    case ErrorKind::kUnavailable:
      return 1;
    case ErrorKind::kCancelled:
      return 5;
    case ErrorKind::kInternal:
      return 70;
  }
  return 70;
}

nlohmann::json error_body(const Error& error) {
  static constexpr const char* kKinds[] = {"user", "unavailable", "cancelled", "internal"};
  return {{"type", "error"},
          {"kind", kKinds[static_cast<int>(error.kind())]},
          {"message", error.text()},
          {"exit", exit_code_of(error)}};
}

Error error_from(const nlohmann::json& body) {
  const std::string kind = body.value("kind", "internal");
  const std::string message = body.value("message", "the worker gave no reason");
  if (kind == "user") return Error(message, ErrorKind::kUser);
  if (kind == "unavailable") return Error::unavailable(message);
  if (kind == "cancelled") return Error::cancelled();
  return Error(message, ErrorKind::kInternal);
}

}  // namespace kasuri::profiling
