#include "tests/unit/shape_inference/inference_fixture.h"

namespace kasuri::test {
namespace {

const Dim kBatch = Dim::symbol("batch");

TEST(ElementwiseShapes, BroadcastsNumbersAndSymbols) {
  EXPECT_EQ(Inferred("Add").in({2, 1, 4}).in({3, 1}).text(), "float32[2,3,4]");
  EXPECT_EQ(Inferred("Mul").in({kBatch, 4}).in({4}).text(), "float32[batch,4]");
  EXPECT_EQ(Inferred("Mul").in({kBatch}).in({kBatch}).text(), "float32[batch]");
  EXPECT_EQ(Inferred("Mul").in({kBatch}).in({7}).text(), "float32[7]");
  EXPECT_EQ(Inferred("Mul").in({kBatch}).in({Dim::symbol("other")}).text(), "float32[?]");
  EXPECT_EQ(Inferred("Sub").in({0, 4}).in({1, 4}).text(), "float32[0,4]");
}

TEST(ElementwiseShapes, RefusesWhatDoesNotBroadcast) {
  EXPECT_EQ(Inferred("Add").in({2, 3}).in({4}).text(),
            "error: node 'node' (Add, opset 21): the shapes [2,3] and [4] do not broadcast");
  EXPECT_THAT(Inferred("Add").in({2}).in({2}, DataType::kInt64).text(),
              testing::HasSubstr("differ"));
  EXPECT_THAT(Inferred("Add").in({2}).text(), testing::HasSubstr("input 1 is missing"));
}

TEST(ElementwiseShapes, OldBroadcastKeepsTheLeftShape) {
  EXPECT_EQ(Inferred("Add", 6).in({2, 3, 4}).in({3}).with("axis", integer(1)).text(),
            "float32[2,3,4]");
}

TEST(ElementwiseShapes, ResultTypes) {
  EXPECT_EQ(Inferred("Less").in({2, 1}).in({3}).text(), "bool[2,3]");
  EXPECT_EQ(Inferred("Cast").in({2}).with("to", integer(7)).text(), "int64[2]");
  EXPECT_EQ(Inferred("Where").in({2, 1}, DataType::kBool).in({3}).in({}).text(), "float32[2,3]");
  EXPECT_EQ(Inferred("Dropout").in({2}).text(2), "float32[2] bool[2]");
  EXPECT_EQ(Inferred("Dropout", 7).in({2}).text(2), "float32[2] float32[2]");
  EXPECT_THAT(Inferred("Cast").in({2}).with("to", integer(99)).text(),
              testing::HasSubstr("no data type"));
}

TEST(ElementwiseShapes, UnknownRankStaysUnknown) {
  EXPECT_EQ(Inferred("Add").typed(ValueType::tensor(DataType::kFloat)).in({3}).text(),
            "float32[...]");
}

TEST(ElementwiseShapes, UnknownOperatorIsNoError) {
  EXPECT_EQ(Inferred("Frobnicate").in({2}).text(), "undefined[...]");
  EXPECT_FALSE(is_known_operator({"", "Frobnicate"}));
  EXPECT_TRUE(is_known_operator({"", "Add"}));
}

}  // namespace
}  // namespace kasuri::test
