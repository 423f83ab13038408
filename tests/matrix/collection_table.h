#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace kasuri::testing {

/// What the table says of one model.
struct CollectionNote {
  std::string fails;  ///< Why it is not expected to run, or to agree with its vector.
  std::map<std::string, int64_t> dims;  ///< "input:axis" or a symbol -> extent.
  bool slow = false;                    ///< Takes seconds: left to the whole collection.
  bool any_order = false;               ///< Rows of equal score: outputs are compared sorted.
};

/// tests/matrix/collection.txt, lines of "model: reason", "model: slow", "model: any order" and
/// "model: dims NAME=N ..."; '#' begins a comment. A model may have several lines.
std::map<std::string, CollectionNote> read_collection_table(const std::filesystem::path& file);

/// Models of the shared folder by name ("full/bert_toy_pytorch"), sorted; empty where it is absent.
std::vector<std::string> collection_models();

}  // namespace kasuri::testing
