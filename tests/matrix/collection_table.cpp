#include "tests/matrix/collection_table.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/support/vector_case.h"

namespace kasuri::testing {
namespace {

namespace fs = std::filesystem;

void add_note(CollectionNote& note, const std::string& text) {
  if (text == "slow") {
    note.slow = true;
  } else if (text == "any order") {
    note.any_order = true;
  } else if (text.starts_with("dims ")) {
    std::istringstream words(text.substr(5));
    for (std::string word; words >> word;) {
      const size_t equals = word.find('=');
      note.dims[word.substr(0, equals)] = std::stoll(word.substr(equals + 1));
    }
  } else {
    note.fails = text;
  }
}

}  // namespace

std::map<std::string, CollectionNote> read_collection_table(const fs::path& file) {
  std::map<std::string, CollectionNote> table;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const size_t colon = line.find(": ");
    if (line.starts_with('#') || colon == std::string::npos) continue;
    add_note(table[line.substr(0, colon)], line.substr(colon + 2));
  }
  return table;
}

std::vector<std::string> collection_models() {
  std::vector<std::string> names;
  const std::string shared = shared_folder();
  if (shared.empty()) return names;
  const fs::path models = fs::path(shared) / "models";
  for (const char* folder : {"full", "light", "control_flow", "quantized"})
    for (const auto& entry : fs::recursive_directory_iterator(models / folder))
      if (entry.path().extension() == ".onnx")
        names.push_back(fs::relative(entry.path(), models).replace_extension().string());
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace kasuri::testing
