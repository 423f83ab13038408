#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <random>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/command_test.h"

// Early exit, generation and denoising as processes, on the trained models.
namespace kasuri::test {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

class DynamicCommands : public CommandTest {
 protected:
  struct Streams {
    int code = -1;
    std::string out, err;
  };

  void SetUp() override {
    CommandTest::SetUp();
    if (IsSkipped()) return;
    const char* shared = getenv("KASURI_SHARED");
    trained_ =
        (shared == nullptr ? source_ + "/../shared" : std::string(shared)) + "/models/trained/";
    if (!fs::exists(trained_ + "code_lm_draft.onnx"))
      GTEST_SKIP() << "no trained models in " << trained_;
  }

  /// `command` begins with "kasuri ", as printed commands do.
  Streams shell(const std::string& command) const {
    const std::string line = "PATH='" + fs::path(program_).parent_path().string() +
                             "':$PATH; timeout 60 " + command + " > " + file("out") + " 2> " +
                             file("err");
    Streams ran;
    ran.code = WEXITSTATUS(system(line.c_str()));
    ran.out = text_of(file("out"));
    ran.err = text_of(file("err"));
    return ran;
  }
  json answer(const std::string& command) const {
    const Streams ran = shell(command);
    EXPECT_EQ(ran.code, 0) << command << ": " << ran.err;
    return json::parse(ran.out, nullptr, false);
  }
  /// Wrong input: exit code 1 and one line that has `part`.
  void refuses(const std::string& command, const std::string& part) const {
    const Streams ran = shell(command);
    EXPECT_EQ(ran.code, 1) << command << ": " << ran.err;
    EXPECT_EQ(std::count(ran.err.begin(), ran.err.end(), '\n'), 1) << ran.err;
    EXPECT_EQ(ran.err.rfind("kasuri: ", 0), 0U) << ran.err;
    EXPECT_EQ(ran.err.find("internal error"), std::string::npos) << ran.err;
    EXPECT_NE(ran.err.find(part), std::string::npos) << command << ": " << ran.err;
  }
  /// Glyph-sized noise: [count, 1, 28, 28] float32 as .npy.
  std::string images(const std::string& name, int count) const {
    std::string head = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                       std::to_string(count) + ", 1, 28, 28), }";
    head.resize((10 + head.size() + 64) / 64 * 64 - 11, ' ');
    head += '\n';
    std::ofstream out(file(name), std::ios::binary);
    out.write("\x93NUMPY\x01\x00", 8);
    const auto length = static_cast<uint16_t>(head.size());
    out.write(reinterpret_cast<const char*>(&length), 2);
    out << head;
    std::mt19937 random(3);
    std::uniform_real_distribution<float> pixel(0, 255);
    for (int k = 0; k < count * 28 * 28; ++k) {
      const float value = pixel(random);
      out.write(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    return file(name);
  }

  std::string trained_;
};

TEST_F(DynamicCommands, GenerateTellsAllAndItsCommandGivesTheSameTexts) {
  const std::string model = trained_ + "code_lm_draft.onnx";
  const json first = answer("kasuri generate " + model + " --draft " + model +
                            " --with-lookup --ngram 3 --fixed-depth --draft-tokens 2 "
                            "--prompt 'def it'\\''s \"$HOME\"' --prompt-tokens 10 32 "
                            "--new-tokens 8 --temperature 0.8 --top-k 20 --seed 5 --stop-token 0 "
                            "--compare --tokens-input input_ids --logits-output logits "
                            "--passes default,-stitch --backend cpu --cpus 0 --memory-limit 1G "
                            "--quiet --json");
  EXPECT_EQ(first["kind"], "generate");
  EXPECT_EQ(first["prompts"], 2);
  EXPECT_EQ(first["vocabulary"], 256);
  EXPECT_GT(first["cache_tensors"], 0);
  EXPECT_EQ(first["depth"], (json{{"most", 2}, {"adaptive", false}}));
  EXPECT_EQ(first["sampling"], (json{{"temperature", 0.8}, {"top_k", 20}, {"seed", 5}}));
  EXPECT_EQ(first["tokens"], 16);
  EXPECT_GT(first["acceptance"], 0.0);
  EXPECT_GE(first["tokens_per_pass"], 1.0);
  EXPECT_GT(first["plain"]["tokens_per_second"], 0.0);
  EXPECT_GT(first["speed_up"], 0.0);
  EXPECT_GT(first["ceiling"], 0.0);
  ASSERT_EQ(first["texts"].size(), 2U);
  const std::string command = first["command"];
  for (const char* option : {"--with-lookup", "--ngram 3", "--fixed-depth", "--draft-tokens 2",
                             "--prompt-tokens 10 32", "--temperature 0.8", "--top-k 20", "--seed 5",
                             "--stop-token 0", "--compare", "--tokens-input", "--logits-output",
                             "--passes default,-stitch", "--cpus 0", "--memory-limit 1G"})
    EXPECT_NE(command.find(option), std::string::npos) << option << " is not in " << command;
  const json again = answer(command);
  EXPECT_EQ(again["texts"], first["texts"]);
  EXPECT_EQ(again["accepted_histogram"], first["accepted_histogram"]);
}

TEST_F(DynamicCommands, GenerateRefusesInOneLine) {
  const std::string model = trained_ + "code_lm_draft.onnx ";
  const std::string run = "kasuri generate " + model;
  refuses(run, "no prompt");
  refuses(run + "--prompt x --draft /no/such.onnx", "/no/such.onnx");
  refuses(run + "--prompt x --with-lookup", "--with-lookup needs");
  refuses(run + "--prompt x --draft early:nosuch", "nosuch");
  refuses(run + "--prompt-tokens 256 -n 2", "outside the vocabulary");
  refuses("kasuri generate " + trained_ + "glyph_cnn.onnx --prompt x", "token");
  std::ofstream(file("prompts.json")) << "{\"other\": [[1, 2]]}";
  refuses(run + "--prompts " + file("prompts.json"), "its lists are: other");
  std::ofstream(file("broken.json")) << "[[1, 2";
  refuses(run + "--prompts " + file("broken.json"), "is not JSON");
  EXPECT_EQ(shell(run + "--prompt x --draft-tokens 99").code, 2);
  EXPECT_EQ(shell(run + "--prompt x --dim batch=2").code, 2) << "what has no meaning is refused";
}

TEST_F(DynamicCommands, DiffuseComparesWithAFixedStrideAndItsCommandGivesTheSameImages) {
  const json first =
      answer("kasuri diffuse " + trained_ + "glyph_denoiser.onnx --schedule " + trained_ +
             "denoiser_schedule.json --sampler euler --steps 30 --full-steps 30 --fixed 6 12 "
             "--strides 10 --skip-error 0.5 --longest-stride 8 --seeds 2 --labels 3 7 "
             "--guidance 1.5 --seed 4 --sample-input sample --timestep-input timestep "
             "--label-input class_label --prediction-output noise --passes default,-stitch "
             "--threads 1 --out " +
             file("images") + " --report " + file("r.html") + " --quiet --json");
  EXPECT_EQ(first["kind"], "diffuse");
  EXPECT_EQ(first["labels"], (json{3, 7}));
  std::vector<std::string> names;
  for (const json& way : first["ways"]) names.push_back(way["name"]);
  ASSERT_GE(names.size(), 6U);
  EXPECT_EQ(names[0], "full 30");
  EXPECT_EQ(names[1], "asked for");
  EXPECT_NE(std::find(names.begin(), names.end(), "stride 10"), names.end());
  const json& mine = first["ways"][1];
  EXPECT_LT(mine["evaluations"], 30.0);
  EXPECT_GT(mine["ssim"], 0.5);
  // A stride of the same lines that costs no more is among the ways, and the verdict knows it.
  bool beside = false;
  for (const json& way : first["ways"])
    beside = beside || (way["rule"].contains("stride") && way["rule"]["stride"] != 10 &&
                        way["evaluations"] <= mine["evaluations"]);
  EXPECT_TRUE(beside);
  ASSERT_TRUE(first["rival"].is_object()) << first["verdict"];
  EXPECT_NE(first["verdict"].get<std::string>().find(first["rival"]["name"]), std::string::npos);
  EXPECT_TRUE(fs::exists(folder_ / "images" / "asked_for.npy"));
  EXPECT_NE(text_of(file("r.html")).find("stride 10"), std::string::npos);
  const std::string command = first["command"];
  for (const char* option :
       {"--sampler euler", "--fixed 6 12", "--strides 10", "--skip-error 0.5", "--longest-stride 8",
        "--labels 3 7", "--guidance 1.5", "--sample-input", "--timestep-input", "--label-input",
        "--prediction-output", "--passes default,-stitch", "--out", "--report"})
    EXPECT_NE(command.find(option), std::string::npos) << option << " is not in " << command;
  const json again = answer(command);
  for (size_t k = 0; k < names.size(); ++k) {
    EXPECT_EQ(again["ways"][k]["ssim"], first["ways"][k]["ssim"]) << names[k];
    EXPECT_EQ(again["ways"][k]["evaluations"], first["ways"][k]["evaluations"]) << names[k];
  }
}

TEST_F(DynamicCommands, DiffuseRefusesInOneLine) {
  const std::string run = "kasuri diffuse " + trained_ + "glyph_denoiser.onnx ";
  const std::string schedule = "--schedule " + trained_ + "denoiser_schedule.json ";
  refuses(run + "--schedule /no/such.json", "/no/such.json");
  std::ofstream(file("s.json")) << "{\"alphas_cumprod\": [0.5, 2]}";
  refuses(run + "--schedule " + file("s.json"), "between 0 and 1");
  std::ofstream(file("n.json")) << "{\"alphas_cumprod\": [0.9, 0.5], \"guidance_scale\": 2}";
  refuses(run + "--schedule " + file("n.json"), "null_class");
  refuses(run + schedule + "--fit-steps " + file("p.json"), "--fixed");
  refuses(run + schedule + "--predict-steps /no/such.json --steps 2", "/no/such.json");
  refuses(run + schedule + "--noise /no/such.npy --steps 2", "/no/such.npy");
  refuses(run + schedule + "--sample-input nosuch", "(--sample-input)");
  refuses("kasuri diffuse " + trained_ + "code_lm_draft.onnx " + schedule, "timestep");
  refuses(run + schedule + "--labels 99 --steps 2 --full-steps 2 --seeds 1", "99");
  EXPECT_EQ(shell(run + schedule + "--skip-error -1").code, 2);
  EXPECT_EQ(shell(run).code, 2) << "a schedule is required";
}

TEST_F(DynamicCommands, EarlyExitTellsWhatWasRiskedOnWhichData) {
  const std::string data = images("images.npy", 120);
  const std::string run = "kasuri early-exit " + trained_ + "glyph_cnn_multi_exit.onnx --data " +
                          data + " --runs 20 --quiet ";
  const json report = answer(run +
                             "--gate margin --keep-exits --thresholds 0.9,0.9,0.9 --batch 8 "
                             "--drift-data " +
                             data + " --report " + file("r.html") + " --json");
  EXPECT_EQ(report["kind"], "early-exit");
  EXPECT_EQ(report["policy"], "given");
  ASSERT_EQ(report["exits"].size(), 4U);
  double left = 0;
  for (const json& exit : report["exits"]) left += exit["share_left"].get<double>();
  EXPECT_NEAR(left, 1, 1e-9);
  ASSERT_FALSE(report["risk"]["why_not"].empty()) << "so few samples certify nothing";
  EXPECT_EQ(report["latency"][0]["batch"], 8);
  EXPECT_EQ(report["drift"]["samples"], 120);
  for (const json& point : report["path"]) {
    double sum = 0;
    for (const json& share : point["shares"]) sum += share.get<double>();
    EXPECT_NEAR(sum, 1, 1e-9);
    EXPECT_LE(point["agreement"], 1.0);
    EXPECT_GT(point["expected_ms"], 0.0);
  }
  const std::string html = text_of(file("r.html"));
  for (const char* part : {"images.npy", "Not certifiable", "Drift"})
    EXPECT_NE(html.find(part), std::string::npos) << part;
  const std::string command = report["command"];
  for (const char* option : {"--gate margin", "--keep-exits", "--thresholds 0.9,0.9,0.9",
                             "--batch 8", "--runs 20", "--drift-data", "--report"})
    EXPECT_NE(command.find(option), std::string::npos) << option << " is not in " << command;
  refuses("kasuri early-exit " + trained_ + "glyph_cnn.onnx --data " + data, "exit");
  refuses(run + "--thresholds 0.1", "1 thresholds were given for 3 exits");
  refuses(run + "--class-limit 99:misses=1%", "no class 99");
  refuses(run + "--labels /no/such.npy", "/no/such.npy");
  refuses(run + "--gate nosuch", "nosuch");
}

}  // namespace
}  // namespace kasuri::test
