#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/base/result.h"
#include "engine/rewrite/pass.h"

namespace kasuri {

/// One switch: a pass, a rule, or a single site of a rule ("FuseGelu@Mul_5").
struct Toggle {
  std::string target;
  bool on = true;
  bool operator==(const Toggle&) const = default;
};

/// What to rewrite: a base and switches, the last word wins. Text form (SPEC):
///
///   none | default | all | default,-layout,+early-exit,-FuseGelu,-FuseGelu@Mul_5
///
/// A list that starts with a switch is taken from `default`, one of bare names from `none`. A comma
/// or backslash inside a site name is written with a backslash before it. `all` leaves
/// approximate rules out: those need a `+` of their own.
class Recipe {
 public:
  enum class Base : uint8_t { kNone, kDefault, kAll };

  explicit Recipe(Base base = Base::kDefault) : base_(base) {}
  static Recipe none() { return Recipe(Base::kNone); }
  /// Unknown names are the user's error; the message lists near matches.
  static Result<Recipe> parse(std::string_view spec, const PassList& passes);

  Recipe& add(Toggle toggle);
  Base base() const { return base_; }
  const std::vector<Toggle>& toggles() const { return toggles_; }
  std::string text() const;  ///< parse(text()) gives the same recipe.

  bool allows(const Pass& pass) const;  ///< Does any of its rules run?
  bool allows(const Pass& pass, const Rule& rule) const;
  bool allows(const Pass& pass, const Rule& rule, std::string_view site) const;

 private:
  /// A site-level `+` makes its rule match, at that site only.
  bool names_a_site_of(const Rule& rule) const;
  bool decide(const Pass& pass, const Rule& rule, std::string_view site) const;

  Base base_;
  std::vector<Toggle> toggles_;
};

}  // namespace kasuri
