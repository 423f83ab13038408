#pragma once

#include <string>
#include <utility>
#include <vector>

namespace kasuri {

/// Whose fault it is. A rule that does not apply is not an error (see rewrite::Declined).
enum class ErrorKind {
  kUser,         ///< The file or the request is wrong: exit code 1.
  kUnavailable,  ///< The world lacks something (a device, a runtime, memory).
  kCancelled,    ///< The user asked to stop: exit code 5.
  kInternal,     ///< We are wrong: exit code 70.
};

/// A failure in words, with the chain of contexts it passed on its way up, outermost last.
class Error {
 public:
  explicit Error(std::string message, ErrorKind kind = ErrorKind::kUser)
      : message_(std::move(message)), kind_(kind) {}

  static Error cancelled() { return Error("cancelled", ErrorKind::kCancelled); }
  static Error unavailable(std::string reason) {
    return Error(std::move(reason), ErrorKind::kUnavailable);
  }

  ErrorKind kind() const { return kind_; }
  const std::string& message() const { return message_; }

  /// Adds where it happened, e.g. "importing node 17 'conv1' (Conv, opset 11)".
  Error&& with_context(std::string where) && {
    context_.push_back(std::move(where));
    return std::move(*this);
  }

  /// Adds what may help, behind the message.
  Error&& with_advice(const std::string& advice) && {
    message_ += "; " + advice;
    return std::move(*this);
  }

  /// One line for people: "outermost: ...: innermost: message".
  std::string text() const {
    std::string out;
    for (auto it = context_.rbegin(); it != context_.rend(); ++it) out += *it + ": ";
    return out + message_;
  }

 private:
  std::string message_;
  std::vector<std::string> context_;
  ErrorKind kind_;
};

}  // namespace kasuri
