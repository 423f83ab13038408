#include "profiling/runtimes/stream_team.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <string>

namespace kasuri::profiling {
namespace {

// Contractions, a loop with a body of its own, and a value of unknown shape.
constexpr const char* kNetwork = R"(
graph "net" {
  opset "" 17
  input %x : float32[8,16]
  const %n = int64[] {5}
  %t = Transpose(%x) {perm=[1, 0]}
  %m = MatMul(%x, %t)
  %s = Softmax(%m)
  %y = Loop(%n, _, %s) {body=graph "turn" {
    opset "" 17
    input %i : int64[]
    input %go : bool[]
    input %v : float32[8,8]
    capture %m : float32[8,8]
    %w = Add(%v, %m)
    %z = Tanh(%w)
    output "go" = %go
    output "z" = %z
  }}
  %found = NonZero(%y)
  output "y" = %y
  output "found" = %found
})";

Status prepared(KasuriSession& session, const PlanRequest& request) {
  const std::string path = "/tmp/kasuri_streams_" + std::to_string(::getpid()) + ".ktxt";
  std::ofstream(path) << kNetwork;
  const Status opened = session.open({.path = path}, {});
  std::filesystem::remove(path);
  KASURI_RETURN_IF_ERROR(opened);
  KASURI_RETURN_IF_ERROR(session.make_plan(request, {}));
  return session.bind({});
}

bool same_bytes(const RuntimeValue& a, const RuntimeValue& b) {
  const auto x = a.tensor().bytes(), y = b.tensor().bytes();
  return a.tensor().extents() == b.tensor().extents() &&
         std::equal(x.begin(), x.end(), y.begin(), y.end());
}

TEST(StreamTeam, EveryStreamGivesTheOutputsOfOneAlone) {
  KasuriSession session;
  const Status ready = prepared(session, {.threads = 2});
  ASSERT_TRUE(ready.ok()) << ready.error().text();
  ASSERT_TRUE(session.run({}).ok());
  const auto alone = session.outputs();
  ASSERT_TRUE(alone.ok());
  auto team = StreamTeam::create(session, 3);
  ASSERT_TRUE(team.ok()) << team.error().text();
  EXPECT_EQ((*team)->streams(), 3);
  const auto round = (*team)->run_for(0.1, 0, {});
  ASSERT_TRUE(round.ok()) << round.error().text();
  EXPECT_GE(round->runs, 3);
  EXPECT_GE(round->seconds, 0.1);
  for (int stream = 0; stream < 3; ++stream) {
    const auto outputs = (*team)->outputs(stream);
    ASSERT_TRUE(outputs.ok());
    ASSERT_EQ(outputs->size(), alone->size());
    for (size_t i = 0; i < alone->size(); ++i)
      EXPECT_TRUE(same_bytes((*outputs)[i], (*alone)[i])) << "stream " << stream;
  }
  EXPECT_FALSE((*team)->outputs(3).ok());
}

TEST(StreamTeam, RefusesWhatDoesNotFit) {
  KasuriSession session;
  ASSERT_TRUE(prepared(session, {.threads = 1, .memory_limit = 40000}).ok());
  EXPECT_FALSE(StreamTeam::create(session, 0).ok());
  EXPECT_FALSE(StreamTeam::create(session, kMostStreams + 1).ok());
  const auto large = StreamTeam::create(session, kMostStreams);
  ASSERT_FALSE(large.ok());
  EXPECT_NE(large.error().text().find("64 streams need"), std::string::npos);
}

TEST(StreamTeam, CancellationEndsARound) {
  KasuriSession session;
  ASSERT_TRUE(prepared(session, {}).ok());
  auto team = StreamTeam::create(session, 2);
  ASSERT_TRUE(team.ok());
  TaskContext context;
  context.cancel.cancel();
  const auto round = (*team)->run_for(60, 0, context);
  ASSERT_FALSE(round.ok());
  EXPECT_EQ(round.error().kind(), ErrorKind::kCancelled);
}

}  // namespace
}  // namespace kasuri::profiling
