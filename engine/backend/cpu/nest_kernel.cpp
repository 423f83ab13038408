#include "engine/backend/cpu/nest_kernel.h"

#include <algorithm>
#include <array>
#include <set>

#include "engine/codegen/compiled_nest.h"
#include "engine/loops/compose.h"
#include "engine/lower/lowering.h"

namespace kasuri::cpu {
namespace {

using loops::BufferRole;

/// Calls visit with every load of a stage, indirect reads of indices included as buffer numbers.
void visit_loads(const loops::Stage& stage,
                 const std::function<void(const loops::ScalarNode&)>& visit) {
  for (const loops::Scalar& scalar : {stage.body, stage.a, stage.b, stage.epilogue})
    if (scalar)
      loops::visit(scalar, [&](const loops::ScalarNode& node) {
        if (node.kind == loops::ScalarKind::kLoad) visit(node);
      });
}

void collect_indirect(const loops::Index& index, std::set<int>& buffers) {
  if (!index) return;
  if (index->kind == loops::IndexKind::kIndirect) buffers.insert(index->buffer);
  for (const loops::Index& arg : index->args) collect_indirect(arg, buffers);
}

std::set<int> buffers_read(const loops::Nest& nest) {
  std::set<int> read;
  for (const loops::Stage& stage : nest.stages) {
    for (const loops::Index& index : stage.out_index) collect_indirect(index, read);
    for (const loops::Scalar& scalar : {stage.body, stage.a, stage.b, stage.epilogue})
      if (scalar)
        loops::visit(scalar, [&](const loops::ScalarNode& node) {
          if (node.kind == loops::ScalarKind::kLoad) read.insert(node.buffer);
          for (const loops::Index& index : node.index) collect_indirect(index, read);
        });
  }
  return read;
}

bool is_identity(const std::vector<loops::Index>& index) {
  for (size_t k = 0; k < index.size(); ++k)
    if (index[k]->kind != loops::IndexKind::kVariable || index[k]->value != static_cast<int64_t>(k))
      return false;
  return true;
}

/// Every element of `in` is read at its own place, never after a stage began to write `out`.
bool may_share(const loops::Nest& nest, int in, int out) {
  const loops::Buffer &a = nest.buffers[in], &b = nest.buffers[out];
  if (a.dtype != b.dtype || a.extents != b.extents || a.strides != b.strides) return false;
  bool written = false, safe = true;
  for (const loops::Stage& stage : nest.stages) {
    std::set<int> indirect;
    for (const loops::Index& index : stage.out_index) collect_indirect(index, indirect);
    safe &= !indirect.contains(in);
    visit_loads(stage, [&](const loops::ScalarNode& node) {
      for (const loops::Index& index : node.index) collect_indirect(index, indirect);
      if (node.buffer == in) safe &= !written && is_identity(node.index);
    });
    safe &= !indirect.contains(in);
    if (stage.out != out && stage.out2 != out) continue;
    safe &= !written && stage.kind == loops::StageKind::kMap && is_identity(stage.out_index) &&
            stage.combine == loops::Stage::Combine::kNone;
    written = true;
  }
  return safe && written;
}

class NestKernel final : public Kernel {
 public:
  NestKernel(loops::Nest nest, codegen::CompiledNestPointer code, std::vector<int> operands,
             size_t input_count, int threads)
      : nest_(std::move(nest)),
        code_(std::move(code)),
        operands_(std::move(operands)),
        input_count_(input_count),
        workspace_(code_->workspace_bytes(threads)) {
    const std::set<int> read = buffers_read(nest_);
    std::set<int> used;
    for (size_t b = 0, k = 0; b < nest_.buffers.size(); ++b) {
      if (nest_.buffers[b].role == BufferRole::kLocal) continue;
      if (read.contains(static_cast<int>(b))) used.insert(operands_[k]);
      ++k;
    }
    for (size_t i = 0; i < input_count_; ++i)
      if (!used.contains(static_cast<int>(i))) unread_.push_back(static_cast<int>(i));
  }

  Status run(const KernelArguments& arguments) const override {
    constexpr size_t kUsual = 32;
    std::array<std::byte*, kUsual> few;
    std::vector<std::byte*> many;
    std::byte** buffers = few.data();
    if (operands_.size() > kUsual) {
      many.resize(operands_.size());
      buffers = many.data();
    }
    for (size_t k = 0; k < operands_.size(); ++k) {
      const size_t at = static_cast<size_t>(operands_[k]);
      buffers[k] = at < input_count_ ? const_cast<std::byte*>(arguments.inputs[at])
                                     : arguments.outputs[at - input_count_];
    }
    return code_->run({buffers, operands_.size()}, arguments.workspace, arguments.pool);
  }

  int64_t workspace_bytes() const override { return workspace_; }
  std::vector<int> absorbed_inputs() const override { return unread_; }
  bool may_overwrite(int input, int output) const override {
    const int in = buffer_of(input), out = buffer_of(static_cast<int>(input_count_) + output);
    return in >= 0 && out >= 0 && may_share(nest_, in, out);
  }
  std::string description() const override { return "cpu/" + code_->description(); }

 private:
  int buffer_of(int operand) const {
    for (size_t b = 0, k = 0; b < nest_.buffers.size(); ++b) {
      if (nest_.buffers[b].role == BufferRole::kLocal) continue;
      if (operands_[k++] == operand) return static_cast<int>(b);
    }
    return -1;
  }

  loops::Nest nest_;
  codegen::CompiledNestPointer code_;
  std::vector<int> operands_;  // per non-local buffer: its place among the inputs, then the outputs
  size_t input_count_;
  int64_t workspace_;
  std::vector<int> unread_;
};

}  // namespace

Result<loops::Nest> build_nest(const KernelRequest& request) {
  KASURI_TRY(loops::Nest nest,
             lower::lower_group(*request.graph, request.members, request.inputs, request.outputs));
  const auto set_strides = [&](size_t buffer, const OperandLayout& layout) {
    nest.buffers[buffer].strides =
        lower::strides_for(nest.buffers[buffer].extents, layout.axis_order);
  };
  for (size_t k = 0; k < request.inputs.size(); ++k) set_strides(k, request.input_layouts[k]);
  for (size_t k = 0; k < request.outputs.size(); ++k)
    set_strides(request.inputs.size() + k, request.output_layouts[k]);
  return loops::fuse(nest);
}

Result<KernelPointer> compile_nest(const KernelRequest& request, codegen::Compiler& compiler) {
  KASURI_TRY(loops::Nest nest, build_nest(request));
  std::map<std::string, int> place;
  for (size_t k = 0; k < request.inputs.size(); ++k)
    place[request.graph->value(request.inputs[k]).name] = static_cast<int>(k);
  for (size_t k = 0; k < request.outputs.size(); ++k)
    place[request.graph->value(request.outputs[k]).name] =
        static_cast<int>(request.inputs.size() + k);
  std::vector<int> operands;
  for (const loops::Buffer& buffer : nest.buffers)
    if (buffer.role != BufferRole::kLocal) operands.push_back(place.at(buffer.name));
  KASURI_TRY(codegen::CompiledNestPointer code, compiler.compile(nest, request.threads));
  return KernelPointer(std::make_shared<NestKernel>(std::move(nest), std::move(code),
                                                    std::move(operands), request.inputs.size(),
                                                    request.threads));
}

}  // namespace kasuri::cpu
