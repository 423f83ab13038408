#include "app/cli/licenses.h"

#include <fmt/format.h>

#include <array>

namespace kasuri::cli {
namespace {

struct Part {
  const char* name;
  const char* license;
  const char* use;
};

constexpr std::array kParts = {
    Part{"Kasuri", "Apache-2.0", "this program"},
    Part{"LLVM 19", "Apache-2.0 WITH LLVM-exception", "machine code of loop nests"},
    Part{"oneDNN", "Apache-2.0", "matrix products and convolutions"},
    Part{"GCC runtime (libgomp, libstdc++)", "GPL-3.0 with GCC Runtime Library Exception",
         "run time"},
    Part{"Protocol Buffers", "BSD-3-Clause", "writing ONNX files"},
    Part{"ONNX (onnx.proto)", "Apache-2.0", "field numbers of the format"},
    Part{"nlohmann/json", "MIT", "JSON"},
    Part{"fmt", "MIT", "text"},
    Part{"CLI11", "BSD-3-Clause", "command line"},
    Part{"xxHash", "BSD-2-Clause", "content hashes"},
    Part{"libjpeg-turbo", "IJG, BSD-3-Clause and zlib", "images within models"},
    Part{"libpng", "libpng-2.0", "images within models"},
    Part{"libtiff", "libtiff", "images within models"},
    Part{"libwebp", "BSD-3-Clause", "images within models"},
    Part{"OpenJPEG", "BSD-2-Clause", "images within models"},
};

}  // namespace

void print_version(bool licenses) {
  fmt::print("kasuri {}\n", KASURI_VERSION);
  if (!licenses) return;
  for (const Part& part : kParts)
    fmt::print("{:<34} {:<44} {}\n", part.name, part.license, part.use);
  fmt::print(
      "The window kasuri-workbench also links Qt 6 (LGPL-3.0) with Qt Charts (GPL-3.0); its\n"
      "binary is under GPL-3.0. This program does not link Qt.\n");
}

}  // namespace kasuri::cli
