#include <gtest/gtest.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "tests/cli/command_test.h"

namespace kasuri::test {
namespace {

class CommandLine : public CommandTest {};

TEST_F(CommandLine, AMissingModelIsTheUsersFault) {
  const Ran ran = run("inspect /no/such/model.onnx");
  EXPECT_EQ(ran.code, 1);
  EXPECT_NE(ran.text.find("/no/such/model.onnx"), std::string::npos) << ran.text;
}

TEST_F(CommandLine, GarbageIsNotAModel) {
  std::ofstream(folder_ / "junk.onnx") << "this is not protobuf \xFF\xFF\xFF";
  const Ran ran = run("inspect " + (folder_ / "junk.onnx").string());
  EXPECT_EQ(ran.code, 1) << ran.text;
  EXPECT_NE(ran.text.find("junk.onnx"), std::string::npos) << ran.text;
}

TEST_F(CommandLine, UsageErrorsAreTwo) {
  EXPECT_EQ(run("").code, 2);
  EXPECT_EQ(run("frobnicate").code, 2);
  EXPECT_EQ(run("run").code, 2);
  EXPECT_EQ(run("run " + model_ + " --threads 0").code, 2);
  EXPECT_EQ(run("run " + model_ + " --no-such-option").code, 2);
}

TEST_F(CommandLine, WrongRequestsAreNamed) {
  for (const char* arguments : {" --passes default,-frobnicate", " --backend cuda", " --dim batch",
                                " --input nosuch=seed:1", " --input x=/no/such.npy", " --cpus 1-0",
                                " --memory-limit lots"}) {
    const Ran ran = run("run " + model_ + arguments);
    EXPECT_EQ(ran.code, 1) << arguments << ": " << ran.text;
    EXPECT_NE(ran.text.find("kasuri: "), std::string::npos) << ran.text;
    EXPECT_EQ(ran.text.find("internal error"), std::string::npos) << ran.text;
  }
}

TEST_F(CommandLine, OfAFolderTheFileTakenIsNamed) {
  std::ofstream(file("same.ktxt")) << R"(graph "same" {
  opset "" 17
  input %x : float32[2]
  %y = Relu(%x)
  output "y" = %y
})";
  for (const char* sample : {"b", "a"}) {
    ASSERT_EQ(run("run " + file("same.ktxt") + " --out " + file(sample)).code, 0);
    std::filesystem::create_directories(folder_ / "samples");
    std::filesystem::copy_file(folder_ / sample / "y.npy",
                               folder_ / "samples" / (std::string(sample) + ".npy"));
  }
  const Ran several = run("run " + file("same.ktxt") + " --input x=" + file("samples"));
  EXPECT_EQ(several.code, 0);
  EXPECT_NE(several.text.find("input x: a.npy, the first of 2 files in " + file("samples")),
            std::string::npos)
      << several.text;
  std::filesystem::remove(folder_ / "samples" / "b.npy");
  const Ran one = run("run " + file("same.ktxt") + " --input x=" + file("samples"));
  EXPECT_EQ(one.text.find("the first of"), std::string::npos) << one.text;
}

TEST_F(CommandLine, WhatCannotBeWrittenIsKnownBeforeMeasuring) {
  for (const char* option : {"--report /no/such/a.html", "--pdf /no/such/a.pdf", "--bundle ",
                             "--save-recipe /no/such/best.txt", "--report /"}) {
    const bool needs_file = std::string(option) == "--bundle ";
    // A soak of an hour would run into the time-out of the test if it began.
    const Ran ran = run("compare " + model_ + " --duration 1h " + option +
                        (needs_file ? program_ : std::string()));
    EXPECT_EQ(ran.code, 1) << option << ": " << ran.text;
  }
  EXPECT_EQ(run("sweep " + model_ + " --threads 1 --duration 1h --out /no/such/m.json").code, 1);
}

TEST_F(CommandLine, PassesOfAComparisonAreThoseOfTheSecondSide) {
  const std::string quick = "compare " + model_ + " --blocks 9 --quiet --no-memory --no-fidelity ";
  const Ran none = run(quick + "--passes none --json");
  EXPECT_NE(none.text.find("the plans are identical"), std::string::npos) << none.text;
  const Ran wrong = run(quick + "--passes default,+frobnicate");
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.text.find("frobnicate"), std::string::npos) << wrong.text;
  EXPECT_EQ(run(quick + "--passes none --after default,-fuse").code, 1);
  EXPECT_EQ(run(quick + "--passes none --side a:passes=none --side b:passes=default").code, 1);
}

