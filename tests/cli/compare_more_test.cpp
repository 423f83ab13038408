#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/cli/command_test.h"

// What a comparison can do beside before and after: recipe files, search, soak, samples, a worker
// started elsewhere, several models.
namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class CompareMore : public CommandTest {
 protected:
  json compare(const std::string& arguments, const std::string& before = "") const {
    const std::string out = file("out.json");
    EXPECT_EQ(
        exit_code_of("compare " + arguments + " --blocks 9 --quiet --no-memory --json > " + out,
                     before),
        0);
    return json::parse(text_of(out), nullptr, false);
  }
};

TEST_F(CompareMore, RecipesAreReadFromFiles) {
  std::ofstream(file("recipe.txt")) << "# found on Monday\ndefault\n-fuse, -stitch # slower here\n";
  const json report = compare(model_ + " --after " + file("recipe.txt"));
  EXPECT_EQ(report["sides"][1]["recipe"], "default,-fuse, -stitch");
  for (const json& pass : report["passes"])
    if (pass["name"] == "fuse" || pass["name"] == "stitch") {
      EXPECT_FALSE(pass["enabled"]);
    }
  std::ofstream(file("empty.txt")) << "# nothing\n";
  EXPECT_EQ(exit_code_of("compare " + model_ + " --after " + file("empty.txt") + " 2> /dev/null"),
            2);
}

TEST_F(CompareMore, ASearchShowsItsTrialsAndConfirmsTheBest) {
  const json report = compare(model_ +
                              " --before default,-fuse --after default,-fuse --search 8 "
                              "--save-recipe " +
                              file("best.txt"));
  const json& search = report["search"];
  ASSERT_GE(search["trials"].size(), 3u);
  EXPECT_EQ(search["trials"][0]["recipe"], "default,-fuse");
  bool switched_on = false;
  for (const json& trial : search["trials"]) {
    switched_on = switched_on || trial["recipe"] == "default,-fuse,+fuse";
    if (trial["recipe"] == search["best"] && search["best"] != search["from"]) {
      EXPECT_TRUE(trial["confirmed"].is_object());
    }
    if (trial["confirmed"].is_object()) {
      EXPECT_TRUE(trial["pareto"]);
    }
  }
  EXPECT_TRUE(switched_on);
  EXPECT_EQ(text_of(file("best.txt")), search["best"].get<std::string>() + "\n");
}

TEST_F(CompareMore, ASoakTellsDriftAndSensors) {
  const json report = compare(model_ + " --duration 3s");
  const json& soak = report["soak"];
  EXPECT_GE(soak["seconds"].get<double>(), 3);
  ASSERT_EQ(soak["sides"].size(), 2u);
  for (const json& side : soak["sides"]) EXPECT_GT(side["first_ms"].get<double>(), 0);
  for (const char* sensor : {"clock_mhz", "temperature_c"})
    EXPECT_TRUE(soak[sensor]["first"].is_number() || soak[sensor].contains("why")) << sensor;
  for (const json& side : report["sides"])
    EXPECT_TRUE(side["energy"]["joules_per_run"].is_number() || side["energy"]["why"].is_string());
}

TEST_F(CompareMore, EverySampleOfAFolderIsCompared) {
  for (int sample = 0; sample < 3; ++sample) {
    ASSERT_EQ(
        exit_code_of("extract " + model_ + " -o " + file("part.onnx") + " --to scores --seed " +
                     std::to_string(sample + 1) + " --quiet > /dev/null"),
        0);
    fs::create_directories(folder_ / "samples");
    bool copied = false;
    for (const auto& entry : fs::recursive_directory_iterator(folder_))
      if (entry.path().extension() == ".npy" && entry.path().parent_path() != folder_ / "samples") {
        fs::copy_file(entry.path(), folder_ / "samples" / (std::to_string(sample) + ".npy"),
                      fs::copy_options::overwrite_existing);
        copied = true;
      }
    ASSERT_TRUE(copied);
  }
  const json report = compare(model_ + " --input image=" + file("samples"));
  EXPECT_EQ(report["reference"]["samples"], 3);
  const json& output = report["fidelity"][1]["outputs"][0];
  EXPECT_GE(output["worst_sample"], 1);
  EXPECT_LE(output["max_abs_of_best_sample"].get<double>(), output["max_abs"].get<double>());
  EXPECT_NE(report["fidelity"][1]["verdict"], "broken");
}

