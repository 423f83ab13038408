#include "engine/codegen/group_program.h"

#include <algorithm>
#include <set>

#include "engine/base/check.h"
#include "engine/codegen/reads.h"

namespace kasuri::codegen {
namespace {

using loops::Nest;
using loops::Scalar;
using loops::ScalarKind;
using loops::ScalarNode;
using loops::Stage;
using loops::StageKind;

DataType accumulator_type(loops::Accumulate accumulate) {
  switch (accumulate) {
    case loops::Accumulate::kF32:
      return DataType::kFloat;
    case loops::Accumulate::kF64:
      return DataType::kDouble;
    case loops::Accumulate::kI32:
      return DataType::kInt32;
    case loops::Accumulate::kI64:
      return DataType::kInt64;
  }
  fail("unknown accumulator type");
}

template <typename T>
void append(std::string& key, T value) {
  key.append(reinterpret_cast<const char*>(&value), sizeof(value));
}

std::string key_of_op(const Op& op) {
  std::string key;
  append(key, op.kind);
  append(key, op.type);
  append(key, op.unary);
  append(key, op.binary);
  append(key, op.buffer);
  append(key, op.number);
  append(key, op.integer);
  append(key, op.in_bounds);
  for (int arg : op.args) append(key, arg);
  key += '|';
  if (op.kind == ScalarKind::kLoad || op.kind == ScalarKind::kIndexValue) key += key_of(op.index);
  return key;
}

/// Builds the ops of one group; equal expressions get one number.
class ProgramBuilder {
 public:
  ProgramBuilder(const Nest& nest, const std::vector<int64_t>& domain,
                 const std::vector<Placement>& placements)
      : nest_(nest), program_{.forms = FormTable(domain, &placements)} {
    for (const Stage& stage : nest.stages) {
      written_.insert(stage.out);
      if (stage.out2 >= 0) written_.insert(stage.out2);
    }
  }

  void add(const Stage& stage) {
    GroupStage entry{.stage = &stage};
    FormTable::Offset out = program_.forms.offset_of(stage.out, stage.out_index);
    if (stage.kind == StageKind::kContraction) {
      const DataType type = accumulator_type(stage.accumulate);
      entry.body =
          binary(loops::BinaryOp::kMul, cast(op_of(stage.a), type), cast(op_of(stage.b), type));
      if (stage.epilogue) entry.epilogue = op_of(stage.epilogue);
    } else {
      entry.body = op_of(stage.body);
    }
    entry.out = std::move(out.form);
    entry.out_in_bounds = out.in_bounds;
    if (stage.kind == StageKind::kMap && stage.combine == Stage::Combine::kNone)
      forwarded_[{stage.out, key_of(entry.out)}] = cast(entry.body, nest_.buffers[stage.out].dtype);
    program_.stages.push_back(std::move(entry));
  }

  GroupProgram finish() && { return std::move(program_); }

 private:
  int intern(Op op) {
    const std::string key = key_of_op(op);
    const auto [entry, fresh] = numbers_.try_emplace(key, static_cast<int>(program_.ops.size()));
    if (!fresh) return entry->second;
    for (size_t i = 0; i < op.args.size(); ++i) {
      const Op& arg = program_.ops[op.args[i]];
      op.variables |= arg.variables;
      op.reads_memory |= arg.reads_memory;
      op.reads_written |= arg.reads_written;
      op.unsafe |= arg.unsafe && !(op.kind == ScalarKind::kSelect && i > 0);
    }
    program_.ops.push_back(std::move(op));
    return entry->second;
  }

  int cast(int arg, DataType type) {
    if (program_.ops[arg].type == type) return arg;
    return intern({.kind = ScalarKind::kCast, .type = type, .args = {arg}});
  }

  int binary(loops::BinaryOp op, int a, int b) {
    return intern(
        {.kind = ScalarKind::kBinary, .type = program_.ops[a].type, .binary = op, .args = {a, b}});
  }

  int load(const ScalarNode& node) {
    Op op{.kind = ScalarKind::kLoad, .type = node.type, .buffer = node.buffer};
    if (node.buffer == loops::kAccumulator) {
      op.variables = ~VariableSet{0};
      op.reads_written = true;
      return intern(std::move(op));
    }
    FormTable::Offset offset = program_.forms.offset_of(node.buffer, node.index);
    const auto value = forwarded_.find({node.buffer, key_of(offset.form)});
    if (value != forwarded_.end()) return cast(value->second, node.type);
    op.variables = program_.forms.variables_of(offset.form);
    op.unsafe = !offset.in_bounds || program_.forms.may_read_outside(offset.form);
    op.in_bounds = offset.in_bounds;
    op.index = std::move(offset.form);
    op.reads_memory = true;
    op.reads_written = written_.count(node.buffer) > 0;
    return intern(std::move(op));
  }

  int op_of(const Scalar& scalar) {
    const auto known = seen_.find(scalar.get());
    if (known != seen_.end()) return known->second;
    return seen_[scalar.get()] = fresh_op_of(*scalar);
  }

