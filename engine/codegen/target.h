#pragma once

#include <string>

namespace kasuri::codegen {

/// What the emitter must know of the machine it writes for.
struct TargetDescription {
  std::string triple;
  std::string cpu;        ///< A generic name; the features decide.
  std::string features;   ///< "+avx2,+fma,..."
  int vector_bits = 128;  ///< Widest vector worth using.
  bool masked = false;    ///< Masked loads and stores are single instructions.
  bool scalef = false;    ///< x86 AVX-512: vscalefps.
  bool deposit = false;   ///< x86 BMI2: pdep, which spreads a mask over strided places.

  int lanes(int bits) const { return vector_bits / bits; }
};

/// The machine this runs on, by its CPUID features.
TargetDescription host_target();

/// The same machine with vectors of at most `vector_bits` (256: AVX2; 128: the x86-64 baseline).
TargetDescription narrowed(const TargetDescription& target, int vector_bits);

/// "x86-64 512 bit masked".
std::string text_of(const TargetDescription& target);

}  // namespace kasuri::codegen
