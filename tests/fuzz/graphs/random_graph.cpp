#include "tests/fuzz/graphs/random_graph.h"

#include <algorithm>

#include "engine/ir/shape_inference.h"
#include "tests/fuzz/graphs/graph_maker.h"

namespace kasuri::testing {
namespace {

using Family = void (*)(GraphMaker&);

/// Families, as often as they are listed.
const std::vector<Family> kFamilies = {
    add_elementwise,   add_elementwise,   add_elementwise, add_elementwise,       add_elementwise,
    add_movement,      add_movement,      add_movement,    add_movement,          add_indexing,
    add_indexing,      add_reduction,     add_reduction,   add_contraction,       add_contraction,
    add_convolution,   add_convolution,   add_pooling,     add_spelled_out,       add_spelled_out,
    add_normalisation, add_normalisation, add_comparison,  add_integer_arithmetic};
const std::vector<Family> kRareFamilies = {
    add_rarity,       add_rarity,       add_rarity,          add_rarity,
    add_control_flow, add_control_flow, add_quantisation,    add_quantisation,
    add_quantisation, add_recurrence,   add_narrow_integers, add_narrow_integers};

void add_outputs(GraphMaker& maker) {
  const Graph& graph = maker.builder().peek();
  std::vector<bool> read(graph.value_capacity(), false);
  for (NodeId id : graph.node_ids())
    for (ValueId in : graph.node(id).inputs)
      if (in.valid()) read[in.index()] = true;
  std::vector<ValueId> chosen;
  for (const Operand& o : maker.pool()) {
    const bool leaf = !read[o.id.index()] && graph.value(o.id).producer.valid();
    if (leaf ? maker.chance(85) : maker.chance(12)) chosen.push_back(o.id);
  }
  chosen.insert(chosen.end(), maker.left().begin(), maker.left().end());
  if (chosen.empty()) chosen.push_back(maker.pool().back().id);
  if (maker.chance(5)) chosen.push_back(chosen.front());
  for (size_t i = 0; i < chosen.size(); ++i)
    maker.builder().output("out" + std::to_string(i), chosen[i]);
}

}  // namespace

Graph random_graph(uint64_t seed) {
  GraphMaker maker(seed);
  maker.any_float(2, 4);
  if (maker.chance(50)) maker.any_float(1, 4);
  const int64_t steps = maker.chance(70) ? maker.draw(2, 10) : maker.draw(1, 25);
  for (int64_t i = 0; i < steps; ++i)
    (maker.chance(12) ? maker.one_of(kRareFamilies) : maker.one_of(kFamilies))(maker);
  add_outputs(maker);
  auto graph = maker.builder().take();
  if (!graph.ok()) throw TypingFailure(graph.error().text());
  auto typed = infer_graph(*std::move(graph));
  if (!typed.ok()) throw TypingFailure(typed.error().text());
  return *std::move(typed);
}

}  // namespace kasuri::testing
