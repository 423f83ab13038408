#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;

Tensor floats(std::vector<float> values) {
  const auto n = static_cast<int64_t>(values.size());
  return Tensor::of<float>({n}, values);
}

TEST(ImageShapes, ResizeByScalesAndSizes) {
  EXPECT_EQ(Inferred("Resize").in({1, 3, 5, 7}).absent().constant(floats({1, 1, 0.6F, 2})).text(),
            "float32[1,3,3,14]");
  EXPECT_EQ(Inferred("Resize")
                .in({1, 3, 5, 7})
                .absent()
                .absent()
                .ints({10, 4})
                .with("axes", ints({3, 2}))
                .text(),
            "float32[1,3,4,10]");
  EXPECT_EQ(Inferred("Resize")
                .in({1, 3, 4, 8})
                .absent()
                .absent()
                .ints({8, 8})
                .with("axes", ints({2, 3}))
                .with("keep_aspect_ratio_policy", std::string("not_larger"))
                .text(),
            "float32[1,3,4,8]");
  EXPECT_EQ(Inferred("Upsample", 7)
                .in({1, 1, 2, 2})
                .with("scales", std::vector<float>{1, 1, 2, 3})
                .text(),
            "float32[1,1,4,6]");
  EXPECT_EQ(Inferred("Resize").in({1, 3, Dim(), 7}).absent().constant(floats({1, 1, 2, 2})).text(),
            "float32[1,3,?,14]");
  EXPECT_THAT(Inferred("Resize").in({1, 3, 5, 7}).absent().constant(floats({1, 1, -1, 2})).text(),
              HasSubstr("not positive"));
  EXPECT_THAT(Inferred("Resize").in({1, 3}).absent().constant(floats({1, 1, 2})).text(),
              HasSubstr("3 scales for 2"));
}

TEST(ImageShapes, SamplingAndBoxes) {
  EXPECT_EQ(Inferred("GridSample").in({2, 3, 5, 5}).in({2, 7, 8, 2}).text(), "float32[2,3,7,8]");
  EXPECT_EQ(Inferred("RoiAlign")
                .in({1, 3, 9, 9})
                .in({6, 4})
                .in({6}, DataType::kInt64)
                .with("output_height", integer(5))
                .text(),
            "float32[6,3,5,1]");
  EXPECT_EQ(Inferred("NonMaxSuppression").in({1, 6, 4}).in({1, 1, 6}).text(), "int64[?,3]");
}

TEST(SignalShapes, TransformsAndWindows) {
  EXPECT_EQ(Inferred("DFT", 20).in({1, 10, 1}).text(), "float32[1,10,2]");
  EXPECT_EQ(Inferred("DFT", 17).in({1, 10, 1}).with("onesided", integer(1)).text(),
            "float32[1,6,2]");
  EXPECT_EQ(Inferred("STFT")
                .in({1, 128, 1})
                .constant(Tensor::scalar<int64_t>(8))
                .absent()
                .constant(Tensor::scalar<int64_t>(16))
                .text(),
            "float32[1,15,9,2]");
  EXPECT_EQ(Inferred("HannWindow").constant(Tensor::scalar<int64_t>(9)).text(), "float32[9]");
}

TEST(GeneratorShapes, CountsAreExact) {
  const auto range = [](int64_t a, int64_t b, int64_t s) {
    return Inferred("Range")
        .constant(Tensor::scalar(a))
        .constant(Tensor::scalar(b))
        .constant(Tensor::scalar(s))
        .text();
  };
  EXPECT_EQ(range(3, 9, 3), "int64[2]");
  EXPECT_EQ(range(10, 4, -4), "int64[2]");
  EXPECT_EQ(range(4, 4, 1), "int64[0]");
  EXPECT_EQ(range(4, 0, 1), "int64[0]");
  EXPECT_THAT(range(0, 5, 0), HasSubstr("step of a range is 0"));
  EXPECT_EQ(
      Inferred("ConstantOfShape").ints({2, 0}).with("value", Tensor::of<int32_t>({1}, {7})).text(),
      "int32[2,0]");
  EXPECT_THAT(Inferred("ConstantOfShape").ints({2, -1}).text(), HasSubstr("extent -1"));
  EXPECT_EQ(Inferred("Constant").with("value_ints", ints({1, 2})).text(), "int64[2]");
}

