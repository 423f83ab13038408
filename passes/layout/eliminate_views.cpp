#include "passes/layout/eliminate_views.h"

#include <algorithm>
#include <map>

#include "engine/rewrite/pattern.h"
#include "passes/fuse/region.h"
#include "passes/layout/view_facts.h"

namespace kasuri {
namespace {

constexpr size_t kMostReaders = 8;
constexpr int kMostViewsInARow = 4;

/// A kernel that reads the view, named by one of its members, and the views on the way to it.
using Readers = std::map<NodeId, std::vector<NodeId>>;

class ViewSite {
 public:
  ViewSite(const Scene& scene, const Rule& rule, const Node& view)
      : scene_(scene), graph_(scene.graph), rule_(rule), view_(view) {}

  /// Into everything that reads it.
  Match into_readers() {
    std::vector<NodeId> path{view_.id};
    Readers readers;
    for (ValueId out : view_.outputs)
      if (auto reason = out.valid() ? find_readers(out, path, readers) : std::nullopt)
        return Declined{*reason};
    KASURI_DECLINE_UNLESS(readers.size() <= kMostReaders, "too many kernels read it");
    double before = cost_of_views(readers), after = 0;
    Proposal proposal;
    for (const auto& [reader, views] : readers) {
      if (auto reason = unsuited(graph_.node(reader))) return Declined{*reason};
      Region region = unit(reader);
      before += cost(region);
      for (NodeId v : views) region.absorb(v);
      after += cost(region);
      Match formed = region.form(kind_of(reader), rule_, view_);
      if (auto* declined = std::get_if<Declined>(&formed)) return *declined;
      auto& decisions = std::get<Proposal>(formed).decisions;
      proposal.decisions.insert(proposal.decisions.end(), decisions.begin(), decisions.end());
    }
    KASURI_DECLINE_UNLESS(after < before, "reading through the view would cost more than the copy");
    proposal.nodes = {view_.id};
    return proposal;
  }

  /// Into the kernel that makes its input.
  Match into_producer() {
    const Node* maker = producer_of(graph_, view_.input(0));
    KASURI_DECLINE_UNLESS(maker && view_.outputs.size() == 1, "its input is not made by a kernel");
    std::vector<NodeId> views{view_.id};
    while (scene_.services.legality.is_view(graph_, *maker) && views.size() < kMostViewsInARow) {
      KASURI_DECLINE_UNLESS(only_reader(graph_, maker->output(0)),
                            "its input is read elsewhere too");
      views.push_back(maker->id);
      maker = producer_of(graph_, maker->input(0));
      KASURI_DECLINE_UNLESS(maker, "its input is not made by a kernel");
    }
    const Node& first = graph_.node(views.back());
    KASURI_DECLINE_UNLESS(only_reader(graph_, first.input(0)), "its input is read elsewhere too");
    KASURI_DECLINE_UNLESS(is_kernel(*maker), "its input is not made by a kernel");
    Region region = unit(maker->id);
    const double before =
        cost(region) + scene_.services.cost_model.kernel_ns(graph_, {&view_.id, 1});
    for (NodeId v : views) region.absorb(v);
    KASURI_DECLINE_UNLESS(cost(region) < before, "writing through the view would cost more");
    Match formed = region.form(kind_of(maker->id), rule_, view_);
    if (auto* proposal = std::get_if<Proposal>(&formed)) proposal->nodes = {view_.id};
    return formed;
  }

 private:
  bool is_kernel(const Node& node) const {
    return is_contraction(node) || !scene_.services.legality.why_no_nest(graph_, node);
  }

  /// Empty: every reader was found; else why it cannot be absorbed by all.
  std::optional<std::string> find_readers(ValueId value, std::vector<NodeId>& path,
                                          Readers& readers) {
    if (graph_.is_output(value)) return "its result is a graph output";
    if (path.size() > kMostViewsInARow) return "too many views follow each other";
    for (NodeId id : graph_.value(value).consumers) {
      const Node& node = graph_.node(id);
      if (scene_.services.legality.is_view(graph_, node)) {
        path.push_back(id);
        for (ValueId out : node.outputs)
          if (out.valid())
            if (auto reason = find_readers(out, path, readers)) return reason;
        path.pop_back();
        continue;
      }
      if (node.is("Concat") && !joins_views(node))
        return "'" + node.name + "' joins it with others";
      if (!is_kernel(node))
        return "'" + node.name + "' (" + node.op.text() + ") is no kernel of ours";
      const Group* group = scene_.decisions.group_of(id);
      auto& views = readers[group ? group->nodes.front() : id];
      views.insert(views.end(), path.begin(), path.end());
    }
    return std::nullopt;
  }

  /// A Concat of computed values is better written in place by its producers.
  bool joins_views(const Node& concat) const {
    return std::all_of(concat.inputs.begin(), concat.inputs.end(), [&](ValueId in) {
      const Node* p = producer_of(graph_, in);
      return p && scene_.services.legality.is_view(graph_, *p);
    });
  }

  /// Reductions read their rows several times: a strided row is worse than one copy.
  std::optional<std::string> unsuited(const Node& reader) const {
    const Group* group = scene_.decisions.group_of(reader.id);
    const std::vector<NodeId> nodes = group ? group->nodes : std::vector<NodeId>{reader.id};
    const bool reduces = std::any_of(nodes.begin(), nodes.end(), [&](NodeId id) {
      const Node& n = graph_.node(id);
      return !is_contraction(n) && !is_elementwise(n) && !converts_codes(n) && !n.is("Concat");
    });
    if (reduces && !keeps_rows(scene_, view_))
      return "rows would be read with a stride, several times";
    return std::nullopt;
  }

  Region unit(NodeId id) const {
    Region region(scene_);
    if (const Group* group = scene_.decisions.group_of(id))
      region.add(*group);
    else
      region.add(id);
    return region;
  }

  std::string kind_of(NodeId id) const {
    const Group* group = scene_.decisions.group_of(id);
    return group ? group->kind : graph_.node(id).op.name;
  }

  double cost(const Region& region) const {
    return scene_.services.cost_model.kernel_ns(graph_, region.everything());
  }

  double cost_of_views(const Readers& readers) const {
    std::set<NodeId> views{view_.id};
    for (const auto& [reader, path] : readers)
      for (NodeId id : path)
        if (moves_data(scene_, graph_.node(id))) views.insert(id);
    double total = 0;
    for (NodeId id : views) total += scene_.services.cost_model.kernel_ns(graph_, {&id, 1});
    return total;
  }

  const Scene& scene_;
  const Graph& graph_;
  const Rule& rule_;
  const Node& view_;
};

}  // namespace

EliminateViews::EliminateViews()
    : Rule({.name = "EliminateViews",
            .law =
                "f(view(x)) = f read through an index map;  view(f(x)) = f written through one"}) {}

Match EliminateViews::match(const Scene& scene, NodeId id) const {
  const Node& node = scene.graph.node(id);
  if (!scene.services.legality.is_view(scene.graph, node) || !moves_data(scene, node))
    return NotHere{};
  if (!scene.decisions.absorbers_of(id).empty() || scene.decisions.group_of(id)) return NotHere{};
  ViewSite site(scene, *this, node);
  Match front = site.into_readers();
  if (std::holds_alternative<Proposal>(front)) return front;
  Match behind = site.into_producer();
  if (std::holds_alternative<Proposal>(behind)) return behind;
  return Declined{std::get<Declined>(front).reason + "; " + std::get<Declined>(behind).reason};
}

}  // namespace kasuri
