#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/loops/index.h"

namespace kasuri::codegen {

/// A set of loop variables of a stage, one bit each (at most 64 variables).
using VariableSet = uint64_t;

/// Inclusive range of values.
struct Range {
  int64_t low = 0, high = 0;
  bool within(int64_t lowest, int64_t highest) const { return low >= lowest && high <= highest; }
  bool fits_int32() const { return within(INT32_MIN, INT32_MAX); }
};

/// constant + sum of coefficient * variable + sum of coefficient * atom, where an atom is an index
/// that is not affine (floor_div, mod, min, max, indirect). Equal indices of a stage have equal
/// forms as far as affine algebra goes.
struct LinearForm {
  int64_t constant = 0;
  std::vector<int64_t> coefficients;           ///< One per variable of the stage.
  std::vector<std::pair<int, int64_t>> atoms;  ///< Atom number and coefficient, sorted, no zeros.

  bool operator==(const LinearForm&) const = default;
  void add(const LinearForm& other, int64_t factor);
};

struct Atom {
  loops::IndexKind kind;
  int64_t value = 0;             ///< The divisor of floor_div and mod.
  std::vector<LinearForm> args;  ///< Indirect: one form, the element offset in the buffer.
  int buffer = -1;
  int64_t limit = 0;
  loops::OutOfRange policy = loops::OutOfRange::kReport;
  bool in_bounds = true;  ///< Indirect: the read of `buffer` itself is always inside it.
  VariableSet variables = 0;
  Range range;
};

/// Where elements of a buffer lie: offset = sum over axes of (index - base) * stride.
struct Placement {
  std::vector<int64_t> extents;
  std::vector<int64_t> strides;
  std::vector<loops::Index> base;  ///< Over the outer variables; empty when nothing is subtracted.
};

/// The affine view of the index expressions of one stage. Atoms are shared: the same non-affine
/// index has one number.
class FormTable {
 public:
  FormTable(std::vector<int64_t> extents, const std::vector<Placement>* placements)
      : extents_(std::move(extents)), placements_(placements) {}

  LinearForm form_of(const loops::Index& index);
  struct Offset {
    LinearForm form;
    bool in_bounds;  ///< Every axis stays inside its extent on the whole domain.
  };
  /// The element offset of buffer[index...].
  Offset offset_of(int buffer, const std::vector<loops::Index>& index);

  Range range_of(const LinearForm& form) const;
  VariableSet variables_of(const LinearForm& form) const;
  /// True if an atom reads an indirect index anywhere below.
  bool reads_memory(const LinearForm& form) const;
  /// True if computing it reads memory that may lie out of bounds.
  bool may_read_outside(const LinearForm& form) const;

  /// How much the index grows at most over `steps` steps of `axis`, other variables fixed; empty
  /// unless it never falls.
  std::optional<int64_t> growth(const LinearForm& form, int axis, int64_t steps) const;

  const std::vector<Atom>& atoms() const { return atoms_; }
  const std::vector<int64_t>& extents() const { return extents_; }

 private:
  std::optional<int64_t> atom_growth(const Atom& atom, int axis, int64_t steps) const;
  LinearForm atom_form(Atom atom);
  LinearForm division(const loops::IndexNode& node);
  LinearForm clamp(const loops::IndexNode& node);
  LinearForm indirect(const loops::IndexNode& node);

  std::vector<int64_t> extents_;
  const std::vector<Placement>* placements_;
  std::vector<Atom> atoms_;
  std::map<std::string, int> numbers_;
};

/// A byte string equal for equal forms.
std::string key_of(const LinearForm& form);

}  // namespace kasuri::codegen
