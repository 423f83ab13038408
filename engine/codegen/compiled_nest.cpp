#include "engine/codegen/compiled_nest.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "engine/base/check.h"
#include "engine/codegen/arrange.h"
#include "engine/codegen/emit_module.h"
#include "engine/codegen/jit.h"
#include "engine/codegen/object_cache.h"

namespace kasuri::codegen {
namespace {

/// Part of the key of cached objects: raise it whenever the emitted code changes.
/// Hash of the emitter's sources (engine/CMakeLists.txt): other sources, other machine code.
constexpr std::string_view kEmitterVersion = KASURI_EMITTER_HASH;

/// The first bad index of a run: the one of the earliest points.
class FirstBadIndex {
 public:
  void note(int64_t begin, int64_t site, int64_t value) {
    const std::lock_guard lock(mutex_);
    if (site_ >= 0 && begin > begin_) return;
    begin_ = begin;
    site_ = site;
    value_ = value;
  }
  bool any() const { return site_ >= 0; }
  int64_t site() const { return site_; }
  int64_t value() const { return value_; }

 private:
  std::mutex mutex_;
  int64_t begin_ = 0, site_ = -1, value_ = 0;
};

}  // namespace

struct CompiledNest::State {
  std::string name;
  Schedule schedule;
  std::vector<IndexSite> sites;
  std::vector<std::string> buffer_names;
  size_t arguments = 0;
  std::vector<PhaseFunction*> functions;
  std::shared_ptr<Jit> jit;
  std::shared_ptr<void> code;

  Error error_of(const FirstBadIndex& bad) const {
    const IndexSite& site = sites.at(bad.site());
    return Error(fmt::format("index {} in '{}' is out of range: the axis has {} elements",
                             bad.value(), buffer_names[site.buffer], site.limit));
  }

  void run_phase(size_t number, std::byte* const* pointers, std::byte* arenas, ThreadPool* pool,
                 FirstBadIndex& bad) const {
    const Phase& phase = schedule.phases[number];
    PhaseFunction* function = functions[number];
    const int64_t arena = schedule.storage.arena_bytes;
    const auto body = [&](int64_t begin, int64_t end, int worker) {
      int64_t error[2] = {0, 0};
      function(pointers, arenas + worker * arena, begin, end, error);
      if (error[0] != 0) bad.note(begin, error[0] - 1, error[1]);
    };
    if (phase.points == 0) return;
    if (pool == nullptr || phase.points <= phase.grain) return body(0, phase.points, 0);
    pool->parallel_for(phase.points, phase.grain, body);
  }
};

CompiledNest::CompiledNest(std::unique_ptr<State> state) : state_(std::move(state)) {}
CompiledNest::~CompiledNest() = default;

Status CompiledNest::run(std::span<std::byte* const> buffers, std::byte* workspace,
                         ThreadPool* pool) const {
  KASURI_CHECK(buffers.size() == state_->arguments, "one pointer per buffer of the nest");
  const DenormalGuard guard;
  std::vector<std::byte*> pointers(buffers.begin(), buffers.end());
  pointers.push_back(workspace);
  std::byte* arenas = workspace + state_->schedule.storage.global_bytes;
  FirstBadIndex bad;
  for (size_t phase = 0; phase < state_->functions.size(); ++phase)
    state_->run_phase(phase, pointers.data(), arenas, pool, bad);
  if (bad.any()) return state_->error_of(bad);
  return ok_status();
}

int64_t CompiledNest::workspace_bytes(int threads) const {
  const Storage& storage = state_->schedule.storage;
  return storage.global_bytes + storage.arena_bytes * threads;
}

const Schedule& CompiledNest::schedule() const { return state_->schedule; }

std::string CompiledNest::description() const {
  int loops = 0, width = 1;
  for (const Phase& phase : state_->schedule.phases)
    for (const GroupSchedule& group : phase.groups) {
      ++loops;
      width = std::max(width, group.width);
    }
  return fmt::format("jit {} loop{}, {} lane{}", loops, loops == 1 ? "" : "s", width,
                     width == 1 ? "" : "s");
}

struct Compiler::State {
  std::shared_ptr<Jit> jit;
  ObjectCache cache{""};
  TargetDescription target;

