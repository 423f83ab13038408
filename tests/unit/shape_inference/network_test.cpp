#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;

TEST(MatmulShapes, NumPyRules) {
  EXPECT_EQ(Inferred("MatMul").in({5, 1, 2, 3}).in({4, 3, 7}).text(), "float32[5,4,2,7]");
  EXPECT_EQ(Inferred("MatMul").in({3}).in({4, 3, 7}).text(), "float32[4,7]");
  EXPECT_EQ(Inferred("MatMul").in({2, 3}).in({3}).text(), "float32[2]");
  EXPECT_THAT(Inferred("MatMul").in({2, 3}).in({4, 5}).text(), HasSubstr("[2,3] and [4,5]"));
  EXPECT_THAT(Inferred("MatMul").in({}).in({4}).text(), HasSubstr("scalar"));
}

TEST(MatmulShapes, GemmAndFusedMatMul) {
  EXPECT_EQ(Inferred("Gemm")
                .in({3, 2})
                .in({7, 3})
                .in({7})
                .with("transA", integer(1))
                .with("transB", integer(1))
                .text(),
            "float32[2,7]");
  EXPECT_THAT(Inferred("Gemm").in({2, 3}).in({3, 7}).in({5}).text(), HasSubstr("C [5]"));
  EXPECT_EQ(Inferred("FusedMatMul", 1, "com.microsoft")
                .in({4, 3, 2})
                .in({4, 3, 7})
                .with("transA", integer(1))
                .text(),
            "float32[4,2,7]");
  EXPECT_EQ(Inferred("MatMulNBits", 1, "com.microsoft")
                .in({1, 2, 32})
                .in({8, 1, 16}, DataType::kUint8)
                .with("K", integer(32))
                .with("N", integer(8))
                .text(),
            "float32[1,2,8]");
}

TEST(EinsumShapes, ExplicitImplicitAndEllipsis) {
  const auto einsum = [](const std::string& equation) {
    return Inferred("Einsum").with("equation", equation);
  };
  EXPECT_EQ(einsum("bij, bjk -> bik").in({2, 3, 4}).in({2, 4, 5}).text(), "float32[2,3,5]");
  EXPECT_EQ(einsum("ij,jk").in({3, 4}).in({4, 5}).text(), "float32[3,5]");
  EXPECT_EQ(einsum("...ij->...ji").in({2, 7, 3, 4}).text(), "float32[2,7,4,3]");
  EXPECT_THAT(einsum("ij,jk->iz").in({3, 4}).in({4, 5}).text(), HasSubstr("'z'"));
  EXPECT_THAT(einsum("ij,jk->ik").in({3, 4}).in({9, 5}).text(), HasSubstr("two extents"));
  EXPECT_THAT(einsum("i-j->i").in({3, 4}).text(), HasSubstr("malformed"));
}

TEST(ConvolutionShapes, StridesPadsDilationsGroups) {
  EXPECT_EQ(Inferred("Conv")
                .in({1, 3, 224, 224})
                .in({64, 3, 7, 7})
                .with("strides", ints({2, 2}))
                .with("pads", ints({3, 3, 3, 3}))
                .text(),
            "float32[1,64,112,112]");
  EXPECT_EQ(Inferred("Conv")
                .in({1, 8, 10})
                .in({8, 1, 3})
                .with("group", integer(8))
                .with("dilations", ints({2}))
                .text(),
            "float32[1,8,6]");
  EXPECT_EQ(Inferred("Conv")
                .in({1, 3, 5, 5})
                .in({4, 3, 3, 3})
                .with("strides", ints({2, 2}))
                .with("auto_pad", std::string("SAME_UPPER"))
                .text(),
            "float32[1,4,3,3]");
  EXPECT_EQ(Inferred("Conv").in({Dim::symbol("n"), 3, 5, Dim()}).in({4, 3, 3, 3}).text(),
            "float32[n,4,3,?]");
  EXPECT_THAT(Inferred("Conv").in({1, 4, 5, 5}).in({4, 3, 3, 3}).text(), HasSubstr("4 against 3"));
  EXPECT_THAT(Inferred("Conv").in({1, 3, 2, 2}).in({4, 3, 3, 3}).text(), HasSubstr("does not fit"));
  EXPECT_THAT(
      Inferred("Conv").in({1, 3, 5, 5}).in({4, 3, 3, 3}).with("strides", ints({0, 1})).text(),
      HasSubstr("strides holds 0"));
}

