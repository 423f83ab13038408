// A sweep beyond two sides and whole cells: what was cut short, further sides, bundles, names.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/cli/command_test.h"
#include "tests/support/file_text.h"

namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class SweepCommand : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    std::ofstream(file("secret.ktxt")) << R"(graph "secret" {
  opset "" 17
  input %x : float32["guests",64]
  %a = Relu(%x)
  %b = Sigmoid(%a)
  output "y" = %b
}
)";
  }
  std::string sweep() const {
    return "sweep " + file("secret.ktxt") + " --blocks 9 --no-memory --quiet";
  }
};

TEST_F(SweepCommand, ACellThatWasCutShortIsMeasuredAgain) {
  const std::string command =
      sweep() + " --json --dim guests=16 --out " + file("m.json") + " > " + file("out.json");
  ASSERT_EQ(exit_code_of(command), 0);
  // A part of a run by another build is no reason to refuse the file either.
  json cut = json::parse(text_of(file("m.json")));
  cut["cells"][0]["report"]["partial"] = true;
  cut["cells"][0]["report"]["exit"] = 5;
  cut["cells"][0]["report"]["sides"][0]["environment"]["build"] = "another";
  std::ofstream(file("m.json")) << cut;
  EXPECT_EQ(exit_code_of(command), 0);
  const json again = json::parse(text_of(file("m.json")));
  EXPECT_EQ(again["cells"][0]["report"]["partial"], false);
  ASSERT_EQ(exit_code_of(command), 0);
  EXPECT_EQ(json::parse(text_of(file("out.json"))), again) << "measured once more";
}

TEST_F(SweepCommand, CancelledItTellsWhatItHas) {
  const std::string keep = " --json --out " + file("m.json");
  ASSERT_EQ(exit_code_of(sweep() + keep + " --dim guests=16 > /dev/null"), 0);
  const std::string log = file("log"), out = file("out.json");
  const std::string line = "'" + program_ + "' sweep " + file("secret.ktxt") + keep +
                           " --dim guests=16,64 --blocks 9000 --no-memory --progress json > " +
                           out + " 2> " + log + " & until grep -q '\"Block [1-9]' " + log +
                           " || ! kill -0 $!; do sleep 0.1; done; kill -INT $!; wait $!";
  EXPECT_EQ(WEXITSTATUS(std::system(line.c_str())), 5);
  const json matrix = json::parse(text_of(out), nullptr, false);
  ASSERT_TRUE(matrix.is_object()) << "nothing is told";
  EXPECT_EQ(matrix["partial"], true);
  EXPECT_EQ(matrix["cells"][0]["report"]["partial"], false);
  EXPECT_FALSE(json::parse(text_of(file("m.json"))).contains("partial"));
}

TEST_F(SweepCommand, EverySideHasItsRowAndTheBundleItsFiles) {
  const std::string sides =
      " --side a:passes=none --side b:passes=default --side c:passes=default"
      ",-stitch --dim guests=64";
  const Ran ran = run(sweep() + sides + " --report " + file("m.html") + " --bundle " +
                      file("bundle") + " --out " + file("m.json"));
  ASSERT_EQ(ran.code, 0) << ran.text;
  EXPECT_NE(ran.text.find("b against a"), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find("c against a"), std::string::npos) << ran.text;
  const std::string page = text_of(file("m.html"));
  EXPECT_NE(page.find("b against a"), std::string::npos);
  EXPECT_NE(page.find("c against a"), std::string::npos);
  for (const char* name :
       {"report.html", "report_1.html", "report.json", "sides.csv", "outputs.csv", "passes.csv"})
    EXPECT_TRUE(fs::exists(folder_ / "bundle" / name)) << name;
  EXPECT_NE(text_of(folder_ / "bundle" / "sides.csv").find("\"guests 64, threads 1\",c,"),
            std::string::npos)
      << text_of(folder_ / "bundle" / "sides.csv");
  // Rebuilt from its file alone.
  fs::remove(file("secret.ktxt"));
  ASSERT_EQ(exit_code_of("report " + file("m.json") + " -o " + file("again.html") + " > /dev/null"),
            0);
  EXPECT_NE(text_of(file("again.html")).find("c against a"), std::string::npos);
  json broken = json::parse(text_of(file("m.json")));
  broken["cells"][0]["report"].erase("deltas");
  std::ofstream(file("m.json")) << broken;
  const Ran refused = run("report " + file("m.json") + " -o " + file("no.html"));
  EXPECT_EQ(refused.code, 1);
  EXPECT_NE(refused.text.find("'deltas'"), std::string::npos) << refused.text;
}

TEST_F(SweepCommand, AnonymousItNamesNothing) {
  const std::string out = file("anonymous");
  const Ran ran = run(sweep() + " --dim guests=16 --anonymise --json --report " + file("m.html") +
                      " --bundle " + out);
  ASSERT_EQ(ran.code, 0) << ran.text;
  EXPECT_EQ(ran.text.find("secret"), std::string::npos);
  EXPECT_EQ(ran.text.find("guests"), std::string::npos);
  for (const fs::path& written : {fs::path(file("m.html")), fs::path(out) / "report.json",
                                  fs::path(out) / "report_1.html", fs::path(out) / "sides.csv"}) {
    const std::string text = text_of(written);
    EXPECT_FALSE(text.empty()) << written;
    EXPECT_EQ(text.find("secret"), std::string::npos) << written;
    EXPECT_EQ(text.find(folder_.string()), std::string::npos) << written;
  }
}

}  // namespace
}  // namespace kasuri::test