TEST_F(CompareMore, AWorkerStartedElsewhereGetsTheModelByItsContent) {
  // A shell in another folder: the relative path leads nowhere there, so the model is sent.
  ASSERT_EQ(
      exit_code_of("optimize " + model_ + " -o " + file("m.onnx") + " --passes none > /dev/null"),
      0);
  const std::string before = "cd " + folder_.string() + " && KASURI_REMOTE='" + program_ +
                             "' XDG_CACHE_HOME=" + file("cache") + " ";
  const json report =
      compare("m.onnx --launcher \"sh -c 'mkdir -p far && cd far && exec {worker}'\"", before);
  EXPECT_EQ(report["sides"][1]["runtime"]["settings"].value("launcher", "").substr(0, 5), "sh -c");
  EXPECT_NE(report["fidelity"][1]["verdict"], "broken");
  bool arrived = false;
  for (const auto& entry : fs::recursive_directory_iterator(folder_))
    arrived =
        arrived || (entry.path().filename() == "m.onnx" && entry.path() != folder_ / "m.onnx");
  EXPECT_TRUE(arrived);
}

TEST_F(CompareMore, AWorkerThatDoesNotStartSaysWhatToDo) {
  const std::string compared = "compare " + model_ + " --blocks 9 --quiet --no-memory ";
  const auto one_line = [](const std::string& text) {
    return std::count(text.begin(), text.end(), '\n') == 1;
  };
  const Ran far = run(compared + "--launcher env", "KASURI_REMOTE=/no/such/kasuri");
  EXPECT_EQ(far.code, 1);
  EXPECT_NE(far.text.find("KASURI_REMOTE="), std::string::npos) << far.text;
  EXPECT_TRUE(one_line(far.text)) << far.text;
  const Ran shell = run(compared + "--launcher \"sh -c 'echo one >&2; echo two >&2; exit 3'\"");
  EXPECT_EQ(shell.code, 1);
  EXPECT_NE(shell.text.find("it said: one; two"), std::string::npos) << shell.text;
  EXPECT_TRUE(one_line(shell.text)) << shell.text;
  const Ran other =
      run(compared + "--side a:passes=none --side b:runtime=ort", "KASURI_PYTHON=/bin/false");
  EXPECT_EQ(other.code, 1);
  EXPECT_NE(other.text.find("pip install onnxruntime"), std::string::npos) << other.text;
  EXPECT_TRUE(one_line(other.text)) << other.text;
}

TEST_F(CompareMore, CancelledBlocksAreKeptAndExitWithFive) {
  const std::string out = file("out.json"), log = file("log");
  const std::string line = "'" + program_ + "' compare " + model_ +
                           " --blocks 9000 --no-memory --no-fidelity --progress json --json > " +
                           out + " 2> " + log + " & until grep -q '\"Block [1-9][0-9]' " + log +
                           " || ! kill -0 $!; do sleep 0.1; done; " + "kill -INT $!; wait $!";
  EXPECT_EQ(WEXITSTATUS(system(line.c_str())), 5);
  const json report = json::parse(text_of(out), nullptr, false);
  ASSERT_TRUE(report.is_object()) << "cancelled before enough blocks";
  EXPECT_EQ(report["partial"], true);
  EXPECT_EQ(report["conclusion"]["decision"], "undecided");
  EXPECT_GT(report["sides"][1]["latency_ms"]["count"].get<int>(), 0);
}

TEST_F(CompareMore, SeveralModelsAndThreadsGoOnAfterAFailure) {
  std::ofstream(file("bad.onnx")) << "no model";
  const std::string out = file("out.json");
  EXPECT_EQ(exit_code_of("compare " + file("bad.onnx") + " " + model_ +
                         " --threads 1,2 --blocks 9 --quiet --no-memory --json > " + out),
            1);
  const json rows = json::parse(text_of(out));
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_TRUE(rows[0].contains("error"));
  std::vector<std::string> names;
  for (const json& side : rows[1]["sides"]) names.push_back(side["name"]);
  EXPECT_EQ(names, (std::vector<std::string>{"before@1", "after@1", "before@2", "after@2"}));
  EXPECT_EQ(rows[1]["sides"][3]["runtime"]["settings"]["threads"], 2);
}

}  // namespace
}  // namespace kasuri::test
