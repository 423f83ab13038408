#include "tests/cli/command_test.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace kasuri::test {

namespace fs = std::filesystem;

void CommandTest::SetUp() {
  const char *bin = getenv("KASURI_BIN"), *source = getenv("KASURI_SOURCE");
  if (bin == nullptr || source == nullptr) GTEST_SKIP() << "KASURI_BIN is not set";
  source_ = source;
  program_ = std::string(bin) + "/kasuri";
  model_ = source_ + "/resources/models/small_cnn.ktxt";
  if (access(program_.c_str(), X_OK) != 0) GTEST_SKIP() << "kasuri is not built: " << program_;
  folder_ = fs::temp_directory_path() / ("kasuri_cli_" + std::to_string(getpid()));
  fs::create_directories(folder_);
}

void CommandTest::TearDown() {
  std::error_code ignored;
  if (!folder_.empty()) fs::remove_all(folder_, ignored);
}

std::string CommandTest::line(const std::string& arguments, const std::string& before) const {
  return before + " timeout 120 '" + program_ + "' " + arguments;
}

CommandTest::Ran CommandTest::run(const std::string& arguments, const std::string& before) const {
  Ran ran;
  FILE* pipe = popen((line(arguments, before) + " 2>&1").c_str(), "r");
  std::array<char, 4096> bytes;
  for (size_t got; (got = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    ran.text.append(bytes.data(), got);
  ran.code = WEXITSTATUS(pclose(pipe));
  return ran;
}

int CommandTest::exit_code_of(const std::string& arguments, const std::string& before) const {
  return WEXITSTATUS(system(line(arguments, before).c_str()));
}

}  // namespace kasuri::test