  Fingerprint key_of(const loops::Nest& nest, const Schedule& schedule) const {
    const Fingerprint content = loops::fingerprint_of(nest);
    FingerprintBuilder builder;
    builder.add(kEmitterVersion).add(content.low).add(content.high);
    builder.add(text_of(schedule, nest)).add(target.triple).add(target.features);
    builder.add(static_cast<uint64_t>(target.vector_bits)).add(target.masked ? 1 : 0);
    return builder.finish();
  }
};

Compiler::Compiler() : state_(std::make_unique<State>()) {}
Compiler::~Compiler() = default;

Result<std::shared_ptr<Compiler>> Compiler::create(std::string cache_folder,
                                                   TargetDescription target) {
  std::shared_ptr<Compiler> compiler(new Compiler());
  KASURI_TRY(compiler->state_->jit, Jit::create());
  compiler->state_->cache = ObjectCache(std::move(cache_folder));
  compiler->state_->target = std::move(target);
  return compiler;
}

const TargetDescription& Compiler::target() const { return state_->target; }

Result<CompiledNestPointer> Compiler::compile(const loops::Nest& given, int threads) {
  KASURI_RETURN_IF_ERROR(loops::verify(given));
  const loops::Nest nest = arranged(given, state_->target);
  auto compiled = std::make_unique<CompiledNest::State>();
  compiled->name = nest.name;
  compiled->schedule = default_schedule(nest, state_->target, threads);
  compiled->sites = index_sites(nest);
  compiled->jit = state_->jit;
  for (const loops::Buffer& buffer : nest.buffers) {
    compiled->buffer_names.push_back(buffer.name);
    if (buffer.role != loops::BufferRole::kLocal) ++compiled->arguments;
  }
  const Fingerprint key = state_->key_of(nest, compiled->schedule);
  const std::string symbol = "kasuri_nest";
  std::optional<std::string> object = state_->cache.find(key);
  if (!object) {
    object = emit_module(nest, compiled->schedule, state_->target, symbol, ModuleForm::kObject);
    state_->cache.store(key, *object);
  }
  std::vector<std::string> symbols;
  for (size_t phase = 0; phase < compiled->schedule.phases.size(); ++phase)
    symbols.push_back(phase_symbol(symbol, phase));
  if (!symbols.empty()) {
    KASURI_TRY_IN(Jit::Loaded loaded, state_->jit->load(*object, symbols), nest.name);
    for (void* address : loaded.addresses)
      compiled->functions.push_back(reinterpret_cast<PhaseFunction*>(address));
    compiled->code = std::move(loaded.code);
  }
  return CompiledNestPointer(new CompiledNest(std::move(compiled)));
}

Result<std::vector<CompiledNestPointer>> Compiler::compile_all(std::span<const loops::Nest> nests,
                                                               int threads) {
  std::vector<std::optional<Result<CompiledNestPointer>>> results(nests.size());
  std::atomic<size_t> next{0};
  const auto work = [&] {
    for (size_t n = next++; n < nests.size(); n = next++) {
      try {
        results[n] = compile(nests[n], threads);
      } catch (const InternalError& error) {
        results[n] = Error(error.what(), ErrorKind::kInternal);
      }
    }
  };
  const size_t helpers =
      std::min<size_t>(std::max(1u, std::thread::hardware_concurrency()), nests.size());
  std::vector<std::thread> team;
  for (size_t t = 1; t < helpers; ++t) team.emplace_back(work);
  work();
  for (std::thread& member : team) member.join();
  std::vector<CompiledNestPointer> compiled;
  for (std::optional<Result<CompiledNestPointer>>& result : results) {
    KASURI_TRY(CompiledNestPointer one, std::move(*result));
    compiled.push_back(std::move(one));
  }
  return compiled;
}

std::string generated_text(const loops::Nest& given, const TargetDescription& target, int threads,
                           bool assembly) {
  const loops::Nest nest = arranged(given, target);
  return emit_module(nest, default_schedule(nest, target, threads), target, "kasuri_nest",
                     assembly ? ModuleForm::kAssembly : ModuleForm::kIr);
}

}  // namespace kasuri::codegen
