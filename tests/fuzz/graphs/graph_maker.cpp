#include "tests/fuzz/graphs/graph_maker.h"

#include <algorithm>
#include <cmath>

#include "engine/backend/reference/elements.h"
#include "engine/ir/op_catalogue.h"
#include "engine/ir/shape_inference.h"

namespace kasuri::testing {

int64_t Operand::count() const { return element_count(extents).value_or(0); }

double magnitude_limit(DataType dtype) {
  switch (dtype) {
    case DataType::kFloat16:
    case DataType::kBfloat16:
      return 60;
    case DataType::kInt8:
      return 120;
    case DataType::kUint8:
      return 250;
    default:
      return 1e4;
  }
}

GraphMaker::GraphMaker(uint64_t seed) : random_(seed * 0x9E3779B97F4A7C15ULL + 1) {
  opset_ = one_of<int>({12, 13, 14, 16, 17, 18, 20, 21, 22, 23});
  builder_.opset("", opset_);
  const int64_t dice = draw(0, 99);
  if (dice >= 80) main_float_ = DataType::kDouble;
  if (dice >= 88) main_float_ = DataType::kFloat16;
  if (dice >= 96 && opset_ >= 13) main_float_ = DataType::kBfloat16;
}

int64_t GraphMaker::draw(int64_t low, int64_t high) {
  return low + static_cast<int64_t>(random_() % static_cast<uint64_t>(high - low + 1));
}

Extents GraphMaker::random_extents(int low_rank, int high_rank) {
  Extents extents(static_cast<size_t>(draw(low_rank, high_rank)));
  for (int64_t& e : extents) e = one_of<int64_t>({1, 2, 3, 4, 4, 5, 8, 8, 16, 17});
  while (element_count(extents).value_or(0) > 4096)
    extents[static_cast<size_t>(draw(0, static_cast<int64_t>(extents.size()) - 1))] = 2;
  return extents;
}

std::optional<Operand> GraphMaker::pick(const std::function<bool(const Operand&)>& suits) {
  std::vector<const Operand*> found;
  for (const Operand& o : pool_)
    if (o.count() <= 40'000 && suits(o)) found.push_back(&o);
  if (found.empty()) return std::nullopt;
  const auto n = static_cast<int64_t>(found.size());
  return *found[static_cast<size_t>(chance(60) ? std::max<int64_t>(0, n - draw(1, 3))
                                               : draw(0, n - 1))];
}

Operand GraphMaker::any_float(int low_rank, int high_rank) {
  const auto suits = [&](const Operand& o) {
    return o.is_float() && static_cast<int>(o.rank()) >= low_rank &&
           static_cast<int>(o.rank()) <= high_rank;
  };
  if (auto found = chance(92) ? pick(suits) : std::nullopt) return *found;
  return input(main_float_, random_extents(std::max(low_rank, 1), std::min(high_rank, 4)));
}

Operand GraphMaker::exact_float(int low_rank, int high_rank) {
  const auto suits = [&](const Operand& o) {
    return o.is_float() && o.exact && static_cast<int>(o.rank()) >= low_rank &&
           static_cast<int>(o.rank()) <= high_rank;
  };
  if (auto found = pick(suits)) return *found;
  return input(main_float_, random_extents(std::max(low_rank, 1), std::min(high_rank, 4)));
}

Operand GraphMaker::any_integer() {
  const auto suits = [](const Operand& o) {
    return o.dtype == DataType::kInt32 || o.dtype == DataType::kInt64;
  };
  if (auto found = chance(90) ? pick(suits) : std::nullopt) return *found;
  return input(one_of<DataType>({DataType::kInt32, DataType::kInt64}), random_extents(1, 3));
}

Operand GraphMaker::any_bool() {
  const auto suits = [](const Operand& o) { return o.dtype == DataType::kBool; };
  if (auto found = pick(suits)) return *found;
  return input(DataType::kBool, random_extents(1, 3));
}

Operand GraphMaker::input(DataType dtype, const Extents& extents) {
  const ValueId id =
      builder_.input("in" + std::to_string(names_++), ValueType::tensor(dtype, shape_of(extents)));
  Operand made{id, dtype, extents, true, kasuri::is_float(dtype) ? 2.0 : 9.0};
  offer(made);
  return made;
}

Tensor GraphMaker::contents(DataType dtype, const Extents& extents, double low, double high) {
  std::vector<double> values(static_cast<size_t>(*element_count(extents)));
  const bool whole = !kasuri::is_float(dtype);
  for (double& v : values) {
    v = low + (high - low) * static_cast<double>(draw(0, 1 << 20)) / (1 << 20);
    if (whole) v = std::floor(v + 0.5);
  }
  return Tensor::make(dtype, extents, [&](std::span<std::byte> out) {
    if (!out.empty()) reference::store_elements<double>(dtype, values, out);
  });
}

Operand GraphMaker::constant(DataType dtype, const Extents& extents, double low, double high) {
  const double bound = std::max(std::fabs(low), std::fabs(high));
  if (chance(25))
    for (const auto& [made, least, most] : constants_)
      if (made.dtype == dtype && made.extents == extents && least == low && most == high)
        return made;
  const ValueId id =
      builder_.constant("c" + std::to_string(names_++), contents(dtype, extents, low, high));
  const Operand made{id, dtype, extents, true, bound};
  constants_.push_back({made, low, high});
  return made;
}

ValueId GraphMaker::ints(const std::vector<int64_t>& values) {
  return builder_.constant("c" + std::to_string(names_++),
                           Tensor::of<int64_t>({static_cast<int64_t>(values.size())}, values));
}

ValueId GraphMaker::scalar(DataType dtype, double value) {
  return builder_.constant("c" + std::to_string(names_++), contents(dtype, {}, value, value));
}

std::vector<Operand> GraphMaker::emit(const std::string& op, const std::vector<ValueId>& inputs,
                                      const Attributes& attributes, const Facts& facts) {
  const auto ids = builder_.add({"", op}, op + std::to_string(names_++), inputs,
                                static_cast<int>(facts.outputs), attributes);
  const Graph& graph = builder_.peek();
  const Node& node = graph.node(graph.value(ids[0]).producer);
  if (const Status known = check_signature(node); !known.ok())
    throw TypingFailure(known.error().text());
  const auto types = infer_types(graph, node);
  if (!types.ok()) throw TypingFailure(types.error().text());
  std::vector<Operand> made;
  for (size_t i = 0; i < ids.size(); ++i) {
    const ValueType& type = (*types)[i];
    if (!type.is_static_tensor()) throw TypingFailure(op + " has the type " + type.text());
    builder_.set_type(ids[i], type);
    made.push_back({ids[i], type.dtype, *extents_of(*type.shape), facts.exact, facts.bound});
  }
  return made;
}

Operand GraphMaker::put(const std::string& op, const std::vector<ValueId>& inputs,
                        const Attributes& attributes, const Facts& facts) {
  Operand made = emit(op, inputs, attributes, facts)[0];
  if (made.is_float()) made = tamed(made, magnitude_limit(made.dtype));
  offer(made);
  return made;
}

Operand GraphMaker::put_with_axes(const std::string& op, const Operand& x,
                                  const std::vector<int64_t>& axes, int since,
                                  Attributes attributes, const Facts& facts) {
  std::vector<ValueId> inputs = {x.id};
  if (opset_ >= since)
    inputs.push_back(ints(axes));
  else
    attributes["axes"] = axes;
  return put(op, inputs, attributes, facts);
}

Operand GraphMaker::tamed(const Operand& x, double limit) {
  if (x.bound <= limit || !x.is_float()) return x;
  const double now = std::min(limit, 4.0);
  if (chance(50)) return emit("Tanh", {x.id}, {}, {.bound = 1})[0];
  return emit("Clip", {x.id, scalar(x.dtype, -now), scalar(x.dtype, now)}, {},
              {.exact = x.exact, .bound = now})[0];
}

Operand GraphMaker::positive(const Operand& x) {
  const Operand magnitude = emit("Abs", {x.id}, {}, {.exact = x.exact, .bound = x.bound})[0];
  return emit("Add", {magnitude.id, scalar(x.dtype, 0.5)}, {}, {.bound = x.bound + 0.5})[0];
}

}  // namespace kasuri::testing
