#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/result.h"

namespace kasuri::profiling {

/// One message of the worker protocol (profiling/README.md): a line of JSON and its blobs.
struct Frame {
  std::shared_ptr<const nlohmann::json> header;
  std::vector<std::string> blobs;
};

/// Cuts a byte stream into frames. Feed it whatever arrived, in pieces of any size.
class FrameDecoder {
 public:
  void feed(const char* data, size_t size) { pending_.append(data, size); }
  /// The next whole frame; empty: more bytes are needed. Errors: not JSON, not an object, blob
  /// sizes negative or above 64 GiB, a header line above 1 GiB.
  Result<std::optional<Frame>> next();

 private:
  Result<bool> take_header();

  std::string pending_;
  size_t scanned_ = 0;
  std::optional<Frame> partial_;  // header read, blobs missing
  std::vector<size_t> sizes_;
};

/// Writes one frame, blocking. Adds "blobs" with the sizes. Errors: the reader has gone.
Status write_frame(int fd, const nlohmann::json& header,
                   const std::vector<std::string>& blobs = {});

/// Error of kind and message as the protocol's `error` fields, and back.
nlohmann::json error_body(const Error& error);
Error error_from(const nlohmann::json& body);
int exit_code_of(const Error& error);  ///< 1, 5 or 70.

}  // namespace kasuri::profiling
