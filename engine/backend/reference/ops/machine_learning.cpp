#include <algorithm>
#include <cmath>
#include <map>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"

// Operators of ai.onnx.ml.
namespace kasuri::reference {
namespace {

void array_feature_extractor(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() >= 1, "needs rows");
  const int64_t width = x.extents().back();
  const std::vector<int64_t> columns = c.ints(1);
  const int64_t rows = width > 0 ? x.count() / width : 0;
  std::vector<int64_t> starts;
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t column : columns) {
      c.require(column >= 0 && column < width, "column {} of {}", column, width);
      starts.push_back(r * width + column);
    }
  Extents out = x.extents();
  out.back() = static_cast<int64_t>(columns.size());
  if (x.rank() == 1) out = {1, static_cast<int64_t>(columns.size())};
  c.set(0, gathered(c, x, out, 1, starts));
}

void binarizer(Context& c) {
  const double threshold = c.node().get_float("threshold", 0);
  std::vector<double> v = elements<double>(c.in(0));
  for (double& x : v) x = x > threshold ? 1 : 0;
  c.set(0, c.pack(c.in(0).dtype(), c.in(0).extents(), v));
}

/// The first of several attributes that is there, as a tensor.
Tensor list_attribute(Context& c, const std::string& prefix) {
  const Node& n = c.node();
  const auto extents = [](const auto& v) { return Extents{static_cast<int64_t>(v.size())}; };
  if (const Attribute* a = n.find(prefix + "_tensor"); a && std::holds_alternative<Tensor>(*a))
    return std::get<Tensor>(*a);
  if (const Attribute* a = n.find(prefix + "_strings");
      a && std::holds_alternative<std::vector<std::string>>(*a)) {
    const auto& v = std::get<std::vector<std::string>>(*a);
    return Tensor::strings(extents(v), v);
  }
  if (n.has(prefix + "_int64s"))
    return Tensor::of<int64_t>(extents(n.get_ints(prefix + "_int64s")),
                               n.get_ints(prefix + "_int64s"));
  if (n.has(prefix + "_floats"))
    return Tensor::of<float>(extents(n.get_floats(prefix + "_floats")),
                             n.get_floats(prefix + "_floats"));
  c.fail("has no " + prefix);
}

Tensor default_of(Context& c, DataType dtype) {
  const Node& n = c.node();
  if (const Attribute* a = n.find("default_tensor"); a && std::holds_alternative<Tensor>(*a))
    return std::get<Tensor>(*a);
  if (dtype == DataType::kString)
    return Tensor::strings({}, {n.get_string("default_string", "_Unused")});
  if (is_float(dtype)) return c.pack<double>(dtype, {}, {n.get_float("default_float", -0.0f)});
  return c.pack<int64_t>(dtype, {}, {n.get_int("default_int64", -1)});
}

template <typename Key>
std::vector<int64_t> look_up(const std::vector<Key>& keys, const std::vector<Key>& wanted) {
  std::map<Key, int64_t> places;
  for (size_t i = 0; i < keys.size(); ++i) places.try_emplace(keys[i], static_cast<int64_t>(i));
  std::vector<int64_t> out;
  for (const Key& key : wanted) {
    const auto found = places.find(key);
    out.push_back(found == places.end() ? -1 : found->second);
  }
  return out;
}

void label_encoder(Context& c) {
  const Tensor& x = c.in(0);
  const Tensor keys = list_attribute(c, "keys"), values = list_attribute(c, "values");
  c.require(keys.count() == values.count() &&
                (keys.dtype() == DataType::kString) == (x.dtype() == DataType::kString),
            "{} keys for {} values", keys.count(), values.count());
  std::vector<int64_t> starts;
  if (x.dtype() == DataType::kString)
    starts = look_up(keys.strings(), x.strings());
  else if (is_float(x.dtype()))
    starts = look_up(elements<double>(keys), elements<double>(x));
  else
    starts = look_up(elements<int64_t>(keys), elements<int64_t>(x));
  const Tensor fallback = default_of(c, values.dtype());
  c.set(0, gathered(c, values, x.extents(), 1, starts, &fallback));
}

void scaler(Context& c) {
  const std::vector<float> offset = c.node().get_floats("offset"),
                           scale = c.node().get_floats("scale");
  c.require(!offset.empty() && !scale.empty() && c.in(0).rank() >= 1, "needs offset and scale");
  std::vector<double> v = elements<double>(c.in(0));
  const auto width = static_cast<size_t>(std::max<int64_t>(1, c.in(0).extents().back()));
  c.require((offset.size() == 1 || offset.size() == width) &&
                (scale.size() == 1 || scale.size() == width),
            "scales do not fit");
  for (size_t i = 0; i < v.size(); ++i)
    v[i] = (v[i] - offset[offset.size() == 1 ? 0 : i % width]) *
           scale[scale.size() == 1 ? 0 : i % width];
  c.set(0, c.pack(DataType::kFloat, c.in(0).extents(), v));
}

/// Trees of operator TreeEnsemble (version 5).
struct Forest {
  std::vector<int64_t> roots, features, true_ids, false_ids, true_leafs, false_leafs, targets,
      modes, missing_true;
  std::vector<double> splits, weights;
  std::vector<std::vector<double>> members;  // by node, of mode BRANCH_MEMBER

