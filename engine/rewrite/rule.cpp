#include "engine/rewrite/rule.h"

namespace kasuri {

std::string_view name_of(Fidelity fidelity) {
  switch (fidelity) {
    case Fidelity::kExact:
      return "exact";
    case Fidelity::kReassociates:
      return "reassociates";
    case Fidelity::kApproximate:
      return "approximate";
  }
  return "";
}

std::string site_of(const Rule& rule, const Node& root) {
  return rule.info().name + "@" + (root.provenance.empty() ? root.name : root.provenance.front());
}

}  // namespace kasuri