TEST_F(CommandLine, ACpuThatIsNotThereIsRefused) {
  for (const char* command : {"run ", "profile --samples 1 ", "compare --blocks 9 --quiet "}) {
    const Ran ran = run(command + model_ + " --cpus 4000");
    EXPECT_EQ(ran.code, 1) << command << ran.text;
    EXPECT_NE(ran.text.find("CPU 4000"), std::string::npos) << ran.text;
  }
}

TEST_F(CommandLine, OnlyExactRulesApplyWhereTheyAreAskedFor) {
  ASSERT_EQ(run("compare " + model_ + " --only-exact --blocks 9 --quiet --no-memory --json > " +
                file("a.json"))
                .code,
            0);
  const auto report = nlohmann::json::parse(text_of(file("a.json")));
  int applied = 0;
  for (const auto& pass : report["passes"]) {
    applied += pass["applied"].get<int>();
    if (pass["name"] == "fuse" || pass["name"] == "fold-bn") {
      EXPECT_EQ(pass["applied"], 0);
    }
  }
  EXPECT_GT(applied, 0) << "exact rules still apply";
  EXPECT_EQ(run("search " + model_ + " --only-exact --for 1 --quiet --blocks 9").code, 0);
}

TEST_F(CommandLine, VersionAndLicensesPrint) {
  const Ran ran = run("--version --licenses");
  EXPECT_EQ(ran.code, 0);
  EXPECT_NE(ran.text.find("Apache-2.0"), std::string::npos);
}

TEST_F(CommandLine, EveryLibraryItLinksIsInTheListOfLicences) {
  const std::string list = run("--version --licenses").text;
  FILE* pipe = popen(("readelf -d '" + program_ + "' 2> /dev/null").c_str(), "r");
  std::string dynamic;
  std::array<char, 4096> bytes;
  for (size_t got; (got = fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    dynamic.append(bytes.data(), got);
  if (pclose(pipe) != 0) GTEST_SKIP() << "readelf is not installed";
  // The C library and the loader belong to the system and are not listed.
  static const std::map<std::string, std::string> kNames = {{"libjpeg", "libjpeg-turbo"},
                                                            {"libpng16", "libpng"},
                                                            {"libtiff", "libtiff"},
                                                            {"libwebp", "libwebp"},
                                                            {"libopenjp2", "OpenJPEG"},
                                                            {"libLLVM", "LLVM"},
                                                            {"libdnnl", "oneDNN"},
                                                            {"libgomp", "libgomp"},
                                                            {"libxxhash", "xxHash"},
                                                            {"libfmt", "fmt"},
                                                            {"libstdc++", "libstdc++"},
                                                            {"libgcc_s", "GCC runtime"},
                                                            {"libm", ""},
                                                            {"libc", ""},
                                                            {"ld-linux-x86-64", ""},
                                                            {"libprotobuf", "Protocol Buffers"}};
  static const std::regex kNeeded(R"(NEEDED\).*\[([^\]]+?)\.so)");
  int libraries = 0;
  for (std::sregex_iterator it(dynamic.begin(), dynamic.end(), kNeeded), end; it != end; ++it) {
    const auto known = kNames.find((*it)[1]);
    ASSERT_NE(known, kNames.end()) << "add " << (*it)[1] << " to app/cli/licenses.cpp";
    EXPECT_NE(list.find(known->second), std::string::npos) << known->second;
    ++libraries;
  }
  EXPECT_GE(libraries, 5);
}

TEST_F(CommandLine, RunWritesItsOutputs) {
  const Ran ran = run("run " + model_ + " --out " + (folder_ / "out").string());
  ASSERT_EQ(ran.code, 0) << ran.text;
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out" / "outputs.json"));
}

TEST_F(CommandLine, TheSourceIsNeverOverwritten) {
  const auto copy = folder_ / "model.ktxt";
  std::filesystem::copy_file(model_, copy);
  const Ran ran = run("optimize " + copy.string() + " -o " + copy.string());
  EXPECT_EQ(ran.code, 1) << ran.text;
  EXPECT_EQ(std::filesystem::file_size(copy), std::filesystem::file_size(model_));
}

TEST_F(CommandLine, ATruncatedPlanIsRefused) {
  const auto plan = folder_ / "model.kplan";
  ASSERT_EQ(run("optimize " + model_ + " --plan " + plan.string()).code, 0);
  EXPECT_EQ(run("run " + plan.string()).code, 0);
  std::filesystem::resize_file(plan, std::filesystem::file_size(plan) / 2);
  const Ran ran = run("run " + plan.string());
  EXPECT_EQ(ran.code, 1) << ran.text;
}

TEST_F(CommandLine, IdenticalSidesAreNotTimed) {
  const Ran ran =
      run("compare " + model_ + " --before default --after default --no-memory --blocks 9");
  EXPECT_EQ(ran.code, 0) << ran.text;
  EXPECT_NE(ran.text.find("no change"), std::string::npos) << ran.text;
}

TEST_F(CommandLine, AMissedRequirementIsFour) {
  const Ran ran =
      run("compare " + model_ + " --no-memory --blocks 9 --require 'median<=0.000001ms'");
  EXPECT_EQ(ran.code, 4) << ran.text;
  EXPECT_NE(ran.text.find("NOT met"), std::string::npos) << ran.text;
}

/// BatchNormalization takes the difference of almost equal numbers and amplifies it a million
/// times. The Conv's product keeps the difference; a weight that carries the amplification has lost
/// it.
constexpr const char* kFragileModel = R"(graph "fragile" {
  opset "" 17
  input %x : float32[1,1,32,32]
  const %tiny = float32[] {1e-06}
  const %one = float32[] {1}
  const %weight = float32[1,1,1,1] {0.3}
  const %scale = float32[1] {1}
  const %shift = float32[1] {0}
  const %mean = float32[1] {0.3}
  const %variance = float32[1] {1e-12}
  %small = Mul(%x, %tiny)
  %near_one = Add(%small, %one)
  %conv = Conv(%near_one, %weight) {dilations=[1,1], group=1, kernel_shape=[1,1], pads=[0,0,0,0], strides=[1,1]}
  %norm = BatchNormalization(%conv, %scale, %shift, %mean, %variance) {epsilon=1e-12}
  output "y" = %norm
}
)";

