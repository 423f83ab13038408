#include "profiling/dynamic/exit_pieces.h"

#include <gtest/gtest.h>

namespace kasuri::profiling {
namespace {

TEST(ExitPieces, CandidatesArePowersOfTwoAndTheLargest) {
  EXPECT_EQ(piece_candidates(1), (std::vector<int64_t>{1}));
  EXPECT_EQ(piece_candidates(8), (std::vector<int64_t>{1, 2, 4, 8}));
  EXPECT_EQ(piece_candidates(11), (std::vector<int64_t>{1, 2, 4, 8, 11}));
}

TEST(ExitPieces, APlanOfItsOwnMustBeClearlyFaster) {
  EXPECT_EQ(worthwhile_pieces({{{1, 10.0}, {2, 19.0}, {4, 38.0}, {8, 76.0}}}),
            (std::vector<int64_t>{1}));
  EXPECT_EQ(worthwhile_pieces({{{1, 10.0}, {2, 15.0}, {4, 29.0}, {8, 48.0}}}),
            (std::vector<int64_t>{1, 2, 8}));
}

TEST(ExitPieces, OneDisturbedRoundDecidesNothing) {
  const std::map<int64_t, double> quiet = {{1, 10.0}, {8, 78.0}},
                                  disturbed = {{1, 90.0}, {8, 78.0}};
  EXPECT_EQ(worthwhile_pieces({quiet, disturbed, quiet}), (std::vector<int64_t>{1}));
  EXPECT_EQ(worthwhile_pieces({disturbed, quiet, disturbed}), (std::vector<int64_t>{1, 8}));
}

TEST(ExitPieces, RowsSplitIntoTheLargestFirst) {
  EXPECT_EQ(split_rows(13, {1, 2, 8}), (std::vector<int64_t>{8, 2, 2, 1}));
  EXPECT_EQ(split_rows(3, {1}), (std::vector<int64_t>{1, 1, 1}));
  EXPECT_TRUE(split_rows(0, {1, 4}).empty());
}

}  // namespace
}  // namespace kasuri::profiling
