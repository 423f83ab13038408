#include "engine/codegen/jit.h"

#include <llvm/ExecutionEngine/Orc/Core.h>
#include <llvm/ExecutionEngine/Orc/ExecutorProcessControl.h>
#include <llvm/ExecutionEngine/Orc/ObjectLinkingLayer.h>
#include <llvm/Support/MemoryBuffer.h>

#include <atomic>

#include "engine/codegen/library.h"

namespace kasuri::codegen {

namespace orc = llvm::orc;

namespace {

Error failure(const std::string& what, llvm::Error error) {
  return Error(what + ": " + llvm::toString(std::move(error)), ErrorKind::kInternal);
}

}  // namespace

struct Jit::State {
  std::unique_ptr<orc::ExecutionSession> session;
  std::unique_ptr<orc::ObjectLinkingLayer> linker;
  orc::JITDylib* library = nullptr;
  std::atomic<uint64_t> objects{0};

  ~State() {
    if (session == nullptr) return;
    llvm::consumeError(session->endSession());
  }

  llvm::Error define_library_functions() {
    orc::SymbolMap symbols;
    for (const LibraryFunction& function : library_functions())
      symbols[session->intern(function.name)] = {orc::ExecutorAddr::fromPtr(function.address),
                                                 llvm::JITSymbolFlags::Exported};
    return library->define(orc::absoluteSymbols(std::move(symbols)));
  }
};

Jit::Jit() : state_(std::make_unique<State>()) {}
Jit::~Jit() = default;

Result<std::shared_ptr<Jit>> Jit::create() {
  auto process = orc::SelfExecutorProcessControl::Create();
  if (!process) return failure("starting the code loader", process.takeError());
  std::shared_ptr<Jit> jit(new Jit());
  State& state = *jit->state_;
  state.session = std::make_unique<orc::ExecutionSession>(std::move(*process));
  state.linker = std::make_unique<orc::ObjectLinkingLayer>(*state.session);
  state.library = &state.session->createBareJITDylib("kernels");
  if (llvm::Error error = state.define_library_functions())
    return failure("starting the code loader", std::move(error));
  return jit;
}

Result<Jit::Loaded> Jit::load(const std::string& object, const std::vector<std::string>& symbols) {
  State& state = *state_;
  orc::JITDylib& home =
      state.session->createBareJITDylib("object" + std::to_string(state.objects++));
  home.addToLinkOrder(*state.library);
  auto buffer = llvm::MemoryBuffer::getMemBufferCopy(object, symbols.empty() ? "" : symbols[0]);
  if (llvm::Error error = state.linker->add(home, std::move(buffer)))
    return failure("loading generated code", std::move(error));
  Loaded loaded;
  loaded.code = std::shared_ptr<void>(&home, [self = shared_from_this()](void* library) {
    auto& unloaded = *static_cast<orc::JITDylib*>(library);
    llvm::consumeError(self->state_->session->removeJITDylib(unloaded));
  });
  for (const std::string& symbol : symbols) {
    auto found = state.session->lookup({&home}, state.session->intern(symbol));
    if (!found) return failure("loading generated code", found.takeError());
    loaded.addresses.push_back(found->getAddress().toPtr<void*>());
  }
  return loaded;
}

}  // namespace kasuri::codegen
