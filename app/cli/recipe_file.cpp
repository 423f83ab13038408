#include "app/cli/recipe_file.h"

#include <filesystem>
#include <fstream>
#include <string>

namespace kasuri::cli {
namespace {

constexpr std::uintmax_t kMostBytes = 1 << 20;

std::string trimmed(const std::string& text) {
  const size_t first = text.find_first_not_of(" \t\r,");
  if (first == std::string::npos) return "";
  return text.substr(first, text.find_last_not_of(" \t\r,") - first + 1);
}

/// Replaces `text` where it names a file; what CLI11 prints if that fails.
std::string read_recipe(std::string& text) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(text, ignored)) return "";
  if (std::filesystem::file_size(text, ignored) > kMostBytes) return text + " is no recipe";
  std::ifstream file(text);
  std::string recipe;
  for (std::string line; std::getline(file, line);) {
    const size_t comment = line.starts_with('#') ? 0 : line.find(" #");
    const std::string items = trimmed(line.substr(0, comment));
    if (!items.empty()) recipe += (recipe.empty() ? "" : ",") + items;
  }
  if (recipe.empty()) return text + " holds no recipe";
  text = recipe;
  return "";
}

}  // namespace

CLI::Validator recipe_or_file() { return CLI::Validator(read_recipe, "SPEC|FILE", "recipe"); }

}  // namespace kasuri::cli
