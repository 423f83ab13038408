#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

using testing::HasSubstr;
const Dim kBatch = Dim::symbol("batch");

TEST(ReshapingShapes, ReshapeDeducesTheHole) {
  EXPECT_EQ(Inferred("Reshape").in({2, 3, 4}).ints({0, -1}).text(), "float32[2,12]");
  EXPECT_EQ(Inferred("Reshape").in({kBatch, 3, 4}).ints({0, -1}).text(), "float32[batch,12]");
  EXPECT_EQ(Inferred("Reshape").in({kBatch, 3, 4}).ints({-1, 12}).text(), "float32[?,12]");
  EXPECT_EQ(Inferred("Reshape").in({0, 4}).ints({0, 7}).with("allowzero", integer(1)).text(),
            "float32[0,7]");
  EXPECT_EQ(Inferred("Reshape", 1).in({6}).with("shape", ints({2, 3})).text(), "float32[2,3]");
  EXPECT_EQ(Inferred("Reshape").in({6}).in({3}, DataType::kInt64).text(), "float32[?,?,?]");
}

TEST(ReshapingShapes, ReshapeRefusesWrongCounts) {
  EXPECT_THAT(Inferred("Reshape").in({2, 3}).ints({4, 2}).text(), HasSubstr("6 elements"));
  EXPECT_THAT(Inferred("Reshape").in({2, 3}).ints({4, -1}).text(), HasSubstr("do not divide"));
  EXPECT_THAT(Inferred("Reshape").in({2, 3}).ints({-1, -1}).text(), HasSubstr("more than one -1"));
  EXPECT_THAT(Inferred("Reshape").in({2, 3}).ints({2, 3, 0}).text(),
              HasSubstr("beyond the input's rank"));
  EXPECT_THAT(Inferred("Reshape").in({2, 3}).ints({-7}).text(), HasSubstr("extent -7"));
}

TEST(ReshapingShapes, SqueezeAndUnsqueezeInBothForms) {
  EXPECT_EQ(Inferred("Squeeze", 11).in({1, 3, 1}).with("axes", ints({0})).text(), "float32[3,1]");
  EXPECT_EQ(Inferred("Squeeze", 13).in({1, 3, 1}).ints({-1}).text(), "float32[1,3]");
  EXPECT_EQ(Inferred("Squeeze", 13).in({1, 3, 1}).text(), "float32[3]");
  EXPECT_THAT(Inferred("Squeeze", 13).in({1, 3, 1}).ints({1}).text(), HasSubstr("has extent 3"));
  EXPECT_EQ(Inferred("Unsqueeze", 11).in({3}).with("axes", ints({0, 2})).text(), "float32[1,3,1]");
  EXPECT_EQ(Inferred("Unsqueeze", 13).in({3, 4}).ints({-1, 0}).text(), "float32[1,3,4,1]");
}

TEST(ReshapingShapes, TransposeFlattenExpand) {
  EXPECT_EQ(Inferred("Transpose").in({2, 3, 4}).text(), "float32[4,3,2]");
  EXPECT_EQ(Inferred("Transpose").in({2, 3, 4}).with("perm", ints({1, 0, 2})).text(),
            "float32[3,2,4]");
  EXPECT_THAT(Inferred("Transpose").in({2, 3}).with("perm", ints({1, 1})).text(),
              HasSubstr("twice"));
  EXPECT_EQ(Inferred("Flatten").in({2, 3, 4}).with("axis", integer(2)).text(), "float32[6,4]");
  EXPECT_EQ(Inferred("Flatten").in({2, 3, 4}).with("axis", integer(-3)).text(), "float32[1,24]");
  EXPECT_THAT(Inferred("Flatten").in({2, 3}).with("axis", integer(-3)).text(),
              HasSubstr("axis -3"));
  EXPECT_EQ(Inferred("Expand").in({3, 1}).ints({2, 1, 5}).text(), "float32[2,3,5]");
  EXPECT_THAT(Inferred("Expand").in({3}).ints({2}).text(), HasSubstr("does not expand"));
}

TEST(ReshapingShapes, ShapeAndSize) {
  EXPECT_EQ(Inferred("Shape").in({kBatch, 3, 4}).text(), "int64[3]");
  EXPECT_EQ(
      Inferred("Shape").in({2, 3, 4}).with("start", integer(-2)).with("end", integer(9)).text(),
      "int64[2]");
  EXPECT_EQ(Inferred("Size").in({2}).text(), "int64[]");
}

TEST(ReshapingShapes, DepthAndSpace) {
  EXPECT_EQ(Inferred("DepthToSpace").in({1, 8, 2, 3}).with("blocksize", integer(2)).text(),
            "float32[1,2,4,6]");
  EXPECT_EQ(Inferred("SpaceToDepth").in({1, 2, 4, 6}).with("blocksize", integer(2)).text(),
            "float32[1,8,2,3]");
  EXPECT_THAT(Inferred("DepthToSpace").in({1, 3, 2, 3}).with("blocksize", integer(2)).text(),
              HasSubstr("do not divide"));
}

}  // namespace
}  // namespace kasuri::test
