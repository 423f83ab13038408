#pragma once

#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/ir/graph.h"

namespace kasuri::onnx {

/// Names of one graph's values in the file: graph inputs keep theirs (those of a body may hide an
/// outer name, as the standard allows), a produced value takes the name of the graph output it
/// stands for, captures take the name the graph outside uses, and other local names that would hide
/// an outer one or repeat get a suffix.
class ExportNames {
 public:
  ExportNames(const Graph& graph, const ExportNames* outside);

  const std::string& of(ValueId id) const;  ///< "" for none().
  /// Outputs whose value cannot carry their name: (name in the file, value).
  const std::vector<std::pair<std::string, ValueId>>& copies() const { return copies_; }
  /// By graph output: its name in the file.
  const std::vector<std::string>& outputs() const { return outputs_; }

 private:
  std::string fresh(const std::string& wanted);
  void name_outputs(const Graph& graph);

  std::vector<std::string> names_;  // by value
  std::vector<std::string> outputs_;
  std::vector<std::pair<std::string, ValueId>> copies_;
  std::set<std::string> visible_;
  std::unordered_map<std::string, std::string> exported_;  // name in the graph -> name in the file
};

}  // namespace kasuri::onnx
