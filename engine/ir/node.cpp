#include "engine/ir/node.h"

namespace kasuri {
namespace {

template <typename T>
T get(const Node& node, const std::string& name, const T& fallback) {
  const Attribute* a = node.find(name);
  if (a == nullptr) return fallback;
  const T* value = std::get_if<T>(a);
  KASURI_CHECK(value != nullptr, "type of attribute '" + name + "' of '" + node.name + "'");
  return *value;
}

}  // namespace

const Attribute* Node::find(const std::string& attribute) const {
  const auto it = attributes.find(attribute);
  return it == attributes.end() ? nullptr : &it->second;
}

int64_t Node::get_int(const std::string& n, int64_t f) const { return get<int64_t>(*this, n, f); }
float Node::get_float(const std::string& n, float f) const { return get<float>(*this, n, f); }
std::string Node::get_string(const std::string& n, const std::string& f) const {
  return get<std::string>(*this, n, f);
}
std::vector<int64_t> Node::get_ints(const std::string& n, const std::vector<int64_t>& f) const {
  return get<std::vector<int64_t>>(*this, n, f);
}
std::vector<float> Node::get_floats(const std::string& n, const std::vector<float>& f) const {
  return get<std::vector<float>>(*this, n, f);
}
GraphPointer Node::get_graph(const std::string& n) const {
  return get<GraphPointer>(*this, n, nullptr);
}

}  // namespace kasuri
