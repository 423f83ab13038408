#pragma once

#include <cstdint>
#include <vector>

#include "engine/loops/index.h"

namespace kasuri::loops {

/// constant + sum of coefficient * atom; atoms are variables and what is not affine (floor_div,
/// mod, min, max, indirect), sorted, distinct, coefficients not 0. Equal sums have equal forms.
struct Linear {
  struct Term {
    Index atom;
    int64_t coefficient;
  };
  int64_t constant = 0;
  std::vector<Term> terms;

  void add(const Linear& other, int64_t factor = 1);
  void add(const Index& atom, int64_t coefficient);
};

/// The sum an index is, its atoms taken as they are.
Linear linear_of(const Index& index);
Index index_of(const Linear& linear);
/// A total order of indices by structure: variables first. 0 if equal.
int compare(const Index& a, const Index& b);
bool equal(const Linear& a, const Linear& b);

}  // namespace kasuri::loops
