#include <cstddef>
#include <cstdint>

#include "tests/fuzz/inputs/targets.h"

// Called by libFuzzer for every input; KASURI_FUZZ_TARGET names the reader (tests/fuzz/fuzz.cmake).
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const kasuri::testing::Target* const kTarget =
      kasuri::testing::find_target(KASURI_FUZZ_TARGET);
  kTarget->run({data, size});
  return 0;
}
