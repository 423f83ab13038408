#include "engine/onnx/graph_reader.h"
#include "engine/onnx/message_reader.h"
#include "engine/onnx/type_reader.h"

namespace kasuri::onnx {
namespace {

/// Longer ones, which only damaged files make, are replaced by their hash.
constexpr size_t kLongestPrefix = 1024;

struct Copy {
  std::string_view from;
  ValueId to;
};

/// Formal inputs stand for the caller's values, formal outputs for the values the call defines.
/// What is both, or listed twice, is copied afterwards.
Result<std::vector<Copy>> bind_formals(const NodeMessage& message, const FunctionMessage& function,
                                       const std::vector<ValueId>& inputs,
                                       const std::vector<ValueId>& outputs, Scope& body) {
  if (inputs.size() > function.inputs.size() || outputs.size() > function.outputs.size())
    return Error("calls function '" + std::string(function.name) + "' with " +
                 std::to_string(message.inputs.size()) + " inputs and " +
                 std::to_string(message.outputs.size()) + " outputs, but it has " +
                 std::to_string(function.inputs.size()) + " and " +
                 std::to_string(function.outputs.size()));
  for (size_t i = 0; i < function.inputs.size(); ++i)
    if (!body.names.emplace(function.inputs[i], i < inputs.size() ? inputs[i] : ValueId()).second)
      return Error("function '" + std::string(function.name) + "' has two inputs of one name");
  std::vector<Copy> copies;
  for (size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].valid()) continue;
    if (body.names.contains(function.outputs[i]))
      copies.push_back({function.outputs[i], outputs[i]});
    else
      body.names[function.outputs[i]] = outputs[i];
  }
  return copies;
}

}  // namespace

const FunctionMessage* GraphReader::function_of(const NodeMessage& message) const {
  const auto it =
      functions_.find({standard_domain(message.domain), message.op_type, message.overload});
  return it == functions_.end() ? nullptr : it->second;
}

Result<Call> GraphReader::call_of(const NodeMessage& message, const FunctionMessage& function,
                                  const Scope& scope) {
  Call call{&function, scope.call};
  call.builder = &scope.builder;
  call.depth = scope.call ? scope.call->depth + 1 : 1;
  if (call.depth > kMaxNesting)
    return Error("functions call each other more than " + std::to_string(kMaxNesting) + " deep");
  for (const Call* c = scope.call; c != nullptr; c = c->caller)
    if (c->function == &function)
      return Error("function '" + std::string(function.name) + "' calls itself");
  std::string_view site = message.name;
  if (site.empty()) site = message.outputs.empty() ? message.op_type : message.outputs[0];
  call.prefix = local_name(site, scope) + "/";
  if (call.prefix.size() > kLongestPrefix) call.prefix = fingerprint_of(call.prefix).hex() + "/";
  call.opsets = opsets_;
  KASURI_TRY(const auto opsets, read_opsets(function.opsets));
  for (const auto& [domain, version] : opsets) call.opsets[domain] = version;
  KASURI_TRY(call.arguments, read_attributes(message, scope));
  for (const AttributeMessage& a : function.defaults) {
    KASURI_TRY(std::optional<Attribute> value, read_attribute(a, scope));
    if (value) call.arguments.emplace(a.name, std::move(*value));
  }
  if (scope.call) call.metadata = scope.call->metadata;
  for (const Entry& e : message.metadata) call.metadata[std::string(e.key)] = clean_text(e.value);
  std::string& chain = call.metadata["kasuri.function"];
  chain += (chain.empty() ? "" : "/") + std::string(function.name);
  return call;
}

Status GraphReader::inline_call(const NodeMessage& message, const FunctionMessage& function,
                                Scope& scope) {
  KASURI_TRY(const Call call, call_of(message, function, scope));
  KASURI_TRY(const std::vector<ValueId> inputs, resolve(message.inputs, scope));
  KASURI_TRY(const std::vector<ValueId> outputs, resolve(message.outputs, scope));
  Scope body{scope.builder, nullptr, &call};
  KASURI_TRY(const std::vector<Copy> copies,
             bind_formals(message, function, inputs, outputs, body));
  const std::string where = "in function '" + std::string(function.name) + "'";
  find_constants(nullptr, function.nodes, body);
  Status status = declare_outputs(function.nodes, {}, body);
  if (status.ok()) status = add_nodes(function.nodes, body);
  if (!status.ok()) return std::move(status).error().with_context(where);
  for (const Copy& copy : copies) {
    Node node;
    node.op = {"", "Identity"};
    KASURI_TRY_IN(node.inputs, resolve({copy.from}, body), where);
    node.outputs = {copy.to};
    scope.builder.add(std::move(node));
  }
  for (size_t i = 0; i < outputs.size(); ++i)
    if (outputs[i].valid() && !scope.builder.peek().value(outputs[i]).producer.valid())
      return Error("function '" + std::string(function.name) + "' does not define its output '" +
                   std::string(function.outputs[i]) + "'");
  return Done{};
}

}  // namespace kasuri::onnx
