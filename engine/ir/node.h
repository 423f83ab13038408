#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/base/id.h"
#include "engine/ir/attribute.h"

namespace kasuri {

struct NodeTag;
struct ValueTag;
using NodeId = Id<NodeTag>;
using ValueId = Id<ValueTag>;

/// An operator's name: domain "" is ai.onnx.
struct OpKind {
  std::string domain;
  std::string name;

  bool operator==(const OpKind&) const = default;
  auto operator<=>(const OpKind&) const = default;
  std::string text() const { return domain.empty() ? name : domain + "::" + name; }
};

/// One application of an operator. A value, owned by its Graph; outside it is always const.
struct Node {
  NodeId id;
  OpKind op;
  int opset = 0;                 ///< Version of the operator's domain the semantics follow.
  std::string name;              ///< Unique in its graph, never empty.
  std::vector<ValueId> inputs;   ///< none() where an optional input is absent.
  std::vector<ValueId> outputs;  ///< none() where an optional output is not wanted.
  std::map<std::string, Attribute> attributes;
  std::map<std::string, std::string> metadata;  ///< Scopes, stack traces, doc string.
  /// Names of the source nodes this one came from, in source order; its own name when imported.
  std::vector<std::string> provenance;

  /// Standard-domain operator of this name?
  bool is(std::string_view op_name) const { return op.domain.empty() && op.name == op_name; }
  bool has(const std::string& attribute) const { return attributes.contains(attribute); }
  const Attribute* find(const std::string& attribute) const;

  /// Typed access with a default; a present attribute of another type is an internal error
  /// (the importer and verifier have already refused it).
  int64_t get_int(const std::string& name, int64_t fallback) const;
  float get_float(const std::string& name, float fallback) const;
  std::string get_string(const std::string& name, const std::string& fallback) const;
  std::vector<int64_t> get_ints(const std::string& name,
                                const std::vector<int64_t>& fallback = {}) const;
  std::vector<float> get_floats(const std::string& name,
                                const std::vector<float>& fallback = {}) const;
  GraphPointer get_graph(const std::string& name) const;  ///< null when absent.

  ValueId input(size_t i) const { return i < inputs.size() ? inputs[i] : ValueId::none(); }
  ValueId output(size_t i) const { return i < outputs.size() ? outputs[i] : ValueId::none(); }
};

}  // namespace kasuri
