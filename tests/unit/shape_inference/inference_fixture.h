#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/ir/graph.h"
#include "engine/ir/shape_inference.h"

namespace kasuri::test {

/// A one-node graph whose inputs are typed values or constants; `types()` are the inferred ones.
class Inferred {
 public:
  explicit Inferred(std::string op, int opset = 21, std::string domain = "")
      : op_{std::move(domain), std::move(op)} {
    builder_.opset("", opset);
    builder_.opset(op_.domain, op_.domain.empty() ? opset : 1);
  }

  Inferred& in(Shape shape, DataType dtype = DataType::kFloat) {
    return typed(ValueType::tensor(dtype, std::move(shape)));
  }
  Inferred& typed(ValueType type) {
    inputs_.push_back(builder_.input("x", std::move(type)));
    return *this;
  }
  Inferred& ints(const std::vector<int64_t>& values) {
    return constant(Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values));
  }
  Inferred& constant(Tensor tensor) {
    inputs_.push_back(builder_.constant("c", std::move(tensor)));
    return *this;
  }
  Inferred& absent() {
    inputs_.push_back(ValueId::none());
    return *this;
  }
  Inferred& with(const std::string& name, Attribute value) {
    attributes_[name] = std::move(value);
    return *this;
  }

  Result<std::vector<ValueType>> types(int outputs = 1) {
    const auto values = builder_.add(op_, "node", inputs_, outputs, attributes_);
    auto graph = builder_.take();
    if (!graph.ok()) return std::move(graph).error();
    return infer_types(*graph, graph->node(graph->value(values[0]).producer));
  }
  /// Texts of the outputs' types, or "error: ...".
  std::string text(int outputs = 1) {
    const auto result = types(outputs);
    if (!result.ok()) return "error: " + result.error().text();
    std::string out;
    for (const ValueType& t : *result) out += (out.empty() ? "" : " ") + t.text();
    return out;
  }

 private:
  OpKind op_;
  GraphBuilder builder_;
  std::vector<ValueId> inputs_;
  std::map<std::string, Attribute> attributes_;
};

inline Attribute ints(std::vector<int64_t> values) { return values; }
inline Attribute integer(int64_t value) { return value; }

}  // namespace kasuri::test
