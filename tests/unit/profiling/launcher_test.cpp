#include "profiling/worker/launcher.h"

#include <gtest/gtest.h>
#include <stdlib.h>

namespace kasuri::profiling {
namespace {

using Words = std::vector<std::string>;

TEST(Launcher, SplitsWordsAsAShellDoes) {
  EXPECT_EQ(*shell_words("ssh -p 22  box"), (Words{"ssh", "-p", "22", "box"}));
  EXPECT_EQ(*shell_words("sh -c 'a \"b\" \\c' \"d e\"x '' f\\ g"),
            (Words{"sh", "-c", "a \"b\" \\c", "d ex", "", "f g"}));
  EXPECT_FALSE(shell_words("ssh 'box").ok());
}

TEST(Launcher, PutsTheWorkerLastOrWhereItIsAsked) {
  unsetenv("KASURI_REMOTE");
  EXPECT_EQ(launched_worker_command("ssh box")->words, (Words{"ssh", "box", "kasuri", "worker"}));
  setenv("KASURI_REMOTE", "/opt/kasuri", 1);
  EXPECT_EQ(launched_worker_command("sh -c 'exec {worker}'")->words,
            (Words{"sh", "-c", "exec /opt/kasuri worker"}));
  unsetenv("KASURI_REMOTE");
  EXPECT_FALSE(launched_worker_command("  ").ok());
}

}  // namespace
}  // namespace kasuri::profiling
