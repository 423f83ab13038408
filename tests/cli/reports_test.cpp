#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command_test.h"

namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class Reports : public CommandTest {
 protected:
};

TEST_F(Reports, AreRebuiltWithoutTheModel) {
  ASSERT_EQ(exit_code_of("compare " + model_ + " --blocks 9 --no-memory --quiet --json --report " +
                         file("a.html") + " > " + file("a.json")),
            0);
  ASSERT_EQ(exit_code_of("report " + file("a.json") + " -o " + file("b.html") + " > /dev/null"), 0);
  EXPECT_EQ(text_of(file("a.html")), text_of(file("b.html")));
  ASSERT_EQ(exit_code_of("report " + file("a.json") + " " + file("a.json") + " -o " +
                         file("two.html") + " > /dev/null"),
            0);
  const std::string overview = text_of(file("two.html"));
  for (const char* part : {"2 models", "Measured on", "Repeat this measurement", "kasuri compare"})
    EXPECT_NE(overview.find(part), std::string::npos) << part;
}

TEST_F(Reports, RefuseWhatIsNotAComparison) {
  std::ofstream(file("text.json")) << "no json";
  std::ofstream(file("other.json")) << "{\"sides\": []}";
  for (const char* name : {"text.json", "other.json", "absent.json"}) {
    EXPECT_EQ(
        exit_code_of("report " + file(name) + " -o " + file("out.html") + " 2> " + file("err")), 1);
    EXPECT_NE(text_of(file("err")).find(name), std::string::npos) << text_of(file("err"));
    EXPECT_FALSE(fs::exists(file("out.html")));
  }
}

TEST_F(Reports, KernelsAreTheStepsOfThePlanEverywhere) {
  ASSERT_EQ(exit_code_of("profile " + model_ + " --quiet --samples 1 --json > " + file("p.json")),
            0);
  ASSERT_EQ(exit_code_of("advise " + model_ + " --quiet --json > " + file("e.json")), 0);
  const json profile = json::parse(text_of(file("p.json")));
  const json advice = json::parse(text_of(file("e.json")));
  EXPECT_EQ(profile["kernels"], profile["steps"].size());
  EXPECT_EQ(profile["kernels"], advice["after"]["kernels"]);
  EXPECT_GE(profile["launches"].get<int>(), profile["kernels"].get<int>());
}

TEST_F(Reports, SayWhatEveryPassIsWorth) {
  ASSERT_EQ(exit_code_of("compare " + model_ +
                         " --each-pass --blocks 9 --no-memory --quiet --json > " + file("a.json")),
            0);
  const json report = json::parse(text_of(file("a.json")));
  double product = 1;
  int timed = 0;
  json first_alone, first_cumulative, arena = 0;
  for (const json& pass : report["passes"]) {
    if (!pass.contains("effects") || !pass["effects"]["cumulative"].is_object()) continue;
    const json& effects = pass["effects"];
    for (const char* question : {"cumulative", "alone", "left_out"})
      ASSERT_TRUE(effects[question].is_object()) << pass["name"] << " " << question;
    if (first_alone.is_null()) {
      first_alone = effects["alone"];
      first_cumulative = effects["cumulative"];
    }
    product *= effects["cumulative"]["ratio"].get<double>();
    arena = arena.get<int64_t>() + effects["cumulative"]["arena_bytes"].get<int64_t>();
    timed += effects["cumulative"]["timed"].get<bool>() ? 1 : 0;
    EXPECT_EQ(pass["effect_ms"], effects["cumulative"]["ms"]);
  }
  EXPECT_GE(timed, 2);
  EXPECT_EQ(first_alone, first_cumulative) << "alone, the first pass is the first step";
  // The steps lead from the first side to the second; beside other work their noise adds up.
  const double whole = report["deltas"][0]["latency"]["ratio"];
  if (report["sides"][0]["environment"]["warnings"].empty()) {
    EXPECT_NEAR(std::log(product), std::log(whole), 0.3);
  }
  EXPECT_EQ(arena.get<int64_t>(), report["sides"][1]["memory"]["arena_bytes"].get<int64_t>() -
                                      report["sides"][0]["memory"]["arena_bytes"].get<int64_t>());
}

TEST_F(Reports, ASavedPlanIsABaseline) {
  ASSERT_EQ(exit_code_of("optimize " + model_ + " --plan " + file("saved.kplan") +
                         " --quiet > /dev/null"),
            0);
  const std::string compare = "compare " + model_ + " --baseline " + file("saved.kplan") +
                              " --blocks 9 --no-memory --quiet --json";
  ASSERT_EQ(exit_code_of(compare + " --fail-if-slower 1 > " + file("same.json")), 0);
  const json same = json::parse(text_of(file("same.json")));
  EXPECT_EQ(same["sides"][0]["name"], "baseline");
  EXPECT_EQ(same["sides"][0]["plan_hash"], same["sides"][1]["plan_hash"]);
  EXPECT_EQ(same["deltas"][0]["latency"]["timed"], false) << "the same work is not timed";
  ASSERT_EQ(exit_code_of(compare + " --after none > " + file("other.json")), 0);
  const json other = json::parse(text_of(file("other.json")));
  EXPECT_EQ(other["deltas"][0]["latency"]["timed"], true);
  EXPECT_EQ(other["fidelity"][0]["verdict"], "within_tolerance");
}

