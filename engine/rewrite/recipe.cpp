#include "engine/rewrite/recipe.h"

#include <algorithm>
#include <optional>

namespace kasuri {
namespace {

/// Parts between commas; a backslash takes the next character literally.
std::vector<std::string> split(std::string_view spec) {
  std::vector<std::string> parts(1);
  for (size_t i = 0; i < spec.size(); ++i) {
    if (spec[i] == '\\' && i + 1 < spec.size()) {
      parts.back() += spec[++i];
    } else if (spec[i] == ',') {
      parts.emplace_back();
    } else {
      parts.back() += spec[i];
    }
  }
  for (std::string& part : parts) {
    part.erase(0, part.find_first_not_of(" \t\n"));
    part.erase(part.find_last_not_of(" \t\n") + 1);
  }
  return parts;
}

std::optional<Recipe::Base> base_from(std::string_view name) {
  if (name == "none") return Recipe::Base::kNone;
  if (name == "default") return Recipe::Base::kDefault;
  if (name == "all") return Recipe::Base::kAll;
  return std::nullopt;
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return out;
}

/// Levenshtein distance of the lower-case forms.
size_t distance(std::string_view left, std::string_view right) {
  const std::string a = lower(left), b = lower(right);
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0]++;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

std::string near_matches(const std::string& name, const PassList& passes) {
  std::vector<std::pair<size_t, std::string>> ranked;
  const auto consider = [&](const std::string& candidate) {
    const bool contains = lower(candidate).find(lower(name)) != std::string::npos;
    const size_t d = contains ? 0 : distance(name, candidate);
    if (d <= 2 + name.size() / 4) ranked.emplace_back(d, candidate);
  };
  for (const Pass& pass : passes) {
    consider(pass.name);
    for (const auto& rule : pass.rules) consider(rule->info().name);
  }
  std::sort(ranked.begin(), ranked.end());
  if (ranked.empty()) return "; `kasuri passes` lists them";
  std::string text = "; did you mean ";
  for (size_t i = 0; i < std::min<size_t>(ranked.size(), 3); ++i)
    text += (i ? ", " : "") + ("'" + ranked[i].second + "'");
  return text + "?";
}

Status check_target(const std::string& target, bool on, const PassList& passes) {
  if (target.empty()) return Error("an empty name in the list of passes");
  const std::string name = target.substr(0, target.find('@'));
  const bool is_site = name.size() < target.size();
  for (const Pass& pass : passes) {
    const bool is_pass = !is_site && pass.name == name;
    const bool has_rule = std::any_of(pass.rules.begin(), pass.rules.end(),
                                      [&](const auto& r) { return r->info().name == name; });
    if (!is_pass && !has_rule) continue;
    if (pass.always_on && !on)
      return Error("'" + target +
                   "' is part of every run, 'none' included, and cannot be left out");
    return Done{};
  }
  return Error("there is no pass or rule named '" + name + "'" + near_matches(name, passes));
}

std::string escaped(const std::string& name) {
  std::string out;
  for (char c : name) {
    if (c == ',' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

bool is_site_of(std::string_view target, const Rule& rule) {
  const std::string& name = rule.info().name;
  return target.size() > name.size() && target.substr(0, name.size()) == name &&
         target[name.size()] == '@';
}

}  // namespace

Recipe& Recipe::add(Toggle toggle) {
  toggles_.push_back(std::move(toggle));
  return *this;
}

Result<Recipe> Recipe::parse(std::string_view spec, const PassList& passes) {
  std::vector<std::string> parts = split(spec);
  const std::string first = parts[0];
  Recipe recipe;
  if (const auto base = base_from(first)) {
    recipe.base_ = *base;
    parts.erase(parts.begin());
  } else if (!first.empty() && first[0] != '+' && first[0] != '-') {
    recipe.base_ = Base::kNone;
  }
  for (const std::string& part : parts) {
    const bool is_signed = !part.empty() && (part[0] == '+' || part[0] == '-');
    Toggle toggle{is_signed ? part.substr(1) : part, part.empty() || part[0] != '-'};
    if (base_from(toggle.target))
      return Error("'" + toggle.target + "' must stand first in a list of passes");
    KASURI_RETURN_IF_ERROR(check_target(toggle.target, toggle.on, passes));
    recipe.add(std::move(toggle));
  }
  return recipe;
}

std::string Recipe::text() const {
  std::string out = base_ == Base::kNone ? "none" : base_ == Base::kAll ? "all" : "default";
  for (const Toggle& t : toggles_) out += (t.on ? ",+" : ",-") + escaped(t.target);
  return out;
}

bool Recipe::decide(const Pass& pass, const Rule& rule, std::string_view site) const {
  if (pass.always_on) return true;
  const bool approximate = rule.info().fidelity == Fidelity::kApproximate;
  bool on = base_ == Base::kAll && !approximate;
  if (base_ == Base::kDefault) on = pass.on_by_default && rule.info().on_by_default && !approximate;
  for (const Toggle& t : toggles_) {
    if (t.target == pass.name && t.on) on = rule.info().on_by_default || base_ == Base::kAll;
    if (t.target == pass.name && !t.on) on = false;
    if (t.target == rule.info().name || (!site.empty() && t.target == site)) on = t.on;
  }
  return on;
}

bool Recipe::names_a_site_of(const Rule& rule) const {
  return std::any_of(toggles_.begin(), toggles_.end(),
                     [&](const Toggle& t) { return t.on && is_site_of(t.target, rule); });
}

bool Recipe::allows(const Pass& pass) const {
  return std::any_of(pass.rules.begin(), pass.rules.end(),
                     [&](const auto& rule) { return allows(pass, *rule); });
}

bool Recipe::allows(const Pass& pass, const Rule& rule) const {
  return decide(pass, rule, "") || names_a_site_of(rule);
}

bool Recipe::allows(const Pass& pass, const Rule& rule, std::string_view site) const {
  return decide(pass, rule, site);
}

}  // namespace kasuri
