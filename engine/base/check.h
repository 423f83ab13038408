#pragma once

#include <stdexcept>
#include <string>

namespace kasuri {

/// Thrown when a promise of our own code is broken. Caught once, at the task boundary.
class InternalError : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

[[noreturn]] inline void fail(const std::string& message) { throw InternalError(message); }

}  // namespace kasuri

/// KASURI_CHECK(condition, "what was promised").
#define KASURI_CHECK(condition, message)                                                       \
  do {                                                                                         \
    if (!(condition)) [[unlikely]]                                                             \
      ::kasuri::fail(std::string(__FILE__ ":") + std::to_string(__LINE__) + ": " + (message)); \
  } while (false)
