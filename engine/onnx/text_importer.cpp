#include "engine/onnx/importer.h"

namespace kasuri {

Result<ImportedModel> import_text(const std::string& path, const ImportOptions&, const TaskContext&) {
  return Error("'" + path + "' cannot be read yet");
}

}  // namespace kasuri
