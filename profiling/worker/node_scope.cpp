#include "profiling/worker/node_scope.h"

#include <sstream>
#include <vector>

namespace kasuri::profiling {
namespace {

/// Parts between `separator`, without blanks, quotes and brackets around them.
std::vector<std::string> parts_of(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    const size_t first = part.find_first_not_of(" '\"[]");
    const size_t last = part.find_last_not_of(" '\"[]");
    parts.push_back(first == std::string::npos ? "" : part.substr(first, last - first + 1));
  }
  return parts;
}

/// "features", "features.5", "features.5.1" -> "features/5/1".
std::string nested_scope(const std::vector<std::string>& modules) {
  std::string scope, outer;
  for (const std::string& module : modules) {
    if (module.empty()) continue;
    if (!scope.empty()) scope += '/';
    scope += !outer.empty() && module.starts_with(outer + ".") ? module.substr(outer.size() + 1)
                                                               : module;
    outer = module;
  }
  return scope;
}

}  // namespace

/// Scopes as exporters write them: "['', 'm', 'm.layers.3', 'linear']" or
/// ": a.Model/m: b.Net/m.layers.3: c.Layer/linear: aten.linear"; the last part is the operator.
std::string scope_of(std::string name, const std::map<std::string, std::string>& metadata) {
  const auto listed = metadata.find("pkg.torch.onnx.name_scopes");
  if (listed != metadata.end()) {
    std::vector<std::string> modules = parts_of(listed->second, ',');
    if (!modules.empty()) modules.pop_back();
    return nested_scope(modules);
  }
  const auto spaced = metadata.find("namespace");
  if (spaced != metadata.end() && spaced->second.find(": ") != std::string::npos) {
    std::vector<std::string> modules = parts_of(spaced->second, '/');
    if (!modules.empty()) modules.pop_back();
    for (std::string& module : modules) module = module.substr(0, module.find(':'));
    return nested_scope(modules);
  }
  for (const char* key : {"namespace", "scope"}) {
    const auto found = metadata.find(key);
    if (found != metadata.end()) return found->second;
  }
  if (name.starts_with('/')) name.erase(0, 1);
  const size_t slash = name.rfind('/');
  return slash == std::string::npos ? "" : name.substr(0, slash);
}

}  // namespace kasuri::profiling