TEST(QuantisationShapes, ElementTypes) {
  EXPECT_EQ(Inferred("QuantizeLinear").in({2, 3}).in({}).in({}, DataType::kInt8).text(),
            "int8[2,3]");
  EXPECT_EQ(Inferred("QuantizeLinear").in({2, 3}).in({}).text(), "uint8[2,3]");
  EXPECT_EQ(Inferred("QuantizeLinear").in({2}).in({}).with("output_dtype", integer(22)).text(),
            "int4[2]");
  EXPECT_EQ(Inferred("DequantizeLinear").in({2}, DataType::kInt8).in({}, DataType::kFloat16).text(),
            "float16[2]");
  EXPECT_EQ(Inferred("DynamicQuantizeLinear").in({2}).text(3), "uint8[2] float32[] uint8[]");
  EXPECT_EQ(
      Inferred("MatMulInteger").in({2, 3}, DataType::kUint8).in({3, 4}, DataType::kInt8).text(),
      "int32[2,4]");
  EXPECT_EQ(Inferred("QLinearConv")
                .in({1, 2, 4, 4}, DataType::kUint8)
                .in({})
                .in({}, DataType::kUint8)
                .in({3, 2, 3, 3}, DataType::kInt8)
                .in({})
                .in({}, DataType::kInt8)
                .in({})
                .in({}, DataType::kUint8)
                .text(),
            "uint8[1,3,2,2]");
}

TEST(SequenceShapes, ElementsWiden) {
  const auto floats_of = [](Shape s) { return ValueType::tensor(DataType::kFloat, std::move(s)); };
  EXPECT_EQ(Inferred("SequenceConstruct").in({2, 3}).in({2, 4}).text(), "seq(float32[2,?])");
  EXPECT_EQ(Inferred("SequenceAt")
                .typed(ValueType::sequence(floats_of({2})))
                .in({}, DataType::kInt64)
                .text(),
            "float32[2]");
  EXPECT_EQ(Inferred("SplitToSequence")
                .in({4, 6})
                .constant(Tensor::scalar<int64_t>(2))
                .with("axis", integer(1))
                .text(),
            "seq(float32[4,2])");
  EXPECT_EQ(Inferred("ConcatFromSequence")
                .typed(ValueType::sequence(floats_of({2, 3})))
                .with("axis", integer(0))
                .with("new_axis", integer(1))
                .text(),
            "float32[?,2,3]");
  EXPECT_EQ(Inferred("OptionalGetElement").typed(ValueType::optional(floats_of({2}))).text(),
            "float32[2]");
  EXPECT_THAT(Inferred("SequenceAt").in({2}).in({}, DataType::kInt64).text(),
              HasSubstr("not a sequence"));
}

TEST(LossShapes, ReductionDecides) {
  EXPECT_EQ(Inferred("SoftmaxCrossEntropyLoss").in({2, 5, 3}).in({2, 3}, DataType::kInt64).text(2),
            "float32[] float32[2,5,3]");
  EXPECT_EQ(Inferred("NegativeLogLikelihoodLoss")
                .in({2, 5, 3})
                .in({2, 3}, DataType::kInt64)
                .with("reduction", std::string("none"))
                .text(),
            "float32[2,3]");
  EXPECT_EQ(Inferred("Adam", 1, "ai.onnx.preview.training")
                .in({})
                .in({}, DataType::kInt64)
                .in({2})
                .in({2})
                .in({2})
                .in({2})
                .text(3),
            "float32[2] float32[2] float32[2]");
}

TEST(MachineLearningShapes, ClassifiersAndMaps) {
  const auto op = [](const char* name) { return Inferred(name, 1, "ai.onnx.ml"); };
  EXPECT_EQ(op("LinearClassifier").in({4, 3}).with("classlabels_ints", ints({0, 1})).text(2),
            "int64[4] float32[4,2]");
  EXPECT_EQ(op("TreeEnsembleRegressor").in({4, 3}).with("n_targets", integer(2)).text(),
            "float32[4,2]");
  EXPECT_EQ(op("ZipMap").in({4, 2}).with("classlabels_int64s", ints({0, 1})).text(),
            "seq(map(int64,float32[]))");
}

TEST(TextShapes, SplitAddsAnAxis) {
  EXPECT_EQ(Inferred("StringSplit").in({2}, DataType::kString).text(2), "string[2,?] int64[2]");
}

}  // namespace
}  // namespace kasuri::test
