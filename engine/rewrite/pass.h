#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/rewrite/rule.h"

namespace kasuri {

/// A named list of rules that run together to a fix-point.
struct Pass {
  std::string name;        ///< "fold-bn"
  std::string law;         ///< What it does, in one line.
  std::string stands;      ///< Where it may stand in the order, and why.
  bool always_on = false;  ///< Part of every run, `none` included.
  bool on_by_default = true;
  bool in_turn = false;  ///< Each rule reaches its fix-point before the next one starts.
  std::vector<std::shared_ptr<const Rule>> rules;
};

/// Every pass in the order it runs.
using PassList = std::vector<Pass>;

}  // namespace kasuri
