#include "passes/fuse/fuse_contraction_epilogue.h"
#include "passes/fuse/recognize_gelu.h"
#include "passes/fuse/recognize_layer_norm.h"
#include "passes/fuse/recognize_softmax.h"
#include "tests/support/rewrite_check.h"

namespace kasuri::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// A builder whose steps read like formulas.
struct Formula {
  Formula() { b.opset("", 17); }
  ValueId input(std::vector<int64_t> extents) { return b.input("x", f32(extents)); }
  ValueId op(const std::string& name, std::vector<ValueId> inputs,
             std::map<std::string, Attribute> a = {}) {
    return b.add({"", name}, name, std::move(inputs), 1, std::move(a))[0];
  }
  ValueId c(float v) { return b.constant("c", Tensor::of<float>({}, {v})); }
  ValueId weights(std::vector<int64_t> extents) {
    return b.constant("w", random_tensor(extents, ++seed));
  }
  ValueId mean(ValueId v) {
    return op("ReduceMean", {v}, {{"axes", std::vector<int64_t>{-1}}, {"keepdims", int64_t{1}}});
  }
  Graph graph(ValueId y) {
    b.output("y", y);
    return typed(b);
  }
  ValueId gelu(ValueId v) {
    const ValueId e = op("Add", {op("Erf", {op("Div", {v, c(1.41421356F)})}), c(1)});
    return op("Mul", {op("Mul", {v, e}), c(0.5F)});
  }
  GraphBuilder b;
  uint32_t seed = 0;
};

TEST(FuseContractionEpilogue, TakesBiasActivationAndResidual) {
  Formula f;
  const ValueId x = f.op("Relu", {f.input({1, 4, 4, 4})});
  const ValueId conv = f.op("Conv", {x, f.weights({4, 4, 1, 1})});
  const ValueId biased = f.op("Add", {conv, f.weights({4, 1, 1})});
  const ValueId swish = f.op("Mul", {biased, f.op("Sigmoid", {biased})});
  const OptimizedGraph r = rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Add", {swish, x})));
  EXPECT_THAT(group_texts(r),
              ElementsAre("Conv + bias + Swish + residual: Conv Add Sigmoid Mul Add"));
  EXPECT_EQ(r.log.entries()[0].site, "FuseContractionEpilogue@Conv");
}

TEST(FuseContractionEpilogue, TakesGeluBehindMatMul) {
  Formula f;
  const ValueId m = f.op("MatMul", {f.input({2, 8, 4}), f.weights({4, 6})});
  const OptimizedGraph r = rewrite_with<FuseContractionEpilogue, RecognizeGelu>(
      f.graph(f.gelu(f.op("Add", {m, f.weights({6})}))));
  EXPECT_THAT(group_texts(r), ElementsAre("MatMul + bias + GELU: MatMul Add Div Erf Add Mul Mul"));
}

TEST(FuseContractionEpilogue, StopsWhereAValueIsReadElsewhere) {
  Formula f;
  const ValueId m = f.op("MatMul", {f.input({8, 4}), f.weights({4, 6})});
  const ValueId relu = f.op("Relu", {m});
  f.b.output("z", relu);
  const OptimizedGraph r = rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Exp", {relu})));
  EXPECT_THAT(group_texts(r), ElementsAre("MatMul + Relu: MatMul Relu"));
}

TEST(FuseContractionEpilogue, MustNotFireBecauseTheResultIsReadTwice) {
  Formula f;
  const ValueId m = f.op("MatMul", {f.input({8, 4}), f.weights({4, 6})});
  f.b.output("z", m);
  EXPECT_THAT(group_texts(rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Relu", {m})))),
              IsEmpty());
}

TEST(FuseContractionEpilogue, MustNotFireBecauseTheShapeWidens) {
  Formula f;
  const ValueId m = f.op("MatMul", {f.input({1, 4}), f.weights({4, 6})});
  const OptimizedGraph r =
      rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Add", {m, f.weights({3, 6})})));
  EXPECT_THAT(reasons(r), Contains("the next step changes type or shape"));
}

TEST(FuseContractionEpilogue, MustNotFireBecauseTheEngineRefuses) {
  Formula f;
  TestServices services;
  services.engine.refusal = "no kernel for this";
  const ValueId m = f.op("MatMul", {f.input({8, 4}), f.weights({4, 6})});
  const OptimizedGraph r =
      rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Relu", {m})), services);
  EXPECT_THAT(reasons(r), Contains("no kernel for this"));
}

TEST(FuseContractionEpilogue, LeavesTheResidualToTheLaterContraction) {
  Formula f;
  const ValueId x = f.input({8, 4});
  const ValueId p = f.op("MatMul", {x, f.weights({4, 6})}),
                q = f.op("MatMul", {x, f.weights({4, 6})});
  const OptimizedGraph r = rewrite_with<FuseContractionEpilogue>(f.graph(f.op("Add", {p, q})));
  EXPECT_THAT(group_texts(r), ElementsAre("MatMul + residual: MatMul Add"));
  EXPECT_EQ(r.log.entries().back().site, "FuseContractionEpilogue@MatMul");
}

TEST(RecognizeGelu, KnowsErfAndTanhForms) {
  Formula erf;
  const ValueId x = erf.op("Neg", {erf.input({4, 8})});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeGelu>(erf.graph(erf.gelu(x)))),
              ElementsAre("GELU: Div Erf Add Mul Mul"));
  Formula tanh;
  const ValueId v = tanh.op("Neg", {tanh.input({4, 8})});
  const ValueId half = tanh.op("Mul", {v, tanh.c(0.5F)});
  const ValueId cube = tanh.op("Mul", {tanh.op("Pow", {v, tanh.c(3)}), tanh.c(0.044715F)});
  const ValueId inner = tanh.op("Mul", {tanh.op("Add", {v, cube}), tanh.c(0.79788456F)});
  const ValueId y = tanh.op("Mul", {half, tanh.op("Add", {tanh.op("Tanh", {inner}), tanh.c(1)})});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeGelu>(tanh.graph(y))),
              ElementsAre("GELU: Mul Pow Mul Add Mul Tanh Add Mul"));
}

