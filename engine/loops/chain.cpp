#include <algorithm>

#include "engine/base/check.h"
#include "engine/loops/access.h"
#include "engine/loops/compose.h"

namespace kasuri::loops {
namespace {

const Link* link_to(const std::vector<Link>& links, int nest, int buffer) {
  const auto found = std::find_if(links.begin(), links.end(), [&](const Link& link) {
    return link.to_nest == nest && link.to_buffer == buffer;
  });
  return found == links.end() ? nullptr : &*found;
}

bool leaves(const std::vector<Link>& links, int nest, int buffer) {
  return std::any_of(links.begin(), links.end(), [&](const Link& link) {
    return link.from_nest == nest && link.from_buffer == buffer;
  });
}

}  // namespace

Nest chain(const std::vector<Nest>& nests, const std::vector<Link>& links,
           const std::vector<Link>& kept_outputs) {
  Nest result;
  std::vector<std::vector<int>> number(nests.size());
  for (int n = 0; n < static_cast<int>(nests.size()); ++n) {
    result.name += (n == 0 ? "" : "+") + nests[n].name;
    for (int b = 0; b < static_cast<int>(nests[n].buffers.size()); ++b) {
      Buffer buffer = nests[n].buffers[b];
      if (const Link* link = link_to(links, n, b)) {
        KASURI_CHECK(link->from_nest < n, "a link leads to an earlier nest");
        const int from = number[link->from_nest].at(link->from_buffer);
        KASURI_CHECK(result.buffers[from].extents == buffer.extents &&
                         result.buffers[from].dtype == buffer.dtype,
                     "linked buffers differ");
        number[n].push_back(from);
        continue;
      }
      if (leaves(links, n, b) && !leaves(kept_outputs, n, b)) buffer.role = BufferRole::kLocal;
      number[n].push_back(result.add_buffer(std::move(buffer)));
    }
    for (Stage stage : nests[n].stages) {
      map_accesses(stage, [&](Access access) {
        access.buffer = number[n].at(access.buffer);
        return access;
      });
      if (stage.out2 >= 0) stage.out2 = number[n].at(stage.out2);
      result.stages.push_back(std::move(stage));
    }
  }
  return result;
}

}  // namespace kasuri::loops
