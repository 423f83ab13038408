#include "engine/codegen/linear_form.h"

#include <algorithm>

#include "engine/base/check.h"

namespace kasuri::codegen {
namespace {

using loops::Index;
using loops::IndexKind;

int64_t floor_div(int64_t a, int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

void append(std::string& key, int64_t number) {
  key.append(reinterpret_cast<const char*>(&number), sizeof(number));
}

Range scaled(Range range, int64_t factor) {
  const int64_t a = range.low * factor, b = range.high * factor;
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace

void LinearForm::add(const LinearForm& other, int64_t factor) {
  constant += factor * other.constant;
  for (size_t v = 0; v < coefficients.size(); ++v)
    coefficients[v] += factor * other.coefficients[v];
  std::map<int, int64_t> sum(atoms.begin(), atoms.end());
  for (const auto& [atom, coefficient] : other.atoms) sum[atom] += factor * coefficient;
  atoms.clear();
  for (const auto& [atom, coefficient] : sum)
    if (coefficient != 0) atoms.emplace_back(atom, coefficient);
}

std::string key_of(const LinearForm& form) {
  std::string key;
  append(key, form.constant);
  for (size_t v = 0; v < form.coefficients.size(); ++v) {
    if (form.coefficients[v] == 0) continue;
    append(key, static_cast<int64_t>(v));
    append(key, form.coefficients[v]);
  }
  key += '|';
  for (const auto& [atom, coefficient] : form.atoms) {
    append(key, atom);
    append(key, coefficient);
  }
  return key;
}

Range FormTable::range_of(const LinearForm& form) const {
  Range range{form.constant, form.constant};
  const auto widen = [&](Range term) {
    range.low += term.low;
    range.high += term.high;
  };
  for (size_t v = 0; v < form.coefficients.size(); ++v)
    widen(scaled({0, std::max<int64_t>(0, extents_[v] - 1)}, form.coefficients[v]));
  for (const auto& [atom, coefficient] : form.atoms) widen(scaled(atoms_[atom].range, coefficient));
  return range;
}

VariableSet FormTable::variables_of(const LinearForm& form) const {
  VariableSet set = 0;
  for (size_t v = 0; v < form.coefficients.size(); ++v)
    if (form.coefficients[v] != 0) set |= VariableSet{1} << v;
  for (const auto& [atom, coefficient] : form.atoms) set |= atoms_[atom].variables;
  return set;
}

bool FormTable::reads_memory(const LinearForm& form) const {
  return std::any_of(form.atoms.begin(), form.atoms.end(), [&](const auto& term) {
    const Atom& atom = atoms_[term.first];
    if (atom.kind == IndexKind::kIndirect) return true;
    return std::any_of(atom.args.begin(), atom.args.end(),
                       [&](const LinearForm& arg) { return reads_memory(arg); });
  });
}

bool FormTable::may_read_outside(const LinearForm& form) const {
  return std::any_of(form.atoms.begin(), form.atoms.end(), [&](const auto& term) {
    const Atom& atom = atoms_[term.first];
    if (atom.kind == IndexKind::kIndirect &&
        (!atom.in_bounds || atom.policy == loops::OutOfRange::kReport))
      return true;
    return std::any_of(atom.args.begin(), atom.args.end(),
                       [&](const LinearForm& arg) { return may_read_outside(arg); });
  });
}

std::optional<int64_t> FormTable::growth(const LinearForm& form, int axis, int64_t steps) const {
  int64_t total = form.coefficients[axis] * steps;
  if (total < 0) return {};
  for (const auto& [number, factor] : form.atoms) {
    if ((atoms_[number].variables >> axis & 1) == 0) continue;
    const std::optional<int64_t> part = atom_growth(atoms_[number], axis, steps);
    if (!part || factor < 0) return {};
    total += factor * *part;
  }
  return total;
}

std::optional<int64_t> FormTable::atom_growth(const Atom& atom, int axis, int64_t steps) const {
  if (atom.kind == IndexKind::kMod || atom.kind == IndexKind::kIndirect) return {};
  int64_t most = 0;
  for (const LinearForm& arg : atom.args) {
    const std::optional<int64_t> part = growth(arg, axis, steps);
    if (!part) return {};
    most = std::max(most, *part);
  }
  return atom.kind == IndexKind::kFloorDiv ? (most + atom.value - 1) / atom.value : most;
}

LinearForm FormTable::form_of(const Index& index) {
  LinearForm form;
  form.coefficients.resize(extents_.size());
  const loops::IndexNode& node = *index;
  switch (node.kind) {
    case IndexKind::kConstant:
      form.constant = node.value;
      return form;
    case IndexKind::kVariable:
      if (extents_[node.value] != 1) form.coefficients[node.value] = 1;
      return form;
    case IndexKind::kAdd:
      form.add(form_of(node.args[0]), 1);
      form.add(form_of(node.args[1]), 1);
      return form;
    case IndexKind::kMul:
      form.add(form_of(node.args[0]), node.value);
      return form;
    case IndexKind::kFloorDiv:
    case IndexKind::kMod:
      return division(node);
    case IndexKind::kMin:
    case IndexKind::kMax:
      return clamp(node);
    case IndexKind::kIndirect:
      return indirect(node);
  }
  fail("unknown kind of index");
}

LinearForm FormTable::atom_form(Atom atom) {
  std::string key;
  for (const int64_t part :
       {static_cast<int64_t>(atom.kind), atom.value, static_cast<int64_t>(atom.buffer), atom.limit,
        static_cast<int64_t>(atom.policy)})
    append(key, part);
  for (const LinearForm& arg : atom.args) {
    atom.variables |= variables_of(arg);
    const std::string part = key_of(arg);
    append(key, static_cast<int64_t>(part.size()));
    key += part;
  }
  const auto [entry, fresh] = numbers_.try_emplace(key, static_cast<int>(atoms_.size()));
  if (fresh) atoms_.push_back(std::move(atom));
  LinearForm form;
  form.coefficients.resize(extents_.size());
  form.atoms.emplace_back(entry->second, 1);
  return form;
}

LinearForm FormTable::division(const loops::IndexNode& node) {
  const bool quotient = node.kind == IndexKind::kFloorDiv;
  LinearForm arg = form_of(node.args[0]);
  const Range range = range_of(arg);
  const int64_t low = floor_div(range.low, node.value), high = floor_div(range.high, node.value);
  if (low == high) {
    LinearForm form;
    form.coefficients.resize(extents_.size());
    form.constant = low;
    if (quotient) return form;
    arg.constant -= low * node.value;
    return arg;
  }
  Atom atom{.kind = node.kind, .value = node.value, .args = {std::move(arg)}};
  atom.range = quotient ? Range{low, high} : Range{0, node.value - 1};
  return atom_form(std::move(atom));
}

LinearForm FormTable::clamp(const loops::IndexNode& node) {
  LinearForm a = form_of(node.args[0]), b = form_of(node.args[1]);
  const Range ra = range_of(a), rb = range_of(b);
  const bool smaller = node.kind == IndexKind::kMin;
  if (smaller ? ra.high <= rb.low : ra.low >= rb.high) return a;
  if (smaller ? rb.high <= ra.low : rb.low >= ra.high) return b;
  Atom atom{.kind = node.kind, .args = {std::move(a), std::move(b)}};
  atom.range = smaller ? Range{std::min(ra.low, rb.low), std::min(ra.high, rb.high)}
                       : Range{std::max(ra.low, rb.low), std::max(ra.high, rb.high)};
  return atom_form(std::move(atom));
}

LinearForm FormTable::indirect(const loops::IndexNode& node) {
  Offset offset = offset_of(node.buffer, node.args);
  Atom atom{.kind = node.kind,
            .args = {std::move(offset.form)},
            .buffer = node.buffer,
            .limit = node.limit,
            .policy = node.policy,
            .in_bounds = offset.in_bounds};
  atom.range = {0, std::max<int64_t>(0, node.limit - 1)};
  return atom_form(std::move(atom));
}

FormTable::Offset FormTable::offset_of(int buffer, const std::vector<Index>& index) {
  const Placement& placement = (*placements_)[buffer];
  Offset offset{.in_bounds = true};
  offset.form.coefficients.resize(extents_.size());
  for (size_t axis = 0; axis < index.size(); ++axis) {
    LinearForm form = form_of(index[axis]);
    if (!placement.base.empty()) form.add(form_of(placement.base[axis]), -1);
    if (!range_of(form).within(0, placement.extents[axis] - 1)) offset.in_bounds = false;
    offset.form.add(form, placement.strides[axis]);
  }
  return offset;
}

}  // namespace kasuri::codegen
