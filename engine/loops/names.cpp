#include "engine/loops/names.h"

#include <array>
#include <cctype>

namespace kasuri::loops {
namespace {

constexpr std::array<std::string_view, 33> kUnary = {
    "neg",     "abs",   "sqrt",     "rsqrt", "reciprocal", "exp",   "log",  "erf",  "tanh",
    "sigmoid", "sin",   "cos",      "tan",   "asin",       "acos",  "atan", "sinh", "cosh",
    "asinh",   "acosh", "atanh",    "floor", "ceil",       "round", "sign", "not",  "bit_not",
    "isnan",   "isinf", "softplus", "log1p", "expm1",      "trunc"};
constexpr std::array<std::string_view, 24> kBinary = {
    "+",           "-",   "*",  "/",   "mod",     "fmod",   "pow",     "min",
    "max",         "and", "or", "xor", "bit_and", "bit_or", "bit_xor", "shift_left",
    "shift_right", "<",   "<=", ">",   ">=",      "==",     "!=",      "atan2"};
constexpr std::array<std::string_view, 9> kReduce = {"sum",    "max", "min", "prod",   "argmax",
                                                     "argmin", "any", "all", "welford"};
constexpr std::array<std::string_view, 4> kAccumulate = {"f32", "f64", "i32", "i64"};
constexpr std::array<std::string_view, 5> kCombine = {"none", "add", "mul", "min", "max"};
constexpr std::array<std::string_view, 3> kRole = {"input", "output", "local"};

template <typename Enum, size_t n>
std::optional<Enum> find(const std::array<std::string_view, n>& names, std::string_view name) {
  for (size_t i = 0; i < n; ++i)
    if (names[i] == name) return static_cast<Enum>(i);
  return std::nullopt;
}

}  // namespace

std::string_view name_of(UnaryOp op) { return kUnary.at(static_cast<size_t>(op)); }
std::string_view name_of(BinaryOp op) { return kBinary.at(static_cast<size_t>(op)); }
std::string_view name_of(ReduceOp op) { return kReduce.at(static_cast<size_t>(op)); }
std::string_view name_of(Accumulate type) { return kAccumulate.at(static_cast<size_t>(type)); }
std::string_view name_of(Stage::Combine c) { return kCombine.at(static_cast<size_t>(c)); }
std::string_view name_of(BufferRole role) { return kRole.at(static_cast<size_t>(role)); }

std::optional<UnaryOp> unary_from(std::string_view name) { return find<UnaryOp>(kUnary, name); }
std::optional<BinaryOp> binary_from(std::string_view name) { return find<BinaryOp>(kBinary, name); }
std::optional<ReduceOp> reduce_from(std::string_view name) { return find<ReduceOp>(kReduce, name); }
std::optional<Accumulate> accumulate_from(std::string_view name) {
  return find<Accumulate>(kAccumulate, name);
}
std::optional<Stage::Combine> combine_from(std::string_view name) {
  return find<Stage::Combine>(kCombine, name);
}
std::optional<BufferRole> role_from(std::string_view name) { return find<BufferRole>(kRole, name); }

bool is_infix(BinaryOp op) { return std::isalpha(static_cast<unsigned char>(name_of(op)[0])) == 0; }

}  // namespace kasuri::loops
