#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;

TEST(ReductionShapes, AxesFromAttributeOrInput) {
  EXPECT_EQ(Inferred("ReduceMean", 13).in({2, 3, 4}).with("axes", ints({1})).text(),
            "float32[2,1,4]");
  EXPECT_EQ(Inferred("ReduceMean", 18).in({2, 3, 4}).ints({-1}).with("keepdims", integer(0)).text(),
            "float32[2,3]");
  EXPECT_EQ(Inferred("ReduceSum", 13).in({2, 3}).text(), "float32[1,1]");
}

TEST(ReductionShapes, NoAxesMeansAllUnlessToldOtherwise) {
  EXPECT_EQ(Inferred("ReduceSum").in({2, 3}).ints({}).with("keepdims", integer(0)).text(),
            "float32[]");
  EXPECT_EQ(
      Inferred("ReduceSum").in({2, 3}).ints({}).with("noop_with_empty_axes", integer(1)).text(),
      "float32[2,3]");
}

TEST(ReductionShapes, UnknownAxesKeepOnlyTheRank) {
  EXPECT_EQ(Inferred("ReduceSum").in({2, 3}).in({1}, DataType::kInt64).text(), "float32[?,?]");
  EXPECT_EQ(Inferred("ReduceSum")
                .in({2, 3})
                .in({1}, DataType::kInt64)
                .with("keepdims", integer(0))
                .text(),
            "float32[...]");
}

TEST(ReductionShapes, RefusesBadAxesAndTypes) {
  EXPECT_THAT(Inferred("ReduceSum").in({2, 3}).ints({2}).text(), HasSubstr("axis 2 is outside"));
  EXPECT_THAT(Inferred("ReduceSum").in({2, 3}).ints({1, -1}).text(), HasSubstr("twice"));
  EXPECT_THAT(Inferred("ReduceMin", 18).in({2}, DataType::kBool).text(), HasSubstr("bool"));
  EXPECT_EQ(Inferred("ReduceMin", 20).in({2}, DataType::kBool).text(), "bool[1]");
}

TEST(ReductionShapes, ArgMax) {
  EXPECT_EQ(
      Inferred("ArgMax").in({2, 3}).with("axis", integer(1)).with("keepdims", integer(0)).text(),
      "int64[2]");
}

}  // namespace
}  // namespace kasuri::test
