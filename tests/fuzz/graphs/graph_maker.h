#pragma once

#include <functional>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri::testing {

using Extents = std::vector<int64_t>;

/// A value that later nodes may read, and what is known of its numbers.
struct Operand {
  ValueId id;
  DataType dtype = DataType::kUndefined;
  Extents extents;
  /// Every way to compute it gives the same bits: rounding, comparing and casting it is safe.
  bool exact = true;
  double bound = 1;  ///< Magnitudes stay below, roughly.

  bool is_float() const { return kasuri::is_float(dtype); }
  size_t rank() const { return extents.size(); }
  int64_t count() const;
};

/// A node this generator made is refused by type inference: one of the two is wrong.
class TypingFailure : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Facts about the results of a node.
struct Facts {
  bool exact = false;
  double bound = 1;
  size_t outputs = 1;
};

using Attributes = std::map<std::string, Attribute>;

/// A graph under construction: dice, the values made so far, and one typed node at a time.
class GraphMaker {
 public:
  explicit GraphMaker(uint64_t seed);

  int64_t draw(int64_t low, int64_t high);  ///< Both ends included.
  bool chance(int percent) { return draw(0, 99) < percent; }
  template <typename T>
  T one_of(const std::vector<T>& options) {
    return options[static_cast<size_t>(draw(0, static_cast<int64_t>(options.size()) - 1))];
  }
  Extents random_extents(int low_rank, int high_rank);
  int opset() const { return opset_; }
  GraphBuilder& builder() { return builder_; }

  /// A recent value more often than an old one; a fresh input where none suits.
  std::optional<Operand> pick(const std::function<bool(const Operand&)>& suits);
  Operand any_float(int low_rank = 0, int high_rank = 5);
  /// One that may be rounded, compared or cast.
  Operand exact_float(int low_rank = 0, int high_rank = 5);
  Operand any_integer();
  Operand any_bool();
  Operand input(DataType dtype, const Extents& extents);
  /// Contents between the bounds; now and then one that exists already.
  Operand constant(DataType dtype, const Extents& extents, double low, double high);
  ValueId ints(const std::vector<int64_t>& values);
  ValueId scalar(DataType dtype, double value);

  /// Adds a node; types its outputs. Throws TypingFailure.
  std::vector<Operand> emit(const std::string& op, const std::vector<ValueId>& inputs,
                            const Attributes& attributes, const Facts& facts);
  /// The same with one output, offered to later nodes.
  Operand put(const std::string& op, const std::vector<ValueId>& inputs,
              const Attributes& attributes, const Facts& facts);
  /// Makes a value available to later nodes.
  void offer(const Operand& operand) { pool_.push_back(operand); }
  const std::vector<Operand>& pool() const { return pool_; }
  /// Makes a value an output that later nodes do not read.
  void leave(ValueId value) { left_.push_back(value); }
  const std::vector<ValueId>& left() const { return left_; }

  /// Axes as an attribute before opset `since`, as an input from then on.
  Operand put_with_axes(const std::string& op, const Operand& x, const std::vector<int64_t>& axes,
                        int since, Attributes attributes, const Facts& facts);
  /// A value kept in magnitude: itself or a squashed form.
  Operand tamed(const Operand& x, double limit);
  /// A strictly positive value of the same extents.
  Operand positive(const Operand& x);

 private:
  Tensor contents(DataType dtype, const Extents& extents, double low, double high);

  std::mt19937_64 random_;
  GraphBuilder builder_;
  std::vector<Operand> pool_;
  /// Made so far; one may serve again where its values are drawn from the same range.
  struct Constant {
    Operand operand;
    double low = 0, high = 0;
  };
  std::vector<Constant> constants_;
  std::vector<ValueId> left_;
  DataType main_float_ = DataType::kFloat;
  int opset_ = 17;
  int names_ = 0;
};

/// What a magnitude may become before it is squashed.
double magnitude_limit(DataType dtype);

// Each adds one operator, or one well-known group, of its family to the graph.
void add_elementwise(GraphMaker& maker);
void add_comparison(GraphMaker& maker);
void add_integer_arithmetic(GraphMaker& maker);
void add_reduction(GraphMaker& maker);
void add_movement(GraphMaker& maker);
void add_indexing(GraphMaker& maker);
void add_contraction(GraphMaker& maker);
void add_convolution(GraphMaker& maker);
void add_pooling(GraphMaker& maker);
void add_normalisation(GraphMaker& maker);
void add_spelled_out(GraphMaker& maker);
void add_control_flow(GraphMaker& maker);
void add_quantisation(GraphMaker& maker);
void add_narrow_integers(GraphMaker& maker);
void add_recurrence(GraphMaker& maker);
void add_rarity(GraphMaker& maker);

}  // namespace kasuri::testing
