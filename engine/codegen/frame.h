#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "engine/codegen/linear_form.h"

namespace llvm {
class AllocaInst;
class BasicBlock;
class Function;
class IRBuilderBase;
class Instruction;
class Type;
class Value;
}  // namespace llvm

namespace kasuri::codegen {

/// How values are spread over lanes at the moment: variable `axis` runs through `width` lanes
/// (times `unroll` copies); width 1 is plain scalar code.
struct Lanes {
  int axis = -1;
  int width = 1;
  int unroll = 1;
  llvm::Value* tail = nullptr;   ///< Lanes inside the domain; null: all.
  llvm::Value* guard = nullptr;  ///< Lanes the enclosing selects ask for; null: all.
  bool varies(VariableSet variables) const { return width > 1 && (variables >> axis & 1) != 0; }
};

/// The skeleton of a function being emitted: loops, the level each variable belongs to, and values
/// already computed. A value is emitted once, at the level of its innermost variable: that is
/// hoisting by construction.
class Frame {
 public:
  /// Creates the entry block; code up to start() goes there and dominates everything.
  Frame(llvm::IRBuilderBase& builder, llvm::Function& function);
  ~Frame();
  void start() { open_level(); }

  llvm::IRBuilderBase& builder;
  llvm::Function& function;
  Lanes lanes;
  int stage_level = 0;       ///< Loads of buffers the nest writes are not hoisted above this.
  bool conditional = false;  ///< Inside an arm that may not be executed.
  /// Prefix of the names of values: each group has its own numbers, and so has code inside a level
  /// that binds a variable anew.
  std::string group;

  int depth() const { return static_cast<int>(levels_.size()) - 1; }
  int level_of(VariableSet variables) const;
  llvm::Value* variable(int number) const { return variables_[number].value; }
  void set_variable(int number, llvm::Value* value);

  using Make = std::function<llvm::Value*()>;
  /// The value named `key` at `level`; made there, before the inner loops, if it is not known.
  llvm::Value* once(int level, const std::string& key, const Make& make);

  /// for (i = begin; i < end; i += step) body(i), as a level of its own. Signed.
  void loop(llvm::Value* begin, llvm::Value* end, int64_t step,
            const std::function<void(llvm::Value*)>& body);
  /// A level without a loop.
  void level(const std::function<void()>& body);
  /// Runs body over `axis` in lanes: whole vectors first, then the masked (or scalar) rest.
  struct Strip {
    int axis;
    int width;
    int unroll;
    bool masked_tail;
  };
  void strip(const Strip& strip, llvm::Value* begin, llvm::Value* end,
             const std::function<void()>& body);

  /// condition ? yes() : no() with branches. Both return values of one type, or null.
  llvm::Value* branch(llvm::Value* condition, const Make& yes, const Make& no);
  /// Evaluates under an additional lane guard.
  llvm::Value* guarded(llvm::Value* condition, const Make& make);
  /// tail and guard together; null: all lanes.
  llvm::Value* mask() const;

  llvm::AllocaInst* variable_slot(llvm::Type* type);
  /// Turns every slot into registers; call once, at the end.
  void promote_slots();

 private:
  struct Scope;
  struct Level {
    llvm::Instruction* end_of_hoisted;
    std::unique_ptr<Scope> scope;
  };
  struct Variable {
    llvm::Value* value = nullptr;
    int level = 0;
  };
  void open_level();
  void close_level();
  llvm::Value* in_arm(const Make& make);
  llvm::Value* tail_mask(const Strip& strip, llvm::Value* base, llvm::Value* end);
  void strip_rest(const Strip& strip, llvm::Value* begin, llvm::Value* end,
                  const std::function<void()>& body);
  void in_lanes(const Strip& strip, llvm::Value* base, llvm::Value* tail,
                const std::function<void()>& body);

  std::vector<Level> levels_;
  Scope* scope_ = nullptr;
  std::vector<Variable> variables_;
  std::vector<llvm::AllocaInst*> slots_;
};

}  // namespace kasuri::codegen
