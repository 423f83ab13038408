#include "engine/rewrite/rewrite_log.h"

#include <algorithm>

namespace kasuri {
namespace {

template <typename Predicate>
std::vector<const RewriteEntry*> select(const std::vector<RewriteEntry>& entries, Predicate keep) {
  std::vector<const RewriteEntry*> chosen;
  for (const RewriteEntry& e : entries)
    if (keep(e)) chosen.push_back(&e);
  return chosen;
}

}  // namespace

std::vector<const RewriteEntry*> RewriteLog::of_rule(std::string_view rule) const {
  return select(entries_, [&](const RewriteEntry& e) { return e.rule == rule; });
}

std::vector<const RewriteEntry*> RewriteLog::of_pass(std::string_view pass) const {
  return select(entries_, [&](const RewriteEntry& e) { return e.pass == pass; });
}

std::vector<const RewriteEntry*> RewriteLog::of_site(std::string_view site) const {
  return select(entries_, [&](const RewriteEntry& e) { return e.site == site; });
}

std::vector<const RewriteEntry*> RewriteLog::of_source_node(std::string_view name) const {
  return select(entries_, [&](const RewriteEntry& e) {
    return std::find(e.source_nodes.begin(), e.source_nodes.end(), name) != e.source_nodes.end();
  });
}

size_t RewriteLog::applied(std::string_view rule) const {
  return std::count_if(entries_.begin(), entries_.end(), [&](const RewriteEntry& e) {
    return e.rule == rule && e.outcome == RewriteEntry::Outcome::kApplied;
  });
}

}  // namespace kasuri
