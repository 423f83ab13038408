#include "profiling/worker/worker_client.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <nlohmann/json.hpp>

#include "profiling/clock.h"
#include "profiling/worker/spawn.h"

namespace kasuri::profiling {
namespace {

constexpr size_t kTailBytes = 4096;
constexpr double kGraceMs = 1000;

/// The last lines that say something, as one: "a; b".
std::string last_lines(const std::string& text, int lines) {
  constexpr const char* kBlank = "\r\n\t ";
  std::string joined;
  size_t end = text.find_last_not_of(kBlank);
  for (; end != std::string::npos && lines > 0; --lines) {
    const size_t before = text.find_last_of("\r\n", end);
    const size_t start = before == std::string::npos ? 0 : before + 1;
    joined = text.substr(start, end - start + 1) + (joined.empty() ? "" : "; ") + joined;
    if (start == 0) break;
    end = text.find_last_not_of(kBlank, start - 1);
  }
  return joined;
}

}  // namespace

/// One request on its way.
struct WorkerClient::Wait {
  int id = 0;
  std::string type;
  double timeout_ms = 0;
  Stopwatch since;
  bool cancel_sent = false;
  double cancel_at = 0;
};

Result<std::unique_ptr<WorkerClient>> WorkerClient::start(const WorkerCommand& command,
                                                          std::string name) {
  KASURI_TRY(const ChildProcess child, spawn(command));
  return std::unique_ptr<WorkerClient>(
      new WorkerClient(std::move(name), child.pid, child.in, child.out, child.err));
}

WorkerClient::~WorkerClient() { end_process(); }

void WorkerClient::end_process() {
  if (in_ >= 0) ::close(in_);
  if (pid_ > 0) {
    for (int i = 0; i < 50 && waitpid(pid_, nullptr, WNOHANG) == 0; ++i) {
      if (i == 20) kill(pid_, SIGKILL);
      usleep(10000);
    }
    pid_ = -1;
  }
  if (out_ >= 0) ::close(out_);
  if (err_ >= 0) ::close(err_);
  in_ = out_ = err_ = -1;
}

Status WorkerClient::pump(int milliseconds) {
  std::array<pollfd, 2> ports = {{{out_, POLLIN, 0}, {err_, POLLIN, 0}}};
  if (::poll(ports.data(), ports.size(), milliseconds) <= 0) return Done{};
  static thread_local std::array<char, 1 << 18> bytes;
  if (ports[1].revents != 0) {
    const ssize_t got = ::read(err_, bytes.data(), bytes.size());
    if (got > 0) stderr_tail_.append(bytes.data(), static_cast<size_t>(got));
    if (stderr_tail_.size() > 2 * kTailBytes)
      stderr_tail_.erase(0, stderr_tail_.size() - kTailBytes);
  }
  if (ports[0].revents != 0) {
    const ssize_t got = ::read(out_, bytes.data(), bytes.size());
    if (got > 0) decoder_.feed(bytes.data(), static_cast<size_t>(got));
    if (got == 0) closed_ = true;
  }
  return Done{};
}

Error WorkerClient::death(const std::string& during) {
  for (ssize_t got = 1; got > 0;) {
    std::array<char, 4096> bytes;
    pollfd port{err_, POLLIN, 0};
    if (::poll(&port, 1, 100) <= 0) break;
    got = ::read(err_, bytes.data(), bytes.size());
    if (got > 0) stderr_tail_.append(bytes.data(), static_cast<size_t>(got));
  }
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  std::string how = fmt::format("ended with exit code {}", WEXITSTATUS(status));
  if (WIFSIGNALED(status)) {
    const int signal = WTERMSIG(status);
    how = fmt::format("died of signal {} ({})", signal, strsignal(signal));
    if (signal == SIGKILL) how += ", perhaps for want of memory";
  }
  const std::string tail = last_lines(stderr_tail_, 6);
  return Error(fmt::format("the worker of side '{}' {} during '{}'{}{}", name_, how, during,
                           tail.empty() ? "" : "; it said: ", tail),
               ErrorKind::kUnavailable);
}

Result<std::optional<Frame>> WorkerClient::answer_to(int id, const TaskContext& context) {
  while (true) {
    KASURI_TRY(std::optional<Frame> frame, decoder_.next());
    if (!frame) return frame;
    const nlohmann::json& header = *frame->header;
    const std::string type = header.value("type", "");
    if (type == "progress")
      context.report(header.value("stage", ""), header.value("done", 0.0),
                     header.value("total", 0.0));
    if (header.value("id", 0) != id || type == "progress") continue;
    if (type == "error") return error_from(header);
    return frame;
  }
}

/// Time-outs and cancellation while waiting.
Status WorkerClient::watch(Wait& wait, const TaskContext& context) {
  const double now = wait.since.milliseconds();
  if (wait.timeout_ms > 0 && now > wait.timeout_ms) {
    kill(pid_, SIGKILL);
    (void)death(wait.type);
    return Error::unavailable(
        fmt::format("the worker of side '{}' gave no answer to '{}' within {:.0f} s", name_,
                    wait.type, wait.timeout_ms / 1e3));
  }
  if (!context.cancel.cancelled()) return Done{};
  if (!wait.cancel_sent) {
    wait.cancel_sent = true;
    wait.cancel_at = now;
    (void)write_frame(in_, {{"type", "cancel"}});
  } else if (now - wait.cancel_at > kGraceMs) {
    kill(pid_, SIGKILL);
    (void)death(wait.type);
    return Error::cancelled();
  }
  return Done{};
}

Result<Frame> WorkerClient::request(const nlohmann::json& fields, const TaskContext& context,
                                    const std::vector<std::string>& blobs, double timeout_seconds) {
  if (!alive()) return Error::unavailable("the worker of side '" + name_ + "' has ended");
  Wait wait{next_id_++, fields.value("type", ""), timeout_seconds * 1e3, {}};
  nlohmann::json header = fields;
  header["id"] = wait.id;
  if (!write_frame(in_, header, blobs).ok()) return death(wait.type);
  while (true) {
    KASURI_RETURN_IF_ERROR(pump(50));
    KASURI_TRY(std::optional<Frame> answer, answer_to(wait.id, context));
    if (answer) return std::move(*answer);
    if (closed_) return death(wait.type);
    KASURI_RETURN_IF_ERROR(watch(wait, context));
  }
}

}  // namespace kasuri::profiling
