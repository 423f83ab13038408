#include "app/cli/interrupt.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <atomic>

#include "app/cli/invocation.h"

namespace kasuri::cli {
namespace {

CancelToken* cancelled_by_signal = nullptr;
std::atomic<int> interrupts = 0;

void on_interrupt(int) {
  if (interrupts.fetch_add(1) > 0) _exit(kCancelled);
  cancelled_by_signal->cancel();
}

}  // namespace

void cancel_on_interrupt(const CancelToken& token) {
  static CancelToken held = token;
  cancelled_by_signal = &held;
  struct sigaction action = {};
  action.sa_handler = on_interrupt;
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

void restart_with_passive_openmp(char** argv) {
  if (getenv("OMP_WAIT_POLICY") != nullptr || getenv("KASURI_RESTARTED") != nullptr) return;
  setenv("OMP_WAIT_POLICY", "passive", 1);
  setenv("GOMP_SPINCOUNT", "2000", 1);
  setenv("KASURI_RESTARTED", "1", 1);
  execv("/proc/self/exe", argv);
}

}  // namespace kasuri::cli