TEST_F(CommandLine, APassThatBreaksOutputsIsBlockedAndThree) {
  const std::string fragile = (folder_ / "fragile.ktxt").string();
  std::ofstream(fragile) << kFragileModel;
  const Ran ran = run("compare " + fragile + " --no-memory --blocks 9");
  EXPECT_EQ(ran.code, 3) << ran.text;
  EXPECT_NE(ran.text.find("pass 'fold-bn' was blocked"), std::string::npos) << ran.text;
  EXPECT_NE(ran.text.find("broken at FuseConvBatchNorm@"), std::string::npos) << ran.text;
  EXPECT_EQ(run("compare " + fragile + " --no-memory --blocks 9 --after default,-fold-bn").code, 0);
}

TEST_F(CommandLine, InterruptIsFive) {
  const Ran ran = run("compare " + model_ +
                      " --no-memory --min-time 600 --time-identical --quiet & P=$!; sleep 3; "
                      "kill -INT $P; wait $P; echo code $?");
  EXPECT_NE(ran.text.find("code 5"), std::string::npos) << ran.text;
}

TEST_F(CommandLine, AnAbsentRuntimeSaysWhy) {
  const Ran ran = run("compare " + model_ + " --side today:runtime=tvm");
  EXPECT_EQ(ran.code, 1) << ran.text;
  EXPECT_NE(ran.text.find("tvm"), std::string::npos) << ran.text;
}

TEST_F(CommandLine, AMalformedFrameEndsTheWorker) {
  const Ran ran = run("worker < /dev/null");
  EXPECT_EQ(ran.code, 0);
  std::ofstream(folder_ / "frames") << "{\"id\":1,\"type\":\"open\",\"path\":\"/no/"
                                       "such\"}\n{\"id\":2,\"type\":\"bogus\"}\nnonsense\n";
  const Ran wrong = run("worker < " + (folder_ / "frames").string());
  EXPECT_EQ(wrong.code, 1) << wrong.text;
  EXPECT_NE(wrong.text.find("\"id\":2"), std::string::npos) << wrong.text;
  EXPECT_NE(wrong.text.find("malformed frame"), std::string::npos) << wrong.text;
}

}  // namespace
}  // namespace kasuri::test
