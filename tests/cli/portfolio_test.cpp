// Folders of models, folders of samples, and what wrong requests are told.
#include <array>
#include <cmath>
#include <cstdio>
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

class Portfolio : public CommandTest {
 protected:
  void SetUp() override {
    CommandTest::SetUp();
    for (const char* name : {"models/first.ktxt", "models/second.ktxt"}) write(name);
    std::ofstream(file("models/damaged.onnx")) << "no model";
  }
  void write(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name) << R"(graph "small" {
  opset "" 17
  input %x : float32[4,64]
  %a = Relu(%x)
  %b = Sigmoid(%a)
  output "y" = %b
}
)";
  }
  /// A sample for input x: raw numbers behind the header of a .npy file.
  void sample(const std::string& name, float scale) const {
    fs::create_directories((folder_ / name).parent_path());
    std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 64), }";
    header.resize(117, ' ');
    std::string bytes = std::string("\x93NUMPY\x01\x00\x76\x00", 10) + header + "\n";
    for (int i = 0; i < 256; ++i) {
      const float value = scale * std::sin(static_cast<float>(i));
      bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
  }
};

TEST_F(Portfolio, AFolderHasAPageAndAModelForEach) {
  const Ran ran = run("compare " + file("models") + " --blocks 9 --no-memory --quiet --bundle " +
                      file("b") + " --report " + file("all.html"));
  EXPECT_EQ(ran.code, 1) << "one of them is damaged";
  EXPECT_NE(ran.text.find("damaged.onnx"), std::string::npos);
  EXPECT_NE(ran.text.find("report: "), std::string::npos);
  for (const char* name : {"report_2.html", "optimized_2.onnx", "optimized_3.kplan"})
    EXPECT_TRUE(fs::exists(folder_ / "b" / name)) << name;
  EXPECT_FALSE(fs::exists(folder_ / "b" / "optimized_1.onnx")) << "it is the damaged one";
  EXPECT_EQ(run("run " + file("b/optimized_3.kplan") + " --quiet").code, 0);
  // Rebuilt from the list alone, the evidence of every model follows the overview.
  ASSERT_EQ(run("report " + file("b/report.json") + " -o " + file("again.html")).code, 0);
  for (const char* name : {"all.html", "again.html"}) {
    const std::string page = text_of(file(name));
    size_t found = 0;
    for (size_t at = 0; (at = page.find("Memory over the run", at)) != std::string::npos; ++at)
      ++found;
    EXPECT_EQ(found, 2U) << name;
    EXPECT_EQ(page.find("<html", page.find("<html") + 1), std::string::npos) << "a page in a page";
  }
}

TEST_F(Portfolio, AFolderOfSamplesIsSaidToBeOne) {
  for (int i = 0; i < 3; ++i) sample("samples/" + std::to_string(i) + ".npy", 1.0F + i);
  const std::string command = "compare " + file("models/first.ktxt") +
                              " --blocks 9 --no-memory --quiet --input x=" + file("samples") +
                              " --bundle " + file("b");
  const Ran ran = run(command);
  ASSERT_EQ(ran.code, 0) << ran.text;
  EXPECT_NE(ran.text.find("the worst of 3 samples"), std::string::npos) << ran.text;
  const json report = json::parse(text_of(file("b/report.json")));
  EXPECT_EQ(report["inputs"][0]["source"], "folder " + file("samples") + ", 3 samples");
}

TEST_F(Portfolio, ThePartsOfAProcessAddUpToItsPeak) {
  const json report = json::parse(run("compare " + file("models/first.ktxt") +
                                      " --blocks 9 --quiet --json --report " + file("a.html"))
                                      .text);
  const std::string page = text_of(file("a.html"));
  const size_t heading = page.find("<h2>Process memory");
  ASSERT_NE(heading, std::string::npos);
  EXPECT_EQ(page.substr(page.rfind("<section", heading), 9), "<section>")
      << "a short table may not be torn apart on paper";
  for (const json& side : report["sides"]) {
    const json& memory = side["memory"];
    ASSERT_LE(memory["workspace_bytes"], memory["arena_bytes"]) << "it lies in the arena";
    int64_t rest = memory["peak_rss_bytes"];
    for (const char* part :
         {"baseline_rss_bytes", "weights_bytes", "packed_weights_bytes", "arena_bytes", "io_bytes"})
      rest -= memory[part].get<int64_t>();
    const size_t row = page.find("not attributed");
    ASSERT_NE(row, std::string::npos);
    const std::string cells = page.substr(row, page.find("</tr>", row) - row);
    std::array<char, 32> text{};
    const double mib = static_cast<double>(rest) / (1 << 20);
    std::snprintf(text.data(), text.size(), mib < 10 ? "%.2f MiB" : "%.1f MiB", mib);
    EXPECT_NE(cells.find(text.data()), std::string::npos) << cells << text.data();
  }
}

TEST_F(Portfolio, WrongRequestsAreToldWhatToDo) {
  const std::string compare = "compare " + file("models/first.ktxt") + " --quiet --blocks 9 ";
  const Ran both = run(compare + "--baseline a.kplan --before none");
  EXPECT_EQ(both.code, 2);
  EXPECT_NE(both.text.find("--before"), std::string::npos) << both.text;
  const Ran queries = run(compare + "--queries-per-day -4");
  EXPECT_EQ(queries.code, 2);
  EXPECT_LT(queries.text.size(), 200U) << queries.text;
  EXPECT_NE(queries.text.find("from 0 up"), std::string::npos) << queries.text;
  const Ran time = run("search " + file("models/first.ktxt") + " --for soon");
  EXPECT_NE(time.text.find("--for 'soon'"), std::string::npos) << time.text;
  const Ran part = run("extract " + file("models/first.ktxt") + " --from zzz --to zzz -o x.onnx");
  EXPECT_NE(part.text.find("'kasuri inspect --json' lists"), std::string::npos) << part.text;
  const Ran listed = run("inspect " + file("models/first.ktxt") + " --json");
  EXPECT_FALSE(json::parse(listed.text)["nodes"][0]["name"].get<std::string>().empty());
}

TEST_F(Portfolio, AdviceEndsWithWhatAProofHasToShow) {
  const std::string advise = "advise " + file("models/first.ktxt") + " --quiet --input x=seed:3";
  const Ran ran = run(advise);
  EXPECT_EQ(ran.code, 0) << ran.text;
  EXPECT_NE(ran.text.find("PoC checklist"), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find("[ ] a requirement that is met: --require"), std::string::npos);
  const json list = json::parse(run(advise + " --json --machines 2").text)["checklist"];
  ASSERT_GE(list.size(), 8U);
  int done = 0;
  for (const json& line : list) done += line["done"].get<bool>() ? 1 : 0;
  EXPECT_GE(done, 2) << "inputs and payback are given";
  EXPECT_LT(static_cast<size_t>(done), list.size());
}

TEST_F(Portfolio, ABisectionThatFindsNothingSaysSo) {
  const Ran ran = run("compare " + file("models/first.ktxt") +
                      " --quiet --blocks 9 --no-memory --bisect --after default,-stitch,-fuse");
  EXPECT_EQ(ran.code, 0) << ran.text;
  EXPECT_NE(ran.text.find("bisect: no pass was found"), std::string::npos) << ran.text;
}

}  // namespace
}  // namespace kasuri::test
