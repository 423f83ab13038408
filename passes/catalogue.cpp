#include "passes/catalogue.h"

#include "passes/fold/fold_constants.h"
#include "passes/fold/fold_weights.h"
#include "passes/fold/fuse_batch_norm.h"
#include "passes/fold/infer_types.h"
#include "passes/fold/remove_dead_nodes.h"
#include "passes/fuse/fuse_contraction_epilogue.h"
#include "passes/fuse/recognize_gelu.h"
#include "passes/fuse/recognize_layer_norm.h"
#include "passes/fuse/recognize_softmax.h"
#include "passes/fuse/stitch_memory_bound.h"
#include "passes/int8/contract_in_int8.h"
#include "passes/int8/duplicate_dequantize.h"
#include "passes/layout/eliminate_views.h"
#include "passes/layout/keep_channels_last.h"
#include "passes/memory/memory_rules.h"
#include "passes/merge/merge_parallel_convs.h"
#include "passes/simplify/drop_expand.h"
#include "passes/simplify/merge_equal_nodes.h"
#include "passes/simplify/merge_movements.h"
#include "passes/simplify/move_scale.h"
#include "passes/simplify/remove_identity.h"
#include "passes/simplify/take_slice.h"
#include "passes/simplify/unfold_gemm.h"

namespace kasuri {
namespace {

template <typename... Rules>
std::vector<std::shared_ptr<const Rule>> rules() {
  return {std::make_shared<const Rules>()...};
}

PassList make_catalogue() {
  PassList passes;
  passes.push_back({.name = "fold",
                    .law = "what depends on constants and shapes only is computed once",
                    .stands = "first: all later rules match constants and true reader counts",
                    .always_on = true,
                    .rules = rules<InferTypes, FoldConstants, RemoveDeadNodes>()});
  passes.push_back(
      {.name = "simplify",
       .law = "equal computations once, neutral ones never",
       .stands = "after folding, before rules that look at neighbours",
       .rules = rules<RemoveIdentity, MergeTransposes, UnfoldGemm, MergeReshapes, DropExpand,
                      TakeSlice, MoveScaleBehindMatMul, MergeEqualNodes, RemoveDeadNodes>()});
  passes.push_back({.name = "fold-bn",
                    .law = "affine maps behind a contraction move into its weights",
                    .stands = "before merging and fusion, which then see plain contractions",
                    .rules = rules<FuseConvBatchNorm, FuseGemmBatchNorm, FoldMulAddIntoConv>()});
  passes.push_back({.name = "merge",
                    .law = "parallel convolutions of one input that are added become one",
                    .stands = "after fold-bn (branches are plain), before fuse (the sum is gone)",
                    .rules = rules<MergeParallelConvs>()});
  passes.push_back({.name = "int8",
                    .law = "contractions of dequantised numbers run over their 8-bit codes",
                    .stands = "before fuse and before the weights' codes are folded",
                    .in_turn = true,
                    .rules = rules<DuplicateDequantize, ContractInInt8>()});
  passes.push_back({.name = "fold-weights",
                    .law = "codes of weights that no kernel takes become numbers once",
                    .stands = "behind int8, which decides whose codes are taken",
                    .always_on = true,
                    .rules = rules<FoldWeights, RemoveDeadNodes>()});
  passes.push_back(
      {.name = "fuse",
       .law = "well-known groups and whatever is elementwise behind a contraction",
       .stands = "after merge; norms and softmax first, they need their neighbours",
       .in_turn = true,
       .rules =
           rules<RecognizeLayerNorm, RecognizeSoftmax, FuseContractionEpilogue, RecognizeGelu>()});
  passes.push_back({.name = "stitch",
                    .law = "memory-bound neighbours on the same rows become one kernel",
                    .stands = "after fuse, whose groups it extends",
                    .rules = rules<StitchMemoryBound>()});
  passes.push_back({.name = "layout",
                    .law = "values lie where their readers want them; movements become index maps",
                    .stands = "after grouping; layouts first, they decide which movements remain",
                    .in_turn = true,
                    .rules = rules<KeepChannelsLast, EliminateViews>()});
  PassList::value_type memory{.name = "memory",
                              .law = "less memory for the same steps",
                              .stands = "last: it speaks about the steps that are left",
                              .rules = rules<ReuseInPlace>()};
  for (auto& rule : planning_rules()) memory.rules.push_back(std::move(rule));
  passes.push_back(std::move(memory));
  return passes;
}

}  // namespace

const PassList& catalogue() {
  static const PassList kPasses = make_catalogue();
  return kPasses;
}

}  // namespace kasuri
