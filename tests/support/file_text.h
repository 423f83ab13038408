#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace kasuri::test {

/// The whole file; empty where it cannot be read.
inline std::string text_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

}  // namespace kasuri::test
