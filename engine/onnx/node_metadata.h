#pragma once

#include <map>
#include <string>

#include "engine/ir/node.h"

namespace kasuri::onnx {

/// The key of Node::metadata that holds NodeProto.doc_string.
inline constexpr const char* kDocString = "doc_string";

/// Node.metadata as it goes to a file: a provenance that is not just the node's own name is added
/// as "kasuri.provenance", one source name per line.
std::map<std::string, std::string> file_metadata(const Node& node);

/// The inverse: takes "kasuri.provenance" out of node.metadata into node.provenance.
void adopt_provenance(Node& node);

}  // namespace kasuri::onnx
