#include "passes/catalogue.h"

#include "passes/fold/fold_constants.h"
#include "passes/fold/infer_types.h"
#include "passes/fold/remove_dead_nodes.h"

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
  return passes;
}

}  // namespace

const PassList& catalogue() {
  static const PassList kPasses = make_catalogue();
  return kPasses;
}

}  // namespace kasuri
