#include "engine/codegen/target.h"

#include <fmt/format.h>
#include <llvm/ADT/StringMap.h>
#include <llvm/TargetParser/Host.h>
#include <llvm/TargetParser/Triple.h>

#include <map>

namespace kasuri::codegen {

TargetDescription host_target() {
  TargetDescription target;
  target.triple = llvm::sys::getProcessTriple();
  const bool x86 = llvm::Triple(target.triple).isX86();
  target.cpu = x86 ? "x86-64" : "generic";
  std::map<std::string, bool> features;
  for (const auto& feature : llvm::sys::getHostCPUFeatures())
    features[feature.getKey().str()] = feature.getValue();
  for (const auto& [name, present] : features) {
    if (!present || name.starts_with("amx")) continue;
    target.features += (target.features.empty() ? "+" : ",+") + name;
  }
  if (!x86) return target;
  const bool avx512 =
      features["avx512f"] && features["avx512vl"] && features["avx512bw"] && features["avx512dq"];
  target.vector_bits = avx512 ? 512 : features["avx2"] ? 256 : 128;
  target.masked = target.scalef = avx512;
  target.deposit = avx512 && features["bmi2"];
  target.features += ",-prefer-256-bit";
  return target;
}

TargetDescription narrowed(const TargetDescription& target, int vector_bits) {
  if (vector_bits >= target.vector_bits) return target;
  TargetDescription narrow = target;
  narrow.vector_bits = vector_bits;
  narrow.masked = narrow.scalef = narrow.deposit = false;
  if (llvm::Triple(target.triple).isX86())
    narrow.features = vector_bits >= 256 ? "+avx2,+fma,+f16c,+bmi,+bmi2" : "";
  return narrow;
}

std::string text_of(const TargetDescription& target) {
  return fmt::format("{} {} bit{}", target.triple.substr(0, target.triple.find('-')),
                     target.vector_bits, target.masked ? " masked" : "");
}

}  // namespace kasuri::codegen
