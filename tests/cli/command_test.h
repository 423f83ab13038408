#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

#include "tests/support/file_text.h"

namespace kasuri::test {

/// Runs `kasuri` as a process, in the shell's words; skips where it is not built. `model_` is the
/// bundled network, `folder_` is empty and gone afterwards.
class CommandTest : public testing::Test {
 protected:
  struct Ran {
    int code = -1;
    std::string text;  ///< stdout and stderr together
  };

  void SetUp() override;
  void TearDown() override;
  /// `before`: variables of the environment, "A=1 B=2".
  Ran run(const std::string& arguments, const std::string& before = "") const;
  /// For streams that `arguments` redirect.
  int exit_code_of(const std::string& arguments, const std::string& before = "") const;
  std::string file(const std::string& name) const { return (folder_ / name).string(); }

  std::string program_, model_, source_;
  std::filesystem::path folder_;

 private:
  std::string line(const std::string& arguments, const std::string& before) const;
};

}  // namespace kasuri::test
