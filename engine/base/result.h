#pragma once

#include <optional>
#include <utility>
#include <variant>

#include "engine/base/check.h"
#include "engine/base/error.h"

namespace kasuri {

/// A value or an Error. Test with ok(); there is deliberately no conversion to bool, so that a
/// Result<bool> cannot be misread.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : data_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(*-explicit-*)
  Result(Error error) : data_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  explicit operator bool() const = delete;

  bool ok() const { return data_.index() == 0; }
  const Error& error() const& {
    KASURI_CHECK(!ok(), "error() of a good result");
    return std::get<1>(data_);
  }
  Error&& error() && {
    KASURI_CHECK(!ok(), "error() of a good result");
    return std::get<1>(std::move(data_));
  }
  const T& value() const& {
    if (!ok()) fail("value() of a failed result: " + std::get<1>(data_).text());
    return std::get<0>(data_);
  }
  T& value() & {
    if (!ok()) fail("value() of a failed result: " + std::get<1>(data_).text());
    return std::get<0>(data_);
  }
  T&& value() && {
    if (!ok()) fail("value() of a failed result: " + std::get<1>(data_).text());
    return std::get<0>(std::move(data_));
  }
  const T& operator*() const& { return value(); }
  T& operator*() & { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  const T* operator->() const { return &value(); }
  T* operator->() { return &value(); }

 private:
  std::variant<T, Error> data_;
};

/// Success without a value.
struct Done {};
using Status = Result<Done>;
inline Status ok_status() { return Done{}; }

}  // namespace kasuri

#define KASURI_CONCAT_INNER(a, b) a##b
#define KASURI_CONCAT(a, b) KASURI_CONCAT_INNER(a, b)

/// KASURI_TRY(auto x, f()): declares x from a good result or returns its error.
#define KASURI_TRY(declaration, expression)                         \
  auto KASURI_CONCAT(try_result_, __LINE__) = (expression);         \
  if (!KASURI_CONCAT(try_result_, __LINE__).ok())                   \
    return std::move(KASURI_CONCAT(try_result_, __LINE__)).error(); \
  declaration = std::move(KASURI_CONCAT(try_result_, __LINE__)).value()

/// KASURI_RETURN_IF_ERROR(f()): returns the error of a failed result, drops a good one.
#define KASURI_RETURN_IF_ERROR(expression)                        \
  do {                                                            \
    auto try_status_ = (expression);                              \
    if (!try_status_.ok()) return std::move(try_status_).error(); \
  } while (false)

/// The same, adding a context to the error.
#define KASURI_TRY_IN(declaration, expression, where)                                   \
  auto KASURI_CONCAT(try_result_, __LINE__) = (expression);                             \
  if (!KASURI_CONCAT(try_result_, __LINE__).ok())                                       \
    return std::move(KASURI_CONCAT(try_result_, __LINE__)).error().with_context(where); \
  declaration = std::move(KASURI_CONCAT(try_result_, __LINE__)).value()