TEST_F(Reports, AnExtractedPartGivesTheModelsOwnValues) {
  ASSERT_EQ(exit_code_of("extract " + model_ + " --from block2.a.conv -o " + file("part.onnx") +
                         " --quiet --json > " + file("part.json")),
            0);
  const json part = json::parse(text_of(file("part.json")));
  EXPECT_GT(part["nodes"].get<int>(), 3);
  ASSERT_FALSE(part["inputs"].empty());
  std::string inputs;
  for (const json& input : part["inputs"])
    inputs += " --input '" + input["name"].get<std::string>() + "=" +
              input["file"].get<std::string>() + "'";
  const std::string plainly = " --passes none --quiet --out ";
  ASSERT_EQ(exit_code_of("run " + model_ + plainly + file("whole") + " > /dev/null"), 0);
  ASSERT_EQ(
      exit_code_of("run " + file("part.onnx") + inputs + plainly + file("rest") + " > /dev/null"),
      0);
  const json listed = json::parse(text_of(folder_ / "whole" / "outputs.json"));
  ASSERT_FALSE(listed.empty());
  for (const json& output : listed) {
    const std::string name = output["file"];
    EXPECT_EQ(text_of(folder_ / "whole" / name), text_of(folder_ / "rest" / name));
  }
  EXPECT_EQ(exit_code_of("extract " + model_ + " --from nothing -o " + file("no.onnx") + " 2> " +
                         file("err")),
            1);
  EXPECT_NE(text_of(file("err")).find("'nothing'"), std::string::npos);
}

TEST_F(Reports, ASweepIsAMatrixAndContinues) {
  std::ofstream(file("dynamic.ktxt")) << R"(graph "dynamic" {
  opset "" 17
  input %x : float32["rows",64]
  %a = Relu(%x)
  %b = Sigmoid(%a)
  output "y" = %b
}
)";
  const std::string sweep = "sweep " + file("dynamic.ktxt") +
                            " --blocks 9 --no-memory --quiet --json --out " + file("m.json");
  ASSERT_EQ(exit_code_of(sweep + " --dim rows=16,64 > " + file("first.json")), 0);
  const json first = json::parse(text_of(file("first.json")));
  ASSERT_EQ(first["cells"].size(), 2U);
  EXPECT_EQ(first["cells"][1]["at"], (json{{"rows", 64}, {"threads", 1}}));
  EXPECT_EQ(json::parse(text_of(file("m.json"))), first);
  ASSERT_EQ(exit_code_of(sweep + " --dim rows=16,64,128 --report " + file("m.html") + " > " +
                         file("second.json")),
            0);
  const json second = json::parse(text_of(file("second.json")));
  ASSERT_EQ(second["cells"].size(), 3U);
  EXPECT_EQ(second["cells"][0], first["cells"][0]) << "measured again";
  EXPECT_NE(text_of(file("m.html")).find("rows 128, threads 1"), std::string::npos);
  EXPECT_EQ(
      exit_code_of("sweep " + model_ + " --quiet --out " + file("m.json") + " 2> " + file("err")),
      1);
  EXPECT_NE(text_of(file("err")).find("something else"), std::string::npos);
  // What another build, machine or content measured is refused; an error's row never is.
  for (const char* place :
       {"/sides/0/environment/build", "/sides/0/environment/cpu", "/model/hash"}) {
    json other = second;
    other["cells"][2]["report"][json::json_pointer(place)] = "another";
    std::ofstream(file("m.json")) << other;
    EXPECT_EQ(exit_code_of(sweep + " --dim rows=16 > /dev/null 2> " + file("err")), 1) << place;
    const std::string words = text_of(file("err"));
    EXPECT_NE(words.find("'rows 128, threads 1' was measured with another"), std::string::npos)
        << words;
    EXPECT_EQ(std::count(words.begin(), words.end(), '\n'), 1) << words;
    EXPECT_EQ(json::parse(text_of(file("m.json"))), other) << "the file is left alone";
  }
  json failed = second;
  failed["cells"][2]["report"] = {{"model", {{"path", "m"}}}, {"exit", 1}, {"error", "no"}};
  std::ofstream(file("m.json")) << failed;
  EXPECT_EQ(exit_code_of(sweep + " --dim rows=16 > /dev/null"), 0);
}

TEST_F(Reports, APdfIsPrintedOrTheBrowserIsMissed) {
  ASSERT_EQ(exit_code_of("compare " + model_ + " --blocks 9 --no-memory --quiet --json > " +
                         file("a.json")),
            0);
  const std::string print = "report " + file("a.json") + " --pdf " + file("a.pdf");
  const std::string command = "KASURI_BROWSER=/no/browser '" + program_ + "' " + print + " 2> " +
                              file("err") + " > /dev/null";
  EXPECT_EQ(WEXITSTATUS(std::system(command.c_str())), 1);
  EXPECT_NE(text_of(file("err")).find("/no/browser"), std::string::npos);
  EXPECT_FALSE(fs::exists(file("a.pdf")));
  if (std::system("command -v chromium > /dev/null") != 0) GTEST_SKIP() << "no Chromium here";
  ASSERT_EQ(exit_code_of(print + " > /dev/null"), 0);
  EXPECT_EQ(text_of(file("a.pdf")).substr(0, 4), "%PDF");
  EXPECT_GT(fs::file_size(file("a.pdf")), 20000U);
  for (const auto& entry : fs::directory_iterator(folder_))
    EXPECT_EQ(entry.path().string().find("kasuri-pdf"), std::string::npos) << "left behind";
}

}  // namespace
}  // namespace kasuri::test
