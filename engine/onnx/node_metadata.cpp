#include "engine/onnx/node_metadata.h"

namespace kasuri::onnx {
namespace {
constexpr const char* kProvenance = "kasuri.provenance";
}

std::map<std::string, std::string> file_metadata(const Node& node) {
  std::map<std::string, std::string> out = node.metadata;
  if (node.provenance.empty() || node.provenance == std::vector<std::string>{node.name}) return out;
  std::string& text = out[kProvenance];
  text.clear();
  for (const std::string& source : node.provenance) text += (text.empty() ? "" : "\n") + source;
  return out;
}

void adopt_provenance(Node& node) {
  const auto entry = node.metadata.extract(kProvenance);
  if (entry.empty()) return;
  const std::string& text = entry.mapped();
  for (size_t at = 0; at <= text.size();) {
    const size_t end = std::min(text.find('\n', at), text.size());
    node.provenance.push_back(text.substr(at, end - at));
    at = end + 1;
  }
}

}  // namespace kasuri::onnx