  int fresh_op_of(const ScalarNode& node) {
    if (node.kind == ScalarKind::kLoad) return load(node);
    Op op{.kind = node.kind,
          .type = node.type,
          .unary = node.unary,
          .binary = node.binary,
          .number = node.number,
          .integer = node.integer};
    for (const Scalar& arg : node.args) op.args.push_back(op_of(arg));
    if (node.kind == ScalarKind::kIndexValue) {
      op.index = program_.forms.form_of(node.index[0]);
      op.variables = program_.forms.variables_of(op.index);
      op.reads_memory = program_.forms.reads_memory(op.index);
      op.reads_written = op.reads_memory;
      op.unsafe = program_.forms.may_read_outside(op.index);
    }
    return intern(std::move(op));
  }

  const Nest& nest_;
  GroupProgram program_;
  std::set<int> written_;
  std::map<std::string, int> numbers_;
  std::map<const ScalarNode*, int> seen_;
  std::map<std::pair<int, std::string>, int> forwarded_;
};

bool same_index(const std::vector<loops::Index>& a, const std::vector<loops::Index>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(),
                    [](const auto& x, const auto& y) { return loops::equal(x, y); });
}

bool may_join(const Nest& nest, const StageGroup& group, const Stage& stage) {
  const Stage& first = nest.stages[group.front()];
  if (first.kind != StageKind::kMap || first.domain != stage.domain) return false;
  if (is_ordered(stage) || stage.kind == StageKind::kScan) return false;
  if (stage.kind == StageKind::kReduce && stage.op == loops::ReduceOp::kWelford) return false;
  bool legal = true;
  for (int member : group) {
    const Stage& earlier = nest.stages[member];
    if (earlier.kind != StageKind::kMap || is_ordered(earlier)) return false;
    if (earlier.out == stage.out || earlier.out == stage.out2) return false;
    for_each_read(stage, [&](const Read& read) {
      if (read.buffer == earlier.out && !same_index(read.index, earlier.out_index)) legal = false;
    });
    for_each_read(earlier, [&](const Read& read) {
      if (read.buffer == stage.out || read.buffer == stage.out2) legal = false;
    });
  }
  return legal;
}

/// A local buffer read only through registers need not exist in memory.
void drop_forwarded_stores(const Nest& nest, const StageGroup& group, GroupProgram& program) {
  std::set<int> read;
  for (const Op& op : program.ops)
    if (op.kind == ScalarKind::kLoad) read.insert(op.buffer);
  for (const Atom& atom : program.forms.atoms())
    if (atom.buffer >= 0) read.insert(atom.buffer);
  for (int s = 0; s < static_cast<int>(nest.stages.size()); ++s) {
    if (std::find(group.begin(), group.end(), s) != group.end()) continue;
    for_each_read(nest.stages[s], [&](const Read& one) { read.insert(one.buffer); });
  }
  for (GroupStage& stage : program.stages) {
    const loops::Buffer& buffer = nest.buffers[stage.stage->out];
    if (stage.stage->kind == StageKind::kMap && buffer.role == loops::BufferRole::kLocal &&
        read.count(stage.stage->out) == 0)
      stage.store = false;
  }
}

}  // namespace

int GroupProgram::reduce_rank() const {
  switch (last().kind) {
    case StageKind::kMap:
      return 0;
    case StageKind::kReduce:
      return last().reduce_rank;
    case StageKind::kContraction:
    case StageKind::kScan:
      return 1;
  }
  fail("unknown kind of stage");
}

bool is_ordered(const Stage& stage) {
  if (stage.kind != StageKind::kMap) return false;
  if (stage.combine != Stage::Combine::kNone) return true;
  for (const loops::Index& index : stage.out_index)
    if (loops::has_indirect(index)) return true;
  for (int v = 0; v < static_cast<int>(stage.domain.size()); ++v) {
    if (stage.domain[v] <= 1) continue;
    const bool used = std::any_of(stage.out_index.begin(), stage.out_index.end(),
                                  [&](const loops::Index& i) { return loops::depends_on(i, v); });
    if (!used) return true;
  }
  return false;
}

std::vector<StageGroup> group_stages(const Nest& nest) {
  std::vector<StageGroup> groups;
  for (int s = 0; s < static_cast<int>(nest.stages.size()); ++s) {
    if (!groups.empty() && may_join(nest, groups.back(), nest.stages[s]))
      groups.back().push_back(s);
    else
      groups.push_back({s});
  }
  return groups;
}

GroupProgram make_program(const Nest& nest, const StageGroup& group,
                          const std::vector<Placement>& placements) {
  ProgramBuilder builder(nest, nest.stages[group.front()].domain, placements);
  for (int s : group) builder.add(nest.stages[s]);
  GroupProgram program = std::move(builder).finish();
  drop_forwarded_stores(nest, group, program);
  return program;
}

}  // namespace kasuri::codegen
