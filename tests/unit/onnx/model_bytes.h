#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "engine/onnx/importer.h"
#include "engine/onnx/message_writer.h"
#include "engine/onnx/messages.h"

namespace kasuri::onnx {

/// Field numbers of the messages the tests write by hand.
enum ModelField : uint32_t {
  kIrVersion = 1,
  kGraph = 7,
  kOpset = 8,
  kModelMetadata = 14,
  kFunction = 25
};
enum GraphField : uint32_t {
  kNode = 1,
  kGraphName = 2,
  kInitializer = 5,
  kInput = 11,
  kOutput = 12,
  kValueInfo = 13,
  kSparse = 15
};
enum NodeField : uint32_t {
  kNodeInput = 1,
  kNodeOutput = 2,
  kNodeName = 3,
  kOpType = 4,
  kAttribute = 5,
  kNodeDomain = 7,
  kNodeMetadata = 9
};

struct GraphBytes : WireWriter {
  GraphBytes& node(const std::string& op, const std::vector<std::string>& inputs,
                   const std::vector<std::string>& outputs,
                   const std::map<std::string, WireWriter>& attributes = {},
                   const std::string& name = "", const std::string& domain = "") {
    message(kNode, node_bytes(op, inputs, outputs, attributes, name, domain));
    return *this;
  }
  static WireWriter node_bytes(const std::string& op, const std::vector<std::string>& inputs,
                               const std::vector<std::string>& outputs,
                               const std::map<std::string, WireWriter>& attributes = {},
                               const std::string& name = "", const std::string& domain = "") {
    WireWriter n;
    for (const std::string& i : inputs) n.text(kNodeInput, i);
    for (const std::string& o : outputs) n.text(kNodeOutput, o);
    if (!name.empty()) n.text(kNodeName, name);
    n.text(kOpType, op);
    if (!domain.empty()) n.text(kNodeDomain, domain);
    for (const auto& [key, value] : attributes) n.message(kAttribute, value);
    return n;
  }
  GraphBytes& input(const std::string& name, const Shape& shape, DataType type = DataType::kFloat) {
    message(kInput, write_value(name, ValueType::tensor(type, shape)));
    return *this;
  }
  GraphBytes& output(const std::string& name) {
    message(kOutput, write_value(name, ValueType::tensor(DataType::kFloat)));
    return *this;
  }
  GraphBytes& weight(const std::string& name, const Tensor& tensor) {
    keep.push_back(tensor);
    message(kInitializer, write_tensor(name, tensor, nullptr));
    return *this;
  }
  std::vector<Tensor> keep;
};

inline WireWriter attribute_bytes(const std::string& name, const Attribute& value) {
  return write_attribute(name, value, nullptr);
}
inline WireWriter body_bytes(const std::string& name, const GraphBytes& body) {
  WireWriter a;
  a.text(1, name);
  a.message(6, body);
  a.integer(20, kGraphAttribute);
  return a;
}

inline std::string model_bytes(const GraphBytes& graph, int opset = 17,
                               const std::vector<WireWriter>& functions = {}) {
  WireWriter m;
  m.integer(kIrVersion, 8);
  m.message(kOpset, write_opset("", opset));
  m.message(kOpset, write_opset("local", 1));
  m.message(kGraph, graph);
  for (const WireWriter& f : functions) m.message(kFunction, f);
  return m.str();
}

/// A folder of its own per test, removed afterwards.
class ModelFolder : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* info = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("kasuri-onnx-" + std::to_string(::getpid()) + "-" + info->name());
    std::filesystem::create_directories(folder_);
    ::setenv("KASURI_CACHE", (folder_ / "cache").c_str(), 1);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string path(const std::string& name) const { return (folder_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::ofstream(path(name), std::ios::binary) << bytes;
    return path(name);
  }
  Result<ImportedModel> import(const GraphBytes& graph, const ImportOptions& options = {}) const {
    return import_model(write("model.onnx", model_bytes(graph)), options);
  }

  std::filesystem::path folder_;
};

inline std::string error_of(const Result<ImportedModel>& result) {
  return result.ok() ? "" : result.error().text();
}

}  // namespace kasuri::onnx
