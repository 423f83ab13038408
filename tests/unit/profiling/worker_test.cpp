#include "profiling/worker/worker_client.h"

#include <gtest/gtest.h>
#include <string.h>
#include <unistd.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "profiling/worker/frame.h"

namespace kasuri::profiling {
namespace {

using nlohmann::json;

TEST(Frame, ArrivesInPiecesOfAnySize) {
  const std::string bytes = "{\"id\":1,\"blobs\":[3,2]}\nabcde{\"id\":2}\n";
  for (size_t piece = 1; piece <= bytes.size(); ++piece) {
    FrameDecoder decoder;
    std::vector<Frame> frames;
    for (size_t at = 0; at < bytes.size(); at += piece) {
      decoder.feed(bytes.data() + at, std::min(piece, bytes.size() - at));
      while (true) {
        auto frame = decoder.next();
        ASSERT_TRUE(frame.ok());
        if (!*frame) break;
        frames.push_back(std::move(**frame));
      }
    }
    ASSERT_EQ(frames.size(), 2u) << piece;
    EXPECT_EQ(frames[0].blobs, (std::vector<std::string>{"abc", "de"}));
    EXPECT_EQ(frames[1].header->value("id", 0), 2);
  }
}

TEST(Frame, NonsenseIsAnError) {
  for (const char* text : {"hello\n", "[1]\n", "{\"blobs\":[-1]}\n", "{\"blobs\":7}\n",
                           "{\"blobs\":[99999999999999]}\n"}) {
    FrameDecoder decoder;
    decoder.feed(text, strlen(text));
    EXPECT_FALSE(decoder.next().ok()) << text;
  }
}

TEST(Worker, AProgramThatIsNotThereIsNamed) {
  const auto client = WorkerClient::start({{"/no/such/program"}, {}}, "before");
  ASSERT_FALSE(client.ok());
  EXPECT_NE(client.error().text().find("/no/such/program"), std::string::npos);
}

/// A worker made of a shell script.
std::unique_ptr<WorkerClient> shell(const std::string& script) {
  auto client = WorkerClient::start({{"/bin/sh", "-c", script}, {}}, "side");
  return client.ok() ? std::move(*client) : nullptr;
}

TEST(Worker, DeathNamesSignalRequestAndLastWords) {
  const auto client =
      shell("read line; echo 'kasuri worker: signal 11 while running step 17' >&2; kill -SEGV $$");
  ASSERT_NE(client, nullptr);
  const auto answer = client->request({{"type", "run_block"}}, {});
  ASSERT_FALSE(answer.ok());
  const std::string text = answer.error().text();
  EXPECT_NE(text.find("signal 11"), std::string::npos) << text;
  EXPECT_NE(text.find("run_block"), std::string::npos) << text;
  EXPECT_NE(text.find("step 17"), std::string::npos) << text;
  EXPECT_FALSE(client->request({{"type", "hello"}}, {}).ok());
}

TEST(Worker, AnErrorAnswerKeepsItsKindAndWords) {
  const auto client = shell(
      "read line; echo '{\"id\":1,\"type\":\"error\",\"kind\":\"unavailable\",\"message\":\"no "
      "such device\"}'; read line");
  ASSERT_NE(client, nullptr);
  const auto answer = client->request({{"type", "plan"}}, {});
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind(), ErrorKind::kUnavailable);
  EXPECT_EQ(answer.error().message(), "no such device");
}

TEST(Worker, SilenceTimesOut) {
  const auto client = shell("sleep 30");
  ASSERT_NE(client, nullptr);
  const auto answer = client->request({{"type", "hello"}}, {}, {}, 0.2);
  ASSERT_FALSE(answer.ok());
  EXPECT_NE(answer.error().text().find("no answer"), std::string::npos);
}

TEST(Worker, CancelKillsADeafWorkerWithinSeconds) {
  const auto client = shell("while true; do sleep 1; done");
  ASSERT_NE(client, nullptr);
  TaskContext context;
  std::thread canceller([&] {
    usleep(100000);
    context.cancel.cancel();
  });
  const auto answer = client->request({{"type", "run_block"}}, context);
  canceller.join();
  ASSERT_FALSE(answer.ok());
  EXPECT_EQ(answer.error().kind(), ErrorKind::kCancelled);
}

TEST(Worker, ProgressEventsReachTheListener) {
  const auto client = shell(
      "read line; echo "
      "'{\"id\":1,\"type\":\"progress\",\"stage\":\"Reading\",\"done\":1,\"total\":2}';"
      "echo '{\"id\":1,\"type\":\"result\",\"x\":5}'; read line");
  ASSERT_NE(client, nullptr);
  TaskContext context;
  std::string stage;
  context.on_progress = [&](const Progress& progress) { stage = progress.stage; };
  const auto answer = client->request({{"type", "open"}}, context);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->header->at("x"), 5);
  EXPECT_EQ(stage, "Reading");
}

}  // namespace
}  // namespace kasuri::profiling
