#include <gtest/gtest.h>

#include <cmath>

#include "engine/loops/simplify.h"
#include "tests/support/run_nest.h"
#include "tests/support/sample_nests.h"

namespace kasuri::loops {
namespace {

void expect_same(const Nest& before, const Nest& after) {
  ASSERT_TRUE(verify(after).ok()) << verify(after).error().text() << "\n" << print(after);
  for (uint64_t seed = 0; seed < 3; ++seed)
    EXPECT_EQ(run_nest(before, seed), run_nest(after, seed)) << print(before) << print(after);
}

TEST(Fuse, BiasAndGeluIsOneMap) {
  const Nest nest = bias_gelu(5, 7);
  const Nest fused = fuse(nest);
  EXPECT_EQ(1u, fused.stages.size()) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, ContiguousElementwiseChainIsOneFlatLoop) {
  const Nest nest = residual_relu({2, 3, 4, 5});
  const Nest fused = fuse(nest);
  ASSERT_EQ(1u, fused.stages.size()) << print(fused);
  EXPECT_EQ(Extents{120}, fused.stages[0].domain) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, MaskedSoftmaxIsOneNestOverRows) {
  const Nest nest = masked_softmax(2, 3, 5);
  const Nest fused = fuse(nest);
  EXPECT_GE(fused.outer_rank, 1) << print(fused);
  int64_t rows = 1;
  for (int v = 0; v < fused.outer_rank; ++v) rows *= fused.stages[0].domain[v];
  EXPECT_EQ(2 * 3 * 5, rows) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, DecomposedLayerNormIsOneNestOverRows) {
  const Nest nest = layer_norm_decomposed(2, 3, 8);
  const Nest fused = fuse(nest);
  ASSERT_EQ(1, fused.outer_rank) << print(fused);
  EXPECT_EQ(6, fused.stages[0].domain[0]) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, ViewsCostNothing) {
  const Nest nest = attention_operand(2, 3, 4, 5);
  const Nest fused = fuse(nest);
  ASSERT_EQ(1u, fused.stages.size()) << print(fused);
  EXPECT_EQ(ScalarKind::kLoad, fused.stages[0].b->kind) << print(fused);
  EXPECT_EQ(std::string::npos, print(fused).find("div")) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, BiasAndActivationBecomeTheEpilogue) {
  const Nest nest = linear_relu(4, 6, 5);
  const Nest fused = fuse(nest);
  ASSERT_EQ(1u, fused.stages.size()) << print(fused);
  EXPECT_EQ(StageKind::kContraction, fused.stages[0].kind);
  expect_same(nest, fused);
}

TEST(Fuse, ConcatBecomesASelect) {
  const Nest nest = concat_relu(3, 4, 5);
  const Nest fused = fuse(nest);
  ASSERT_EQ(1u, fused.stages.size()) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, GroupsOfChannelsStitchAcrossAReshape) {
  const Nest nest = group_norm(2, 6, 3, 4);
  const Nest fused = fuse(nest);
  EXPECT_GE(fused.outer_rank, 1) << print(fused);
  expect_same(nest, fused);
}

TEST(Fuse, ExpensiveWorkIsNotRepeated) {
  NestBuilder b("twice");
  const int x = b.input({4, 6}), e = b.local({4, 6}), s = b.local({4}), y = b.output({4, 6});
  b.map(e, unary(UnaryOp::kExp, b.here(x)));
  b.reduce(s, {4, 6}, 1, ReduceOp::kSum, b.here(e), {variable(0)});
  b.map(y, binary(BinaryOp::kDiv, b.here(e), b.at(s, {variable(0)})));
  const Nest fused = fuse(b.nest());
  int exponentials = 0;
  for (const Stage& stage : fused.stages)
    visit(stage.body, [&](const ScalarNode& n) {
      exponentials += n.kind == ScalarKind::kUnary && n.unary == UnaryOp::kExp;
    });
  EXPECT_EQ(1, exponentials) << print(fused);
  EXPECT_EQ(1, fused.outer_rank);
  expect_same(b.nest(), fused);
}

TEST(Inline, DeclinesWhatCannotBeInverted) {
  NestBuilder b("reduce");
  const int x = b.input({4, 6}), s = b.local({4}), y = b.output({4});
  b.reduce(s, {4, 6}, 1, ReduceOp::kSum, b.here(x), {variable(0)});
  b.map(y, b.here(s));
  EXPECT_FALSE(inline_buffer(b.nest(), s).ok());
  EXPECT_FALSE(inline_buffer(b.nest(), y).ok());
}

TEST(Stitch, DoesNotStitchWhatReadsAnotherRow) {
  NestBuilder b("shifted");
  const int x = b.input({6, 4}), s = b.local({6}), y = b.output({5, 4});
  b.reduce(s, {6, 4}, 1, ReduceOp::kSum, b.here(x), {variable(0)});
  b.map(y, binary(BinaryOp::kAdd, b.here(x), b.at(s, {add(variable(0), 1)})));
  EXPECT_EQ(0, stitch(b.nest()).outer_rank);
  expect_same(b.nest(), fuse(b.nest()));
}

TEST(Stitch, OneBufferReadAcrossRowsForbidsIt) {
  NestBuilder b("crossed");
  const int x = b.input({6, 4}), s = b.local({6}), t = b.local({6}), y = b.output({6, 4});
  const Scalar centred = binary(BinaryOp::kSub, b.here(x), b.at(s, {variable(0)}));
  const Scalar other = b.at(t, {mod(add(variable(0), 1), 6)});
  b.reduce(s, {6, 4}, 1, ReduceOp::kMax, b.here(x), {variable(0)});
  b.reduce(t, {6, 4}, 1, ReduceOp::kSum, centred, {variable(0)});
  b.map(y, binary(BinaryOp::kAdd, centred, other));
  EXPECT_EQ(0, stitch(b.nest()).outer_rank) << "row i needs t of row i + 1";
  expect_same(b.nest(), fuse(b.nest()));
}

TEST(Stitch, AnOutputMayBeReadBackAtTheSameRow) {
  NestBuilder b("kept");
  const int x = b.input({6, 4}), r = b.input({6, 4}), z = b.output({6, 4}), s = b.local({6});
  const int y = b.output({6, 4});
  b.map(z, binary(BinaryOp::kAdd, b.here(x), b.here(r)));
  b.reduce(s, {6, 4}, 1, ReduceOp::kSum, b.here(z), {variable(0)});
  b.map(y, binary(BinaryOp::kDiv, b.here(z), b.at(s, {variable(0)})));
  const Nest fused = fuse(b.nest());
  EXPECT_EQ(1, fused.outer_rank) << print(fused);
  EXPECT_EQ(3u, fused.stages.size());
  expect_same(b.nest(), fused);
}

TEST(Stitch, StagesOfOneDomainKeepAnInnerLoop) {
  NestBuilder b("columns");
  const int x = b.input({5, 3, 8}), s = b.local({5, 8}), y = b.output({5, 3, 8});
  b.reduce(s, {5, 8, 3}, 1, ReduceOp::kSum, b.at(x, {variable(0), variable(2), variable(1)}),
           identity(2));
  b.map(y, binary(BinaryOp::kSub, b.here(x), b.at(s, {variable(0), variable(2)})));
  const Nest fused = fuse(b.nest());
  EXPECT_EQ(1, fused.outer_rank) << "the last axis stays inside, for vectors\n" << print(fused);
  expect_same(b.nest(), fused);
}

TEST(Stitch, LocalOfARowIsOneElement) {
  const Nest fused = fuse(layer_norm_decomposed(2, 3, 8));
  for (int buffer = 0; buffer < static_cast<int>(fused.buffers.size()); ++buffer) {
    if (fused.buffers[buffer].role != BufferRole::kLocal) continue;
    EXPECT_LE(local_bytes(fused, buffer), 8 * 4) << print(fused);
  }
}

TEST(Chain, LinksBecomeLocals) {
  Nest first = residual_relu({4, 5}), second = residual_relu({4, 5});
  const int out = 3, in = 0;
  const Nest both = chain({first, second}, {{0, out, 1, in}});
  ASSERT_TRUE(verify(both).ok());
  const Nest fused = fuse(both);
  EXPECT_EQ(1u, fused.stages.size()) << print(fused);
  expect_same(both, fused);
}

}  // namespace
}  // namespace kasuri::loops
