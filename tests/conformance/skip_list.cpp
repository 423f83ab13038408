#include "tests/conformance/skip_list.h"

#include <fstream>

namespace kasuri::testing {

SkipList SkipList::read(const std::filesystem::path& file) {
  SkipList list;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string::npos) continue;
    list.reasons_[line.substr(0, colon)] = line.substr(colon + 2);
  }
  return list;
}

const std::string* SkipList::reason(const std::string& node_case,
                                    const Configuration& configuration) const {
  for (const std::string& key : {node_case, node_case + " [" + configuration.name() + "]"})
    if (const auto it = reasons_.find(key); it != reasons_.end()) return &it->second;
  return nullptr;
}

}  // namespace kasuri::testing
