#include <gmock/gmock.h>

#include "tests/unit/onnx/model_bytes.h"

namespace kasuri::onnx {
namespace {

using ::testing::HasSubstr;
namespace fs = std::filesystem;

class ExternalData : public ModelFolder {
 protected:
  GraphBytes model(const std::string& location, const std::string& offset,
                   const std::string& length, std::vector<int64_t> dims = {4},
                   DataType type = DataType::kFloat, const std::string& op = "MatMul",
                   const std::string& name = "w") {
    WireWriter t;
    t.integers(1, dims);
    t.integer(2, static_cast<int64_t>(type));
    t.text(8, name);
    t.message(13, write_entry("location", location));
    if (!offset.empty()) t.message(13, write_entry("offset", offset));
    if (!length.empty()) t.message(13, write_entry("length", length));
    t.integer(14, 1);
    GraphBytes g;
    g.message(kInitializer, t);
    g.input("x", {1, 64}).node(op, {"x", name}, {"y"}).output("y");
    return g;
  }
  std::string refused(const std::string& location) {
    return error_of(import(model(location, "0", "16")));
  }
};

TEST_F(ExternalData, IsMappedNotCopied) {
  write("w.bin", std::string(64, 'a') + std::string("\0\0\x80\x3f\0\0\0\x40\0\0\0\0\0\0\0\0", 16));
  const auto m = import(model("w.bin", "64", "16"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  const Tensor& w = *m->graph.value(*m->graph.find_value("w")).constant;
  EXPECT_FALSE(w.owns_memory());
  EXPECT_EQ(w.data<float>()[0], 1.0f);
  EXPECT_EQ(w.data<float>()[1], 2.0f);
}

TEST_F(ExternalData, StaysInsideTheFolder) {
  fs::create_directories(folder_ / "sub");
  const fs::path outside = folder_.parent_path() / (folder_.filename().string() + "-outside");
  std::ofstream(outside) << std::string(64, 'x');
  fs::create_symlink(outside, folder_ / "link");
  write("sub/in.bin", std::string(16, 'x'));
  fs::create_symlink(folder_ / "sub/in.bin", folder_ / "goodlink");
  EXPECT_THAT(refused("../" + outside.filename().string()), HasSubstr("inside the model's folder"));
  EXPECT_THAT(refused("sub/../../" + outside.filename().string()),
              HasSubstr("inside the model's folder"));
  EXPECT_THAT(refused(outside.string()), HasSubstr("inside the model's folder"));
  EXPECT_THAT(refused("/etc/passwd"), HasSubstr("inside the model's folder"));
  EXPECT_THAT(refused("link"), HasSubstr("leads out"));
  EXPECT_THAT(refused(""), HasSubstr("empty location"));
  EXPECT_TRUE(import(model("sub/in.bin", "0", "16")).ok());
  EXPECT_TRUE(import(model("goodlink", "0", "16")).ok());
  fs::remove(outside);
}

TEST_F(ExternalData, RangesAreChecked) {
  write("w.bin", std::string(32, 'x'));
  EXPECT_TRUE(import(model("w.bin", "16", "")).ok());
  EXPECT_THAT(error_of(import(model("w.bin", "17", "16"))), HasSubstr("has 32 bytes"));
  EXPECT_THAT(error_of(import(model("w.bin", "18446744073709551615", "16"))),
              HasSubstr("has 32 bytes"));
  EXPECT_THAT(error_of(import(model("w.bin", "-1", "16"))), HasSubstr("not a number"));
  EXPECT_THAT(error_of(import(model("w.bin", "0", "12"))), HasSubstr("length 12"));
}

TEST_F(ExternalData, AbsentFilesAreExplained) {
  const std::string error = error_of(import(model("gone.bin", "0", "16")));
  for (const char* part : {"gone.bin", "'w'", "--synthesize-weights", "model.onnx"})
    EXPECT_THAT(error, HasSubstr(part));
}

TEST_F(ExternalData, MadeUpWeightsFollowTheRule) {
  ImportOptions options;
  options.synthesize_weights = true;
  const auto first_values = [&](const GraphBytes& g, const std::string& name) {
    const auto m = import(g, options);
    EXPECT_TRUE(m.ok()) << error_of(m);
    if (!m.ok()) return std::vector<float>{};
    EXPECT_TRUE(m->synthesized_weights);
    const auto all = m->graph.value(*m->graph.find_value(name)).constant->data<float>();
    return std::vector<float>{all[0], all[1], all[2], all.back()};
  };
  EXPECT_EQ(first_values(model("gone", "0", "8192", {64, 32}), "w"),
            (std::vector<float>{0x1.f1f612p-3f, 0x1.5e2bf4p-3f, -0x1.36fea0p-2f, -0x1.d17d9cp-5f}));
  const auto conv =
      model("gone", "0", "1152", {8, 4, 3, 3}, DataType::kFloat, "Conv", "conv.weight");
  EXPECT_EQ(first_values(conv, "conv.weight"),
            (std::vector<float>{-0x1.04227cp-2f, 0x1.0baee6p-3f, 0x1.306ffep-2f, -0x1.76ecaap-2f}));
  const auto bytes =
      import(model("gone", "0", "1000", {1000}, DataType::kUint8, "MatMul", "q"), options);
  ASSERT_TRUE(bytes.ok()) << error_of(bytes);
  const auto q = bytes->graph.value(*bytes->graph.find_value("q")).constant->data<uint8_t>();
  EXPECT_EQ(std::vector<int>(q.begin(), q.begin() + 5), (std::vector<int>{163, 196, 147, 76, 238}));
}

TEST_F(ExternalData, MadeUpWeightsAreWrittenOnceOutsideTheModelsFolder) {
  ImportOptions options;
  options.synthesize_weights = true;
  fs::create_directories(folder_ / "models");
  const std::string file =
      write("models/m.onnx", model_bytes(model("gone", "0", "8192", {64, 32})));
  ASSERT_TRUE(import_model(file, options).ok());
  std::vector<fs::path> cached;
  for (const auto& e : fs::directory_iterator(folder_ / "cache/weights"))
    cached.push_back(e.path());
  ASSERT_EQ(cached.size(), 1u);
  EXPECT_EQ(fs::file_size(cached[0]), 8192u);
  const auto before = fs::last_write_time(cached[0]);
  ASSERT_TRUE(import_model(file, options).ok());
  EXPECT_EQ(fs::last_write_time(cached[0]), before);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder_ / "models"), {}), 1);
}

TEST_F(ExternalData, MoreThanTwoGigabytes) {
  std::ofstream(path("big.bin")) << "";
  fs::resize_file(path("big.bin"), (int64_t{3} << 30) + 16);
  std::fstream tail(path("big.bin"), std::ios::in | std::ios::out | std::ios::binary);
  tail.seekp(int64_t{3} << 30);
  tail.write("\0\0\x80\x3f", 4);
  tail.close();
  auto m = import(model("big.bin", std::to_string(int64_t{3} << 30), "16"));
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->graph.value(*m->graph.find_value("w")).constant->data<float>()[0], 1.0f);
  const int64_t count = (int64_t{3} << 30) / 4;
  m = import(model("big.bin", "0", "", {count / 64, 64}));
  ASSERT_TRUE(m.ok()) << error_of(m);
  EXPECT_EQ(m->weight_bytes, int64_t{3} << 30);
}

}  // namespace
}  // namespace kasuri::onnx
