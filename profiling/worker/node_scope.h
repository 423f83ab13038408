#pragma once

#include <map>
#include <string>

namespace kasuri::profiling {

/// Scope of a node as exporters write it into its metadata, else what stands before the last '/' of
/// its name: "encoder/layer.3". Empty: none.
std::string scope_of(std::string name, const std::map<std::string, std::string>& metadata);

}  // namespace kasuri::profiling
