#pragma once

#include <memory>

#include "engine/backend/backend.h"

namespace kasuri::cpu {

/// oneDNN for contractions, generated loop nests for what surrounds them and for everything else,
/// kernels of our own for recurrent operators. `cache_folder` keeps machine code ("" : none).
Result<std::shared_ptr<const Backend>> create_backend(const std::string& cache_folder);

}  // namespace kasuri::cpu
