#include "engine/lower/axes.h"

namespace kasuri::lower {

Indices AxisSplit::at_domain() const {
  Indices at(kept.size() + reduced.size());
  int variable = 0;
  for (int axis : kept) at[axis] = loops::variable(variable++);
  for (int axis : reduced) at[axis] = loops::variable(variable++);
  return at;
}

Indices AxisSplit::kept_at_point() const {
  Indices at;
  for (int axis : kept) at.push_back(loops::variable(axis));
  return at;
}

AxisSplit split_axes(const Extents& extents, const std::vector<bool>& reduced) {
  AxisSplit s;
  for (size_t k = 0; k < extents.size(); ++k) {
    if (reduced[k]) {
      s.reduced.push_back(static_cast<int>(k));
      s.reduced_count *= extents[k];
    } else {
      s.kept.push_back(static_cast<int>(k));
      s.kept_extents.push_back(extents[k]);
    }
  }
  s.domain = s.kept_extents;
  for (int axis : s.reduced) s.domain.push_back(extents[axis]);
  return s;
}

}  // namespace kasuri::lower
