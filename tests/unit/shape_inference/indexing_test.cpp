#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;

TEST(IndexingShapes, SliceClampsAsNumPyDoes) {
  EXPECT_EQ(Inferred("Slice").in({10, 8}).ints({1, 0}).ints({-1, INT64_MAX}).text(),
            "float32[8,8]");
  EXPECT_EQ(Inferred("Slice").in({10}).ints({-1}).ints({INT64_MIN}).ints({0}).ints({-3}).text(),
            "float32[4]");
  EXPECT_EQ(Inferred("Slice").in({10}).ints({7}).ints({3}).ints({0}).text(), "float32[0]");
  EXPECT_EQ(Inferred("Slice").in({10}).ints({9}).ints({0}).ints({0}).ints({INT64_MIN}).text(),
            "float32[1]");
  EXPECT_EQ(Inferred("Slice", 9)
                .in({10, 8})
                .with("starts", ints({2}))
                .with("ends", ints({5}))
                .with("axes", ints({1}))
                .text(),
            "float32[10,3]");
  EXPECT_THAT(Inferred("Slice").in({10}).ints({0}).ints({5}).ints({0}).ints({0}).text(),
              HasSubstr("step is 0"));
}

TEST(IndexingShapes, SliceOfUnknowns) {
  EXPECT_EQ(Inferred("Slice").in({10, 8}).in({1}, DataType::kInt64).ints({5}).ints({1}).text(),
            "float32[10,?]");
  EXPECT_EQ(
      Inferred("Slice").in({Dim::symbol("n"), 8}).ints({0}).ints({INT64_MAX}).ints({0}).text(),
      "float32[n,8]");
}

TEST(IndexingShapes, PadInAllForms) {
  EXPECT_EQ(Inferred("Pad").in({2, 3}).ints({0, 1, 1, 2}).text(), "float32[3,6]");
  EXPECT_EQ(Inferred("Pad").in({2, 3}).ints({1, 1}).absent().ints({-1}).text(), "float32[2,5]");
  EXPECT_EQ(Inferred("Pad", 10).in({2, 3}).with("pads", ints({0, 0, -1, 0})).text(),
            "float32[1,3]");
  EXPECT_THAT(Inferred("Pad").in({2, 3}).ints({0, 0, 0, -4}).text(), HasSubstr("no extent"));
  EXPECT_THAT(Inferred("Pad").in({2, 3}).ints({0, 0}).text(), HasSubstr("pads has 2 entries"));
}

TEST(IndexingShapes, GatherFamily) {
  EXPECT_EQ(
      Inferred("Gather").in({5, 6, 7}).in({2, 3}, DataType::kInt64).with("axis", integer(1)).text(),
      "float32[5,2,3,7]");
  EXPECT_EQ(Inferred("Gather").in({5}).in({}, DataType::kInt64).text(), "float32[]");
  EXPECT_EQ(Inferred("GatherElements").in({5, 6}).in({2, 6}, DataType::kInt64).text(),
            "float32[2,6]");
  EXPECT_EQ(Inferred("GatherND")
                .in({2, 3, 4})
                .in({2, 5, 1}, DataType::kInt64)
                .with("batch_dims", integer(1))
                .text(),
            "float32[2,5,4]");
  EXPECT_THAT(Inferred("GatherND").in({2, 3}).in({4, 3}, DataType::kInt64).text(),
              HasSubstr("do not fit"));
}

TEST(IndexingShapes, ConcatAndSplit) {
  EXPECT_EQ(Inferred("Concat").in({2, 3}).in({2, 4}).with("axis", integer(-1)).text(),
            "float32[2,7]");
  EXPECT_THAT(Inferred("Concat").in({2, 3}).in({3, 4}).with("axis", integer(1)).text(),
              HasSubstr("2 against 3"));
  EXPECT_THAT(Inferred("Concat").in({2}).in({}).with("axis", integer(0)).text(),
              HasSubstr("rank 1 and 0"));
  EXPECT_EQ(Inferred("Split").in({7, 2}).with("num_outputs", integer(3)).text(3),
            "float32[3,2] float32[3,2] float32[1,2]");
  EXPECT_EQ(Inferred("Split", 11).in({7}).with("split", ints({3, 4})).text(2),
            "float32[3] float32[4]");
  EXPECT_THAT(Inferred("Split").in({7}).ints({3, 3}).text(2), HasSubstr("6 of 7"));
  EXPECT_EQ(Inferred("Tile").in({2, 3}).ints({2, 0}).text(), "float32[4,0]");
}

TEST(IndexingShapes, CountsThatDependOnData) {
  EXPECT_EQ(Inferred("NonZero").in({2, 3}).text(), "int64[2,?]");
  EXPECT_EQ(Inferred("Unique").in({2, 3}).text(4), "float32[?] int64[?] int64[6] int64[?]");
  EXPECT_EQ(Inferred("TopK").in({2, 9}).ints({4}).text(2), "float32[2,4] int64[2,4]");
  EXPECT_THAT(Inferred("TopK").in({2, 3}).ints({4}).text(2), HasSubstr("k = 4"));
  EXPECT_EQ(Inferred("OneHot")
                .in({2}, DataType::kInt64)
                .constant(Tensor::scalar<int64_t>(9))
                .in({2})
                .with("axis", integer(0))
                .text(),
            "float32[9,2]");
}

}  // namespace
}  // namespace kasuri::test
