#include "engine/codegen/frame.h"

#include <llvm/IR/Constants.h>
#include <llvm/IR/Dominators.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/Transforms/Utils/PromoteMemToReg.h>

#include <algorithm>
#include <bit>

namespace kasuri::codegen {

using llvm::BasicBlock;
using llvm::ConstantInt;
using llvm::Value;

struct Frame::Scope {
  Scope* parent = nullptr;
  std::unordered_map<std::string, Value*> known;

  Value* find(const std::string& key) const {
    for (const Scope* scope = this; scope != nullptr; scope = scope->parent) {
      const auto entry = scope->known.find(key);
      if (entry != scope->known.end()) return entry->second;
    }
    return nullptr;
  }
};

Frame::Frame(llvm::IRBuilderBase& b, llvm::Function& f) : builder(b), function(f) {
  variables_.resize(64);
  BasicBlock* entry = BasicBlock::Create(b.getContext(), "entry", &f);
  b.SetInsertPoint(entry);
}

Frame::~Frame() = default;

void Frame::open_level() {
  BasicBlock* code = BasicBlock::Create(builder.getContext(), "", &function);
  llvm::Instruction* end = builder.CreateBr(code);
  builder.SetInsertPoint(code);
  auto scope = std::make_unique<Scope>();
  if (!levels_.empty()) scope->parent = levels_.back().scope.get();
  scope_ = scope.get();
  levels_.push_back({end, std::move(scope)});
}

void Frame::close_level() {
  levels_.pop_back();
  scope_ = levels_.back().scope.get();
}

int Frame::level_of(VariableSet variables) const {
  int level = 0;
  for (VariableSet rest = variables; rest != 0; rest &= rest - 1)
    level = std::max(level, variables_[std::countr_zero(rest)].level);
  return std::min(level, depth());
}

void Frame::set_variable(int number, Value* value) { variables_[number] = {value, depth()}; }

Value* Frame::once(int level, const std::string& name, const Make& make) {
  const std::string key = group + name;
  Scope* home = level >= depth() ? scope_ : levels_[level].scope.get();
  if (Value* known = home->find(key)) return known;
  if (level >= depth()) {
    Value* made = make();
    return scope_->known[key] = made;
  }
  const llvm::IRBuilderBase::InsertPointGuard restore(builder);
  Scope* const outer_scope = scope_;
  const Lanes outer_lanes = lanes;
  const bool outer_conditional = conditional;
  std::vector<Level> inner(std::make_move_iterator(levels_.begin() + level + 1),
                           std::make_move_iterator(levels_.end()));
  levels_.erase(levels_.begin() + level + 1, levels_.end());
  scope_ = home;
  lanes.guard = nullptr;
  conditional = false;
  if (lanes.axis >= 0 && variables_[lanes.axis].level > level) lanes.tail = nullptr;
  builder.SetInsertPoint(levels_[level].end_of_hoisted);
  Value* made = make();
  home->known[key] = made;
  for (Level& one : inner) levels_.push_back(std::move(one));
  scope_ = outer_scope;
  lanes = outer_lanes;
  conditional = outer_conditional;
  return made;
}

void Frame::level(const std::function<void()>& body) {
  open_level();
  body();
  close_level();
}

void Frame::loop(Value* begin, Value* end, int64_t step, const std::function<void(Value*)>& body) {
  const auto* first = llvm::dyn_cast<ConstantInt>(begin);
  const auto* last = llvm::dyn_cast<ConstantInt>(end);
  if (begin == end) return;
  if (first != nullptr && last != nullptr) {
    if (first->getSExtValue() >= last->getSExtValue()) return;
    if (first->getSExtValue() + step >= last->getSExtValue()) return level([&] { body(begin); });
  }
  BasicBlock* before = builder.GetInsertBlock();
  BasicBlock* header = BasicBlock::Create(builder.getContext(), "loop", &function);
  BasicBlock* exit = BasicBlock::Create(builder.getContext(), "done", &function);
  if (first != nullptr && last != nullptr)
    builder.CreateBr(header);
  else
    builder.CreateCondBr(builder.CreateICmpSLT(begin, end), header, exit);
  builder.SetInsertPoint(header);
  llvm::PHINode* index = builder.CreatePHI(begin->getType(), 2);
  index->addIncoming(begin, before);
  open_level();
  body(index);
  close_level();
  Value* next = builder.CreateAdd(index, ConstantInt::get(begin->getType(), step), "", true, true);
  index->addIncoming(next, builder.GetInsertBlock());
  builder.CreateCondBr(builder.CreateICmpSLT(next, end), header, exit);
  builder.SetInsertPoint(exit);
}

void Frame::in_lanes(const Strip& strip, Value* base, Value* tail,
                     const std::function<void()>& body) {
  const Lanes outer = lanes;
  lanes = {.axis = strip.axis, .width = strip.width, .unroll = strip.unroll, .tail = tail};
  set_variable(strip.axis, base);
  body();
  lanes = outer;
}

void Frame::strip(const Strip& strip, Value* begin, Value* end, const std::function<void()>& body) {
  const auto run = [&](const Strip& part, Value* from, Value* to) {
    loop(from, to, int64_t{part.width} * part.unroll,
         [&](Value* i) { in_lanes(part, i, nullptr, body); });
  };
  const auto whole = [&](Value* from, int64_t step) {
    Value* size = ConstantInt::get(begin->getType(), step);
    Value* length = builder.CreateSub(end, from);
    return builder.CreateAdd(from, builder.CreateMul(builder.CreateUDiv(length, size), size));
  };
  if (strip.width == 1) return run({strip.axis, 1, 1, true}, begin, end);
  Value* from = begin;
  Value* to = whole(from, int64_t{strip.width} * strip.unroll);
  run(strip, from, to);
  const Strip single{strip.axis, strip.width, 1, strip.masked_tail};
  if (strip.unroll > 1 && (llvm::isa<ConstantInt>(to) || !strip.masked_tail)) {
    from = to;
    to = whole(from, strip.width);
    run(single, from, to);
  }
  strip_rest(single, to, end, body);
}

void Frame::strip_rest(const Strip& strip, Value* begin, Value* end,
                       const std::function<void()>& body) {
  if (!strip.masked_tail)
    return loop(begin, end, 1,
                [&](Value* i) { in_lanes({strip.axis, 1, 1, true}, i, nullptr, body); });
  loop(begin, end, strip.width,
       [&](Value* i) { in_lanes(strip, i, tail_mask(strip, i, end), body); });
}

Value* Frame::tail_mask(const Strip& strip, Value* base, Value* end) {
  const llvm::IRBuilderBase::InsertPointGuard restore(builder);
  builder.SetInsertPoint(levels_.back().end_of_hoisted);
  Value* left = builder.CreateSub(end, base);
  Value* width = ConstantInt::get(left->getType(), strip.width);
  left = builder.CreateSelect(builder.CreateICmpSLT(left, width), left, width);
  left = builder.CreateTrunc(left, builder.getInt32Ty());
  std::vector<uint32_t> numbers(strip.width);
  for (int k = 0; k < strip.width; ++k) numbers[k] = k;
  Value* iota = llvm::ConstantDataVector::get(builder.getContext(), numbers);
  Value* tail = builder.CreateICmpULT(iota, builder.CreateVectorSplat(strip.width, left));
  const auto* constant = llvm::dyn_cast<llvm::Constant>(tail);
  return constant != nullptr && constant->isAllOnesValue() ? nullptr : tail;
}

Value* Frame::in_arm(const Make& make) {
  Scope arm;
  arm.parent = scope_;
  scope_ = &arm;
  const bool outer = conditional;
  conditional = true;
  Value* made = make();
  conditional = outer;
  scope_ = arm.parent;
  return made;
}

Value* Frame::branch(Value* condition, const Make& yes, const Make& no) {
  llvm::LLVMContext& context = builder.getContext();
  BasicBlock* head = builder.GetInsertBlock();
  llvm::Instruction* next =
      builder.GetInsertPoint() == head->end() ? nullptr : &*builder.GetInsertPoint();
  BasicBlock* join = nullptr;
  if (next != nullptr) {
    join = head->splitBasicBlock(next);
    head->getTerminator()->eraseFromParent();
    builder.SetInsertPoint(head);
  } else {
    join = BasicBlock::Create(context, "join", &function);
  }
  BasicBlock* arms[2] = {BasicBlock::Create(context, "yes", &function),
                         BasicBlock::Create(context, "no", &function)};
  builder.CreateCondBr(condition, arms[0], arms[1]);
  Value* values[2];
  BasicBlock* ends[2];
  for (int arm = 0; arm < 2; ++arm) {
    builder.SetInsertPoint(arms[arm]);
    values[arm] = in_arm(arm == 0 ? yes : no);
    ends[arm] = builder.GetInsertBlock();
    builder.CreateBr(join);
  }
  builder.SetInsertPoint(join, join->begin());
  llvm::PHINode* merged = nullptr;
  if (values[0] != nullptr) {
    merged = builder.CreatePHI(values[0]->getType(), 2);
    for (int arm = 0; arm < 2; ++arm) merged->addIncoming(values[arm], ends[arm]);
  }
  if (next != nullptr) builder.SetInsertPoint(next);
  return merged;
}

Value* Frame::guarded(Value* condition, const Make& make) {
  Value* outer = lanes.guard;
  lanes.guard = outer == nullptr ? condition : builder.CreateAnd(outer, condition);
  Value* made = in_arm(make);
  lanes.guard = outer;
  return made;
}

Value* Frame::mask() const {
  if (lanes.tail == nullptr || lanes.guard == nullptr)
    return lanes.tail == nullptr ? lanes.guard : lanes.tail;
  return builder.CreateAnd(lanes.tail, lanes.guard);
}

llvm::AllocaInst* Frame::variable_slot(llvm::Type* type) {
  llvm::IRBuilder<> entry(&function.getEntryBlock(), function.getEntryBlock().begin());
  slots_.push_back(entry.CreateAlloca(type));
  return slots_.back();
}

void Frame::promote_slots() {
  std::vector<llvm::AllocaInst*> promotable;
  for (llvm::AllocaInst* slot : slots_)
    if (llvm::isAllocaPromotable(slot)) promotable.push_back(slot);
  llvm::DominatorTree tree(function);
  llvm::PromoteMemToReg(promotable, tree);
}

}  // namespace kasuri::codegen
