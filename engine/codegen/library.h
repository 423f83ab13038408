#pragma once

#include <span>

namespace kasuri::codegen {

/// A C function generated code may call: name in the generated module and address.
struct LibraryFunction {
  const char* name;
  void* address;
};
std::span<const LibraryFunction> library_functions();

}  // namespace kasuri::codegen
