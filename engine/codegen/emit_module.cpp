#include "engine/codegen/emit_module.h"

#include <fmt/format.h>
#include <llvm/ADT/SmallString.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Target/TargetMachine.h>

#include <algorithm>
#include <mutex>

#include "engine/base/check.h"
#include "engine/codegen/group_emitter.h"
#include "engine/codegen/lanes.h"
#include "engine/codegen/reads.h"

namespace kasuri::codegen {
namespace {

using llvm::Value;

/// Writes the function of one phase.
class PhaseEmitter {
 public:
  PhaseEmitter(const loops::Nest& nest, const Schedule& schedule, const TargetDescription& target,
               const std::vector<IndexSite>& sites, llvm::Function& function)
      : builder_(function.getContext()),
        frame_(builder_, function),
        function_(function),
        context_{nest, schedule, target, frame_, sites} {
    llvm::FastMathFlags flags;
    flags.setAllowContract(true);
    builder_.setFastMathFlags(flags);
  }

  void emit(const Phase& phase) {
    bind_buffers();
    frame_.start();
    const bool single = phase.points == 1;
    Value* begin = function_.getArg(2);
    Value* end = function_.getArg(3);
    if (single) {
      begin = builder_.getInt64(0);
      end = builder_.getInt64(1);
    }
    frame_.loop(begin, end, 1, [&](Value* point) { emit_point(phase, point); });
    builder_.CreateRetVoid();
    frame_.promote_slots();
  }

 private:
  void bind_buffers() {
    const loops::Nest& nest = context_.nest;
    llvm::Type* pointer = builder_.getPtrTy();
    llvm::Type* byte = builder_.getInt8Ty();
    context_.error = function_.getArg(4);
    context_.nothing = builder_.CreateAlloca(builder_.getInt128Ty());
    builder_.CreateStore(llvm::Constant::getNullValue(builder_.getInt128Ty()), context_.nothing);
    const auto argument = [&](int64_t number) {
      Value* slot = builder_.CreateConstGEP1_64(pointer, function_.getArg(0), number);
      return builder_.CreateLoad(pointer, slot);
    };
    const int64_t workspace = std::count_if(
        nest.buffers.begin(), nest.buffers.end(),
        [](const loops::Buffer& buffer) { return buffer.role != loops::BufferRole::kLocal; });
    for (size_t b = 0; b < nest.buffers.size(); ++b) {
      const BufferStorage& storage = context_.schedule.storage.buffers[b];
      Value* where = nullptr;
      Value* slot = nullptr;
      switch (storage.scope) {
        case BufferScope::kArgument:
          where = argument(storage.place);
          break;
        case BufferScope::kArena:
          where = builder_.CreateConstGEP1_64(byte, function_.getArg(1), storage.place);
          break;
        case BufferScope::kGlobal:
          where = builder_.CreateConstGEP1_64(byte, argument(workspace), storage.place);
          break;
        case BufferScope::kRegister:
          slot = frame_.variable_slot(storage_type(builder_, nest.buffers[b].dtype));
          break;
        case BufferScope::kNowhere:
          break;
      }
      context_.pointers.push_back(where);
      context_.registers.push_back(slot);
    }
  }

  /// The mixed-radix digits of a point, last fastest.
  std::vector<Value*> digits(Value* point, const std::vector<int64_t>& extents) {
    std::vector<Value*> out(extents.size());
    for (size_t k = extents.size(); k-- > 0;) {
      Value* extent = builder_.getInt64(extents[k]);
      out[k] = k == 0 ? point : builder_.CreateURem(point, extent);
      if (k > 0) point = builder_.CreateUDiv(point, extent);
    }
    return out;
  }

  void emit_point(const Phase& phase, Value* point) {
    if (phase.outer_rank > 0) {
      const std::vector<int64_t>& domain = context_.nest.stages.front().domain;
      const auto outer = digits(point, {domain.begin(), domain.begin() + phase.outer_rank});
      frame_.level([&] {
        for (int v = 0; v < phase.outer_rank; ++v) frame_.set_variable(v, outer[v]);
        for (const GroupSchedule& group : phase.groups) emit_group(group, nullptr);
      });
      return;
    }
    emit_group(phase.groups.front(), point);
  }

  void emit_group(const GroupSchedule& group, Value* point) {
    const GroupProgram program =
        make_program(context_.nest, group.stages, context_.schedule.storage.placements);
    const std::vector<int64_t>& domain = program.domain();
    if (std::find(domain.begin(), domain.end() - program.reduce_rank(), 0) !=
        domain.end() - program.reduce_rank())
      return;
    context_.program = &program;
    frame_.group = std::to_string(group.stages.front()) + ":";
    const std::vector<Value*> parts = digits(point, parallel_extents(group, domain));
    frame_.level([&] {
      frame_.stage_level = frame_.depth();
      for (int k = 0; k < group.parallel_axes; ++k) frame_.set_variable(group.order[k], parts[k]);
      GroupEmitter emitter(context_, group);
      if (group.block == 0) return emitter.emit(group.parallel_axes, nullptr, nullptr);
      const int64_t extent = domain[group.order[group.parallel_axes]];
      Value* begin = builder_.CreateMul(parts.back(), builder_.getInt64(group.block));
      Value* next = builder_.CreateAdd(begin, builder_.getInt64(group.block));
      Value* last = builder_.getInt64(extent);
      emitter.emit(group.parallel_axes, begin,
                   builder_.CreateSelect(builder_.CreateICmpSLT(next, last), next, last));
    });
    context_.program = nullptr;
  }

