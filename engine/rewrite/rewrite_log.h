#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/ir/node.h"

namespace kasuri {

/// One event: a rule applied at a site, or declined there with a reason.
struct RewriteEntry {
  enum class Outcome : uint8_t {
    kApplied,
    kDeclined,     ///< A guard failed; `reason` says which.
    kSwitchedOff,  ///< It would apply, but the recipe leaves this site out.
  };

  std::string pass;
  std::string rule;
  std::string site;  ///< "FuseGelu@Mul_5"
  Outcome outcome = Outcome::kApplied;
  std::string reason;                     ///< Empty when applied.
  std::string what;                       ///< The patch's label or the group's kind.
  std::vector<std::string> source_nodes;  ///< Names in the imported model, root first.
  std::vector<std::string> new_nodes;     ///< Names in the rewritten graph.
  double microseconds = 0;                ///< Matching and applying.
};

/// How long a pass took and whether it changed anything.
struct PassRecord {
  std::string pass;
  bool enabled = true;
  bool changed = false;
  double milliseconds = 0;
};

/// Append-only history of one optimisation: the one source for window, command line and report.
class RewriteLog {
 public:
  void add(RewriteEntry entry) { entries_.push_back(std::move(entry)); }
  void add(PassRecord record) { passes_.push_back(std::move(record)); }

  const std::vector<RewriteEntry>& entries() const { return entries_; }
  const std::vector<PassRecord>& passes() const { return passes_; }

  std::vector<const RewriteEntry*> of_rule(std::string_view rule) const;
  std::vector<const RewriteEntry*> of_pass(std::string_view pass) const;
  std::vector<const RewriteEntry*> of_site(std::string_view site) const;
  /// Events that touched a node of the imported model.
  std::vector<const RewriteEntry*> of_source_node(std::string_view name) const;
  size_t applied(std::string_view rule) const;

 private:
  std::vector<RewriteEntry> entries_;
  std::vector<PassRecord> passes_;
};

}  // namespace kasuri