  bool takes_true(size_t node, double x) const {
    if (std::isnan(x)) return node < missing_true.size() && missing_true[node] != 0;
    switch (modes[node]) {
      case 0:
        return x <= splits[node];
      case 1:
        return x < splits[node];
      case 2:
        return x >= splits[node];
      case 3:
        return x > splits[node];
      case 4:
        return x == splits[node];
      case 5:
        return x != splits[node];
      default:
        return std::find(members[node].begin(), members[node].end(), x) != members[node].end();
    }
  }
};

Tensor tensor_attribute(Context& c, const std::string& name) {
  const Attribute* a = c.node().find(name);
  return a && std::holds_alternative<Tensor>(*a) ? std::get<Tensor>(*a) : Tensor();
}

Forest forest_of(Context& c) {
  const Node& n = c.node();
  Forest f{n.get_ints("tree_roots"),
           n.get_ints("nodes_featureids"),
           n.get_ints("nodes_truenodeids"),
           n.get_ints("nodes_falsenodeids"),
           n.get_ints("nodes_trueleafs"),
           n.get_ints("nodes_falseleafs"),
           n.get_ints("leaf_targetids"),
           {},
           n.get_ints("nodes_missing_value_tracks_true"),
           {},
           {},
           {}};
  const Tensor modes = tensor_attribute(c, "nodes_modes"),
               splits = tensor_attribute(c, "nodes_splits"),
               weights = tensor_attribute(c, "leaf_weights");
  c.require(modes.defined() && splits.defined() && weights.defined(),
            "modes, splits or weights are missing");
  f.modes = elements<int64_t>(modes);
  f.splits = elements<double>(splits);
  f.weights = elements<double>(weights);
  const size_t count = f.modes.size();
  c.require(f.features.size() == count && f.true_ids.size() == count &&
                f.false_ids.size() == count && f.true_leafs.size() == count &&
                f.false_leafs.size() == count && f.splits.size() == count &&
                f.targets.size() == f.weights.size(),
            "lists differ in length");
  f.members.resize(count);
  const Tensor sets = tensor_attribute(c, "membership_values");
  const std::vector<double> all = sets.defined() ? elements<double>(sets) : std::vector<double>();
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    if (f.modes[i] != 6) continue;
    while (at < all.size() && !std::isnan(all[at])) f.members[i].push_back(all[at++]);
    ++at;
  }
  return f;
}

/// The leaf a row ends in.
size_t leaf_of(Context& c, const Forest& f, int64_t root, const double* row, int64_t width) {
  int64_t node = root;
  for (size_t steps = 0; steps <= f.modes.size(); ++steps) {
    c.require(node >= 0 && node < static_cast<int64_t>(f.modes.size()), "node {} of {}", node,
              f.modes.size());
    const auto i = static_cast<size_t>(node);
    c.require(f.features[i] >= 0 && f.features[i] < width, "feature {} of {}", f.features[i],
              width);
    const bool yes = f.takes_true(i, row[f.features[i]]);
    node = yes ? f.true_ids[i] : f.false_ids[i];
    if ((yes ? f.true_leafs[i] : f.false_leafs[i]) == 0) continue;
    c.require(node >= 0 && node < static_cast<int64_t>(f.weights.size()), "leaf {} of {}", node,
              f.weights.size());
    return static_cast<size_t>(node);
  }
  c.fail("a tree has a cycle");
}

void tree_ensemble(Context& c) {
  const Tensor& x = c.in(0);
  c.require(x.rank() == 2, "needs [batch, features], not {}", text_of(x.extents()));
  const Forest f = forest_of(c);
  const int64_t targets = c.node().get_int("n_targets", 1),
                how = c.node().get_int("aggregate_function", 1), width = x.extents()[1];
  c.require(targets > 0 && c.node().get_int("post_transform", 0) == 0,
            "post transforms are not supported");
  const std::vector<double> in = elements<double>(x);
  std::vector<double> out(static_cast<size_t>(c.scratch_count({x.extents()[0], targets})), 0);
  std::vector<bool> seen(out.size(), false);
  for (int64_t r = 0; r < x.extents()[0]; ++r)
    for (int64_t root : f.roots) {
      const size_t leaf = leaf_of(c, f, root, in.data() + r * width, width);
      c.require(f.targets[leaf] >= 0 && f.targets[leaf] < targets, "target {} of {}",
                f.targets[leaf], targets);
      const auto to = static_cast<size_t>(r * targets + f.targets[leaf]);
      if (how <= 1 || !seen[to])
        out[to] += f.weights[leaf];
      else
        out[to] =
            how == 2 ? std::fmin(out[to], f.weights[leaf]) : std::fmax(out[to], f.weights[leaf]);
      seen[to] = true;
    }
  if (how == 0)
    for (double& v : out) v /= static_cast<double>(std::max<size_t>(1, f.roots.size()));
  c.set(0, c.pack(x.dtype(), {x.extents()[0], targets}, out));
}

}  // namespace

void register_machine_learning_kernels(Registry& r) {
  r.add("ai.onnx.ml", "ArrayFeatureExtractor", array_feature_extractor);
  r.add("ai.onnx.ml", "Binarizer", binarizer);
  r.add("ai.onnx.ml", "LabelEncoder", label_encoder);
  r.add("ai.onnx.ml", "Scaler", scaler);
  r.add("ai.onnx.ml", "TreeEnsemble", tree_ensemble);
}

}  // namespace kasuri::reference
