#pragma once

#include <map>
#include <string>
#include <vector>

namespace kasuri::testing {

/// Well-formed inputs to start from, by target.
using SeedInputs = std::map<std::string, std::vector<std::string>>;

/// Models of these files and folders (.onnx, .ort, .ktxt) of at most `most_bytes`, in name order:
/// as they are, as text and as plans with some decisions. Those that do not import are seeds of the
/// model reader only.
SeedInputs seeds_from(const std::vector<std::string>& paths, size_t most_bytes);

/// What is at hand: the bundled networks, graphs found by the graph fuzzer, and where they are
/// there the models of the shared folder and ONNX's operator cases.
std::vector<std::string> usual_seed_paths();

}  // namespace kasuri::testing