TEST(ConvolutionShapes, Transposed) {
  EXPECT_EQ(Inferred("ConvTranspose")
                .in({1, 4, 3, 3})
                .in({4, 2, 3, 3})
                .with("strides", ints({2, 2}))
                .with("group", integer(2))
                .with("output_padding", ints({1, 1}))
                .text(),
            "float32[1,4,8,8]");
  EXPECT_EQ(Inferred("ConvTranspose")
                .in({1, 4, 3, 3})
                .in({4, 2, 3, 3})
                .with("output_shape", ints({10, 8}))
                .text(),
            "float32[1,2,10,8]");
}

TEST(PoolingShapes, CeilModeIgnoresWindowsInThePadding) {
  const auto pool = [] {
    return Inferred("MaxPool").with("kernel_shape", ints({2})).with("strides", ints({2}));
  };
  EXPECT_EQ(pool().in({1, 1, 5}).text(2), "float32[1,1,2] int64[1,1,2]");
  EXPECT_EQ(pool().in({1, 1, 5}).with("ceil_mode", integer(1)).text(), "float32[1,1,3]");
  EXPECT_EQ(Inferred("MaxPool")
                .in({1, 1, 2})
                .with("kernel_shape", ints({1}))
                .with("strides", ints({2}))
                .with("pads", ints({0, 0}))
                .with("ceil_mode", integer(1))
                .text(),
            "float32[1,1,1]");
  EXPECT_EQ(Inferred("GlobalAveragePool").in({2, 8, 7, 7}).text(), "float32[2,8,1,1]");
  EXPECT_THAT(Inferred("MaxPool").in({1, 1, 5}).text(), HasSubstr("kernel_shape"));
}

TEST(NormalisationShapes, OutputsBesideTheFirst) {
  EXPECT_EQ(Inferred("LayerNormalization").in({2, 3, 4}).in({4}).text(3),
            "float32[2,3,4] float32[2,3,1] float32[2,3,1]");
  EXPECT_EQ(Inferred("BatchNormalization").in({2, 3, 4}).in({3}).in({3}).in({3}).in({3}).text(3),
            "float32[2,3,4] float32[3] float32[3]");
  EXPECT_THAT(Inferred("BatchNormalization").in({2, 3, 4}).in({5}).in({3}).in({3}).in({3}).text(),
              HasSubstr("3 against 5"));
  EXPECT_EQ(Inferred("Softmax", 11).in({2, 3}).with("axis", integer(2)).text(), "float32[2,3]");
  EXPECT_THAT(Inferred("Softmax", 13).in({2, 3}).with("axis", integer(2)).text(),
              HasSubstr("axis 2"));
}

TEST(RecurrentShapes, LstmInBothLayouts) {
  EXPECT_EQ(Inferred("LSTM")
                .in({5, 2, 8})
                .in({2, 16, 8})
                .in({2, 16, 4})
                .with("direction", std::string("bidirectional"))
                .with("hidden_size", integer(4))
                .text(3),
            "float32[5,2,2,4] float32[2,2,4] float32[2,2,4]");
  EXPECT_EQ(Inferred("GRU")
                .in({2, 5, 8})
                .in({1, 12, 8})
                .in({1, 12, 4})
                .with("layout", integer(1))
                .text(2),
            "float32[2,5,1,4] float32[2,1,4]");
  EXPECT_THAT(Inferred("RNN").in({5, 2, 8}).in({1, 4, 9}).in({1, 4, 4}).text(),
              HasSubstr("8 against 9"));
}

TEST(AttentionShapes, StandardAndContrib) {
  EXPECT_EQ(Inferred("Attention", 24)
                .in({1, 4, 32})
                .in({1, 6, 16})
                .in({1, 6, 24})
                .with("q_num_heads", integer(4))
                .with("kv_num_heads", integer(2))
                .text(3),
            "float32[1,4,48] float32[1,2,6,8] float32[1,2,6,12]");
  EXPECT_EQ(Inferred("Attention", 1, "com.microsoft")
                .in({1, 4, 8})
                .in({8, 24})
                .in({24})
                .absent()
                .in({2, 1, 2, 3, 4})
                .with("num_heads", integer(2))
                .text(2),
            "float32[1,4,8] float32[2,1,2,7,4]");
}

}  // namespace
}  // namespace kasuri::test
