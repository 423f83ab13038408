#include "app/cli/command_line.h"

#include <fstream>
#include <iterator>

namespace kasuri::cli {
namespace {

std::string quoted(const std::string& word) {
  static constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string out = "'";
  for (char c : word) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

}  // namespace

std::string reproducing_command() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(file)), {});
  std::string out;
  for (size_t start = 0; start < all.size();) {
    const size_t end = all.find('\0', start);
    const std::string word = all.substr(start, end - start);
    out += out.empty() ? "kasuri" : " " + quoted(word);
    if (end == std::string::npos) break;
    start = end + 1;
  }
  return out;
}

}  // namespace kasuri::cli
