#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>
#include <thread>

#include "tests/cli/command_test.h"

// `kasuri search` as a process: its trials come one by one, and cancelled it keeps them.
namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class Search : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    if (IsSkipped()) return;
    command_ = "'" + program_ + "' search '" + model_ + "' --json --progress json --blocks 9";
    streams_ = " > '" + file("out") + "' 2> '" + file("err") + "'";
  }
  /// Recipes told of on standard error.
  std::set<std::string> told() const {
    std::set<std::string> recipes;
    std::istringstream lines(text_of(file("err")));
    for (std::string line; std::getline(lines, line);) {
      const json read = json::parse(line, nullptr, false);
      if (read.is_object() && read.contains("trial")) recipes.insert(read["trial"]["recipe"]);
    }
    return recipes;
  }

  std::string command_, streams_;
};

TEST_F(Search, TellsEveryTrialAndNamesTheBest) {
  const int code = std::system(
      (command_ + " --for 4s --save-recipe '" + file("best.txt") + "'" + streams_).c_str());
  ASSERT_EQ(WEXITSTATUS(code), 0) << text_of(file("err"));
  const json found = json::parse(text_of(file("out")))["search"];
  std::set<std::string> listed;
  for (const json& trial : found["trials"]) {
    listed.insert(trial["recipe"]);
    EXPECT_TRUE(trial["error"].get<std::string>().empty()) << trial.dump();
    EXPECT_GT(trial["ms"].get<double>(), 0);
  }
  EXPECT_GT(listed.size(), 2U);
  EXPECT_EQ(told(), listed);
  EXPECT_EQ(found["trials"][0]["recipe"], "default");
  EXPECT_FALSE(found["partial"].get<bool>());
  EXPECT_TRUE(listed.contains(found["best"]));
  EXPECT_EQ(text_of(file("best.txt")), found["best"].get<std::string>() + "\n");
}

TEST_F(Search, CancelledKeepsWhatItFound) {
  const pid_t child = fork();
  if (child == 0) {
    execl("/bin/sh", "sh", "-c", ("exec " + command_ + " --for 10m" + streams_).c_str(), nullptr);
    _exit(127);
  }
  const auto begin = std::chrono::steady_clock::now();
  while (told().size() < 2 && std::chrono::steady_clock::now() - begin < std::chrono::seconds(60))
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  kill(child, SIGTERM);
  const auto asked = std::chrono::steady_clock::now();
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(3));
  EXPECT_TRUE(WIFEXITED(status));
  const json found = json::parse(text_of(file("out")))["search"];
  EXPECT_TRUE(found["partial"].get<bool>());
  EXPECT_GE(found["trials"].size(), 2U);
}

}  // namespace
}  // namespace kasuri::test