TEST(RecognizeGelu, MustNotFireBecauseTheFormulaDiffers) {
  Formula f;
  const ValueId x = f.op("Neg", {f.input({4, 8})});
  const ValueId e = f.op("Add", {f.op("Erf", {f.op("Div", {x, f.c(2)})}), f.c(1)});
  const OptimizedGraph r =
      rewrite_with<RecognizeGelu>(f.graph(f.op("Mul", {f.op("Mul", {x, e}), f.c(0.5F)})));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("the formula is not GELU, or a value inside is read elsewhere"));
}

TEST(RecognizeLayerNorm, KnowsTheTorchForm) {
  Formula f;
  const ValueId x = f.op("Neg", {f.input({3, 8})});
  const ValueId d = f.op("Sub", {x, f.mean(x)});
  const ValueId v = f.mean(f.op("Pow", {d, f.c(2)}));
  const ValueId n = f.op("Div", {d, f.op("Sqrt", {f.op("Add", {v, f.c(1e-5F)})})});
  const ValueId y = f.op("Add", {f.op("Mul", {n, f.weights({8})}), f.weights({8})});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeLayerNorm>(f.graph(f.op("Relu", {y})))),
              ElementsAre("LayerNorm: ReduceMean Sub Pow ReduceMean Add Sqrt Div Mul Add Relu"));
}

TEST(RecognizeLayerNorm, KnowsTwoSubtractionsAndRms) {
  Formula two;
  const ValueId x = two.op("Neg", {two.input({3, 8})});
  const ValueId m = two.mean(x), d = two.op("Sub", {x, m});
  const ValueId v = two.mean(two.op("Pow", {d, two.c(2)}));
  const ValueId e = two.op("Sub", {x, m});
  const ValueId y = two.op("Div", {e, two.op("Sqrt", {two.op("Add", {v, two.c(1e-5F)})})});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeLayerNorm>(two.graph(y))),
              ElementsAre("LayerNorm: ReduceMean Sub Pow ReduceMean Sub Add Sqrt Div"));
  Formula rms;
  const ValueId z = rms.op("Neg", {rms.input({3, 8})});
  const ValueId s =
      rms.op("Sqrt", {rms.op("Add", {rms.mean(rms.op("Pow", {z, rms.c(2)})), rms.c(1e-6F)})});
  const ValueId n = rms.op("Mul", {z, rms.op("Reciprocal", {s})});
  const ValueId out = rms.op("Mul", {rms.weights({8}), n});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeLayerNorm>(rms.graph(out))),
              ElementsAre("RMSNorm: Pow ReduceMean Add Sqrt Reciprocal Mul Mul"));
}

TEST(RecognizeLayerNorm, MustNotFireBecauseTheDeviationIsAnOutput) {
  Formula f;
  const ValueId x = f.op("Neg", {f.input({3, 8})});
  const ValueId s = f.op("Sqrt", {f.mean(f.op("Mul", {x, x}))});
  f.b.output("deviation", s);
  const OptimizedGraph r = rewrite_with<RecognizeLayerNorm>(f.graph(f.op("Div", {x, s})));
  EXPECT_THAT(group_texts(r), IsEmpty());
  EXPECT_THAT(reasons(r), Contains("a value inside the norm is read elsewhere"));
}

TEST(RecognizeSoftmax, TakesScaleMaskAndTheGuardOfTorch) {
  Formula f;
  const ValueId scores = f.op("Neg", {f.input({2, 4, 4})});
  const ValueId masked = f.op("Add", {f.op("Div", {scores, f.c(8)}), f.weights({1, 4, 4})});
  const ValueId p = f.op("Softmax", {masked}, {{"axis", int64_t{-1}}});
  const ValueId y = f.op("Where", {f.op("IsNaN", {p}), f.c(0), p});
  EXPECT_THAT(group_texts(rewrite_with<RecognizeSoftmax>(f.graph(y))),
              ElementsAre("scale + mask + Softmax: Div Add Softmax IsNaN Where"));
}

TEST(RecognizeSoftmax, MustNotFireBecauseScoresAreReadElsewhere) {
  Formula f;
  const ValueId scaled = f.op("Div", {f.op("Neg", {f.input({4, 4})}), f.c(8)});
  f.b.output("scores", scaled);
  const OptimizedGraph r =
      rewrite_with<RecognizeSoftmax>(f.graph(f.op("Softmax", {scaled}, {{"axis", int64_t{-1}}})));
  EXPECT_THAT(group_texts(r), IsEmpty());
}

}  // namespace
}  // namespace kasuri::testing
