#pragma once

#include <initializer_list>
#include <string_view>
#include <unordered_map>

#include "engine/ir/node.h"

namespace kasuri::shape_inference {

class Context;

/// Reads a Context, sets its outputs; reports contradictions through Context::fail().
using Inference = void (*)(Context&);

constexpr std::string_view kMicrosoft = "com.microsoft";
constexpr std::string_view kMl = "ai.onnx.ml";
constexpr std::string_view kTraining = "ai.onnx.preview.training";
constexpr std::string_view kPreview = "ai.onnx.preview";

/// Operator -> inference function. One family per file adds its own.
class Registry {
 public:
  /// `domain` and `names` must outlive the registry (string literals).
  void add(std::string_view domain, std::initializer_list<std::string_view> names, Inference f) {
    for (std::string_view name : names) table_[{domain, name}] = f;
  }
  void add(std::initializer_list<std::string_view> names, Inference f) { add("", names, f); }
  void add(std::string_view name, Inference f) { add("", {name}, f); }

  Inference find(const OpKind& op) const {
    const auto it = table_.find({op.domain, op.name});
    return it == table_.end() ? nullptr : it->second;
  }

 private:
  struct Key {
    std::string_view domain, name;
    bool operator==(const Key&) const = default;
  };
  struct Hash {
    size_t operator()(const Key& key) const {
      const std::hash<std::string_view> hash;
      return hash(key.name) * 31 + hash(key.domain);
    }
  };
  std::unordered_map<Key, Inference, Hash> table_;
};

/// Generated from the files of this folder.
void register_all(Registry& registry);

}  // namespace kasuri::shape_inference
