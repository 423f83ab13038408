#pragma once

#include <functional>
#include <string>

#include "engine/ir/graph.h"
#include "engine/onnx/wire_writer.h"

namespace kasuri::onnx {

/// Chooses where a tensor's bytes go: true when it wrote the place into the message itself.
using ExternalSink = std::function<bool(const Tensor&, WireWriter&)>;

WireWriter write_tensor(const std::string& name, const Tensor& tensor, const ExternalSink& sink);
WireWriter write_type(const ValueType& type);
WireWriter write_value(const std::string& name, const ValueType& type);
WireWriter write_entry(const std::string& key, const std::string& value);
WireWriter write_opset(const std::string& domain, int version);

/// An attribute; bodies are written by `body`.
WireWriter write_attribute(const std::string& name, const Attribute& attribute,
                           const std::function<WireWriter(const Graph&)>& body);

}  // namespace kasuri::onnx
