#include <gtest/gtest.h>

#include "profiling/default_sizes.h"
#include "profiling/sentences/in_japanese.h"

namespace kasuri::profiling {
namespace {

const std::vector<DimBinding> kDims = {{"x", 0, "batch", 4, false},
                                       {"x", 1, "past", 1, true},
                                       {"y", 1, "past", 1, true},
                                       {"y", 2, "", 1, true}};

TEST(DefaultSizes, AreNamedOnceWhereTheyMayBeTheReason) {
  const Error error = with_default_sizes(Error("index 1 is outside an axis of 1"), kDims);
  EXPECT_EQ(error.text(),
            "index 1 is outside an axis of 1; 1 was taken for sizes nobody gave: past, y:2 "
            "(--dim NAME=N)");
  const std::string japanese = in_japanese(error.text());
  EXPECT_NE(japanese.find("past, y:2（--dim 名前=N"), std::string::npos) << japanese;
  EXPECT_EQ(japanese.find("nobody"), std::string::npos);
}

TEST(DefaultSizes, AreNoReasonWhereThereAreNoneOrNobodyErred) {
  EXPECT_EQ(with_default_sizes(Error("wrong"), {kDims[0]}).text(), "wrong");
  EXPECT_EQ(with_default_sizes(Error::cancelled(), kDims).text(), "cancelled");
}

TEST(DefaultSizes, ManyAreNotAllListed) {
  std::vector<DimBinding> many;
  for (int axis = 0; axis < 9; ++axis) many.push_back({"x", axis, "", 1, true});
  EXPECT_NE(with_default_sizes(Error("wrong"), many).text().find("x:3, ... ("), std::string::npos);
}

}  // namespace
}  // namespace kasuri::profiling