  static std::vector<int64_t> parallel_extents(const GroupSchedule& group,
                                               const std::vector<int64_t>& domain) {
    std::vector<int64_t> extents;
    for (int k = 0; k < group.parallel_axes; ++k) extents.push_back(domain[group.order[k]]);
    if (group.block == 0) return extents;
    const int64_t extent = domain[group.order[group.parallel_axes]];
    extents.push_back((extent + group.block - 1) / group.block);
    return extents;
  }

  llvm::IRBuilder<> builder_;
  Frame frame_;
  llvm::Function& function_;
  EmitContext context_;
};

std::unique_ptr<llvm::TargetMachine> target_machine(const TargetDescription& target) {
  static std::once_flag once;
  std::call_once(once, [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
  });
  std::string error;
  const llvm::Target* found = llvm::TargetRegistry::lookupTarget(target.triple, error);
  KASURI_CHECK(found != nullptr, "no code generator for " + target.triple + ": " + error);
  return std::unique_ptr<llvm::TargetMachine>(found->createTargetMachine(
      target.triple, target.cpu, target.features, llvm::TargetOptions(), llvm::Reloc::PIC_,
      llvm::CodeModel::Small, llvm::CodeGenOptLevel::Default, true));
}

llvm::Function* declare(llvm::Module& module, const std::string& name,
                        const TargetDescription& target) {
  llvm::LLVMContext& context = module.getContext();
  llvm::Type* pointer = llvm::PointerType::get(context, 0);
  llvm::Type* number = llvm::Type::getInt64Ty(context);
  auto* type = llvm::FunctionType::get(llvm::Type::getVoidTy(context),
                                       {pointer, pointer, number, number, pointer}, false);
  auto* function = llvm::Function::Create(type, llvm::Function::ExternalLinkage, name, module);
  const std::string bits = std::to_string(target.vector_bits);
  function->addFnAttr("prefer-vector-width", bits);
  function->addFnAttr("min-legal-vector-width", bits);
  function->addFnAttr(llvm::Attribute::NoUnwind);
  return function;
}

}  // namespace

std::string phase_symbol(const std::string& prefix, size_t phase) {
  return fmt::format("{}_{}", prefix, phase);
}

std::vector<IndexSite> index_sites(const loops::Nest& nest) {
  std::vector<IndexSite> sites;
  const std::function<void(const loops::Index&)> walk = [&](const loops::Index& index) {
    if (index->kind == loops::IndexKind::kIndirect) {
      const IndexSite site{index->buffer, index->limit};
      if (std::find(sites.begin(), sites.end(), site) == sites.end()) sites.push_back(site);
    }
    for (const loops::Index& arg : index->args) walk(arg);
  };
  for (const loops::Stage& stage : nest.stages) {
    const auto visit = [&](const loops::ScalarNode& node) {
      for (const loops::Index& index : node.index) walk(index);
    };
    for (const loops::Scalar& scalar : {stage.body, stage.a, stage.b, stage.epilogue})
      if (scalar) loops::visit(scalar, visit);
    for (const loops::Index& index : stage.out_index) walk(index);
  }
  return sites;
}

std::string emit_module(const loops::Nest& nest, const Schedule& schedule,
                        const TargetDescription& target, const std::string& prefix,
                        ModuleForm form) {
  llvm::LLVMContext context;
  llvm::Module module(prefix, context);
  const std::unique_ptr<llvm::TargetMachine> machine = target_machine(target);
  module.setTargetTriple(target.triple);
  module.setDataLayout(machine->createDataLayout());
  const std::vector<IndexSite> sites = index_sites(nest);
  for (size_t phase = 0; phase < schedule.phases.size(); ++phase) {
    llvm::Function* function = declare(module, phase_symbol(prefix, phase), target);
    PhaseEmitter(nest, schedule, target, sites, *function).emit(schedule.phases[phase]);
  }
  std::string problem;
  llvm::raw_string_ostream problems(problem);
  KASURI_CHECK(!llvm::verifyModule(module, &problems),
               "generated code of " + nest.name + ": " + problem);
  std::string text;
  if (form == ModuleForm::kIr) {
    llvm::raw_string_ostream stream(text);
    module.print(stream, nullptr);
    return text;
  }
  llvm::SmallString<0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  const auto kind = form == ModuleForm::kObject ? llvm::CodeGenFileType::ObjectFile
                                                : llvm::CodeGenFileType::AssemblyFile;
  KASURI_CHECK(!machine->addPassesToEmitFile(passes, stream, nullptr, kind),
               "the code generator writes objects");
  passes.run(module);
  return std::string(bytes.str());
}

}  // namespace kasuri::codegen
