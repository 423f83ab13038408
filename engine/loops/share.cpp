#include <fmt/format.h>

#include <bit>
#include <map>
#include <string>
#include <unordered_map>

#include "engine/loops/access.h"

namespace kasuri::loops {
namespace {

/// Gives equal subtrees one address.
class Sharer {
 public:
  Scalar apply(const Scalar& scalar) {
    const auto known = done_.find(scalar.get());
    if (known != done_.end()) return known->second;
    ScalarNode node = *scalar;
    bool same = true;
    for (Scalar& arg : node.args) {
      const Scalar shared = apply(arg);
      same = same && shared == arg;
      arg = shared;
    }
    const auto [entry, fresh] = by_key_.try_emplace(key_of(node), nullptr);
    if (fresh) entry->second = same ? scalar : std::make_shared<const ScalarNode>(std::move(node));
    kept_.push_back(scalar);
    done_.emplace(scalar.get(), entry->second);
    return entry->second;
  }

 private:
  static std::string key_of(const ScalarNode& node) {
    std::string key = fmt::format("{} {} {} {} {} {} {}", static_cast<int>(node.kind),
                                  static_cast<int>(node.type), static_cast<int>(node.unary),
                                  static_cast<int>(node.binary), node.buffer,
                                  std::bit_cast<uint64_t>(node.number), node.integer);
    for (const Scalar& arg : node.args) key += fmt::format(" {}", fmt::ptr(arg.get()));
    for (const Index& index : node.index) key += "," + text_of(index);
    return key;
  }

  std::unordered_map<const ScalarNode*, Scalar> done_;
  std::map<std::string, Scalar> by_key_;
  std::vector<Scalar> kept_;
};

}  // namespace

void share_equal(Stage& stage) {
  Sharer sharer;
  rewrite(stage,
          {.index = {}, .scalar = [&](const Scalar& scalar) { return sharer.apply(scalar); }});
}

}  // namespace kasuri::loops
