#include "passes/merge/merge_parallel_convs.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;

struct Block {
  explicit Block(int64_t channels = 4, int64_t group = 1, int64_t stride = 1)
      : channels_(channels), group_(group), stride_(stride) {
    b.opset("", 17);
    x = b.add({"", "Relu"}, "relu", {b.input("x", f32({2, channels, 6, 7}))})[0];
  }
  ValueId conv(int64_t kernel, bool bias = true, int64_t stride = 0) {
    const std::string name = "conv" + std::to_string(count_++);
    const int64_t pad = kernel / 2, s = stride ? stride : stride_;
    std::vector<ValueId> in{
        x, b.constant(name + "_w",
                      random_tensor({channels_, channels_ / group_, kernel, kernel}, count_))};
    if (bias) in.push_back(b.constant(name + "_b", random_tensor({channels_}, 50 + count_)));
    return b.add({"", "Conv"}, name, in, 1,
                 {{"group", group_},
                  {"pads", std::vector<int64_t>{pad, pad, pad, pad}},
                  {"strides", std::vector<int64_t>{s, s}}})[0];
  }
  ValueId norm() {
    return b.add({"", "BatchNormalization"}, "bn",
                 {x, b.constant("s", random_tensor({channels_}, 1)),
                  b.constant("t", random_tensor({channels_}, 2)),
                  b.constant("m", random_tensor({channels_}, 3)),
                  b.constant("v", random_tensor({channels_}, 4, true))})[0];
  }
  ValueId add(ValueId p, ValueId q) { return b.add({"", "Add"}, "add", {p, q})[0]; }
  OptimizedGraph merge(ValueId sum) {
    b.output("y", b.add({"", "Neg"}, "neg", {sum})[0]);
    return rewrite_with<MergeParallelConvs>(typed(b));
  }
  GraphBuilder b;
  ValueId x;

 private:
  int64_t channels_, group_, stride_;
  int count_ = 0;
};

TEST(MergeParallelConvs, MergesPointAndSquareKernels) {
  Block f;
  EXPECT_EQ(operators(*f.merge(f.add(f.conv(1), f.conv(3, false))).graph), "Relu Conv Neg");
}

TEST(MergeParallelConvs, MergesAMobileOneBlockInOneStep) {
  Block f(4, 4);
  const ValueId first = f.add(f.conv(1), f.conv(3));
  const OptimizedGraph result = f.merge(f.add(f.add(f.add(first, f.conv(3)), f.conv(3)), f.norm()));
  EXPECT_EQ(operators(*result.graph), "Relu Conv Neg");
  EXPECT_EQ(result.log.applied("MergeParallelConvs"), 1u);
}

TEST(MergeParallelConvs, TakesIdentityAndStridesAndAnyAssociation) {
  Block identity;
  EXPECT_EQ(operators(*identity
                           .merge(identity.add(identity.x,
                                               identity.add(identity.conv(3), identity.conv(5))))
                           .graph),
            "Relu Conv Neg");
  Block strided(4, 2, 2);
  EXPECT_EQ(operators(*strided.merge(strided.add(strided.conv(1), strided.conv(3))).graph),
            "Relu Conv Neg");
}

TEST(MergeParallelConvs, KeepsForeignSummands) {
  Block f;
  const ValueId other = f.b.add({"", "Sigmoid"}, "sig", {f.x})[0];
  const OptimizedGraph result = f.merge(f.add(f.conv(3), f.add(other, f.conv(1))));
  EXPECT_EQ(operators(*result.graph), "Relu Sigmoid Conv Add Neg");
}

TEST(MergeParallelConvs, MustNotFireBecauseStridesDiffer) {
  Block f;
  const ValueId p = f.b.add({"", "GlobalAveragePool"}, "p", {f.conv(3)})[0];
  const ValueId q = f.b.add({"", "GlobalAveragePool"}, "q", {f.conv(3, true, 2)})[0];
  EXPECT_EQ(operators(*f.merge(f.add(p, q)).graph),
            "Relu Conv GlobalAveragePool Conv GlobalAveragePool Add Neg");
}

TEST(MergeParallelConvs, MustNotFireBecauseABranchIsReadElsewhere) {
  Block f;
  const ValueId p = f.conv(1);
  f.b.output("p", p);
  EXPECT_EQ(operators(*f.merge(f.add(p, f.conv(3))).graph), "Relu Conv Conv Add Neg");
}

TEST(MergeParallelConvs, MustNotFireBecauseCrossedKernelsNeedMoreTaps) {
  Block f(4, 4);
  const auto line = [&](const std::string& name, std::vector<int64_t> k,
                        std::vector<int64_t> pads) {
    return f.b.add({"", "Conv"}, name,
                   {f.x, f.b.constant(name + "w", random_tensor({4, 1, k[0], k[1]}, 3))}, 1,
                   {{"group", int64_t{4}}, {"pads", pads}})[0];
  };
  const OptimizedGraph result =
      f.merge(f.add(line("h", {1, 7}, {0, 3, 0, 3}), line("v", {7, 1}, {3, 0, 3, 0})));
  EXPECT_EQ(operators(*result.graph), "Relu Conv Conv Add Neg");
  EXPECT_THAT(reasons(result), Contains("the common kernel has more taps than the branches"));
}

}  // namespace
}  // namespace kasuri::testing
