#pragma once

#include <string_view>

#include "engine/base/result.h"
#include "engine/ir/graph.h"

namespace kasuri {

/// Reads what print_graph() writes: parse_graph(print_graph(g)) has g's fingerprint. Errors name
/// the line. Made-up constants (`seed`, `all`, `range`) may take 4 GiB together.
Result<Graph> parse_graph(std::string_view text);

}  // namespace kasuri
