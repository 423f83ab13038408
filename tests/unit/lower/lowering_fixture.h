#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "engine/backend/reference/reference_backend.h"
#include "engine/ir/graph.h"
#include "engine/ir/shape_inference.h"
#include "engine/loops/interpreter.h"
#include "engine/lower/lowering.h"

namespace kasuri::lower {

/// One operand of a node under test: absent, constant, or given at run time.
struct Operand {
  Tensor tensor;
  bool constant = false;
};

inline Tensor random_tensor(std::vector<int64_t> extents, uint32_t seed = 1, float low = -2,
                            float high = 2) {
  std::mt19937 generator(seed);
  std::uniform_real_distribution<float> distribution(low, high);
  std::vector<float> values(static_cast<size_t>(*element_count(extents)));
  for (float& v : values) v = distribution(generator);
  return Tensor::of<float>(std::move(extents), values);
}

inline Operand data(std::vector<int64_t> extents, uint32_t seed = 1) {
  return {random_tensor(std::move(extents), seed)};
}
inline Operand positive(std::vector<int64_t> extents, uint32_t seed = 1) {
  return {random_tensor(std::move(extents), seed, 0.1f, 2)};
}
inline Operand ints(std::vector<int64_t> values) {
  const auto n = static_cast<int64_t>(values.size());
  return {Tensor::of<int64_t>({n}, values), true};
}
inline Operand absent() { return {}; }

struct Case {
  std::string op;
  std::vector<Operand> inputs;
  std::map<std::string, Attribute> attributes = {};
  int opset = 17;
  int outputs = 1;
  std::string domain = "";
};

/// A graph of one node with inferred output types.
inline Graph graph_of(const Case& c, std::map<std::string, RuntimeValue>& run_inputs) {
  GraphBuilder b;
  b.opset("", c.opset).opset("com.microsoft", 1);
  Node node;
  node.op = {c.domain, c.op};
  node.name = "node";
  node.attributes = c.attributes;
  for (size_t i = 0; i < c.inputs.size(); ++i) {
    const Tensor& t = c.inputs[i].tensor;
    const std::string name = "in" + std::to_string(i);
    if (!t.defined()) {
      node.inputs.push_back(ValueId::none());
    } else if (c.inputs[i].constant) {
      node.inputs.push_back(b.constant(name, t));
    } else {
      node.inputs.push_back(b.input(name, ValueType::tensor(t.dtype(), shape_of(t.extents()))));
      run_inputs[name] = t;
    }
  }
  for (int k = 0; k < c.outputs; ++k) node.outputs.push_back(b.declare("out" + std::to_string(k)));
  const auto outputs = node.outputs;
  b.add(node);
  for (ValueId id : outputs) b.output(b.peek().value(id).name, id);
  Result<Graph> graph = infer_graph(b.take().value());
  EXPECT_TRUE(graph.ok()) << (graph.ok() ? "" : graph.error().text());
  return std::move(graph).value();
}

inline std::vector<double> numbers(DataType type, std::span<const std::byte> bytes) {
  std::vector<double> out;
  const auto read = [&]<typename T>(T) {
    out.resize(bytes.size() / sizeof(T));
    for (size_t i = 0; i < out.size(); ++i) {
      T v;
      std::memcpy(&v, bytes.data() + i * sizeof(T), sizeof(T));
      out[i] = static_cast<double>(v);
    }
  };
  switch (type) {
    case DataType::kFloat:
      read(float{});
      break;
    case DataType::kDouble:
      read(double{});
      break;
    case DataType::kInt64:
      read(int64_t{});
      break;
    case DataType::kInt32:
      read(int32_t{});
      break;
    case DataType::kInt8:
      read(int8_t{});
      break;
    case DataType::kUint8:
    case DataType::kBool:
      read(uint8_t{});
      break;
    default:
      ADD_FAILURE() << "unexpected type";
  }
  return out;
}

/// The node as a nest, interpreted, gives what the reference backend gives.
inline void expect_like_reference(const Case& c, double tolerance = 2e-5) {
  SCOPED_TRACE(c.op);
  std::map<std::string, RuntimeValue> run_inputs;
  const Graph graph = graph_of(c, run_inputs);
  const auto expected = run_model(graph, run_inputs, {});
  ASSERT_TRUE(expected.ok()) << expected.error().text();
  const Node& node = graph.node(graph.node_ids().front());
  std::vector<ValueId> inputs, outputs(node.outputs.begin(), node.outputs.end());
  for (ValueId id : node.inputs)
    if (id.valid()) inputs.push_back(id);
  const NodeId members[] = {node.id};
  const auto nest = lower_group(graph, members, inputs, outputs);
  ASSERT_TRUE(nest.ok()) << nest.error().text();
  std::vector<std::vector<std::byte>> storage;
  for (ValueId id : inputs) {
    const Value& v = graph.value(id);
    const Tensor t = v.constant ? *v.constant : run_inputs.at(v.name).tensor();
    storage.emplace_back(t.bytes().begin(), t.bytes().end());
  }
  for (const RuntimeValue& v : *expected) storage.emplace_back(v.tensor().bytes().size());
  std::vector<loops::BufferBytes> buffers(nest->buffers.size());
  for (size_t i = 0; i < storage.size(); ++i) buffers[i] = storage[i];
  const Status status = loops::interpret(*nest, buffers);
  ASSERT_TRUE(status.ok()) << status.error().text();
  for (size_t k = 0; k < expected->size(); ++k) {
    const Tensor& want = (*expected)[k].tensor();
    const auto a = numbers(want.dtype(), want.bytes());
    const auto b = numbers(want.dtype(), storage[inputs.size() + k]);
    ASSERT_EQ(a.size(), b.size());
    for (size_t i = 0; i < a.size(); ++i) {
      if (std::isnan(a[i]) && std::isnan(b[i])) continue;
      if (a[i] == b[i]) continue;
      ASSERT_NEAR(a[i], b[i], tolerance * (1 + std::abs(a[i])))
          << "output " << k << " element " << i;
    }
  }
}

}  // namespace kasuri::lower
