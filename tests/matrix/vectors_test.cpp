#include <fmt/format.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <exception>
#include <map>
#include <set>

#include "engine/backend/reference/reference_backend.h"
#include "tests/support/vector_case.h"

// Whole models on the reference backend against what ONNX Runtime gave for them. By default those
// that take seconds; KASURI_VECTORS=all runs every vector, any other value those whose name holds
// it.
namespace kasuri {
namespace {

using testing::load_vector;
using testing::vector_names;
using testing::VectorCase;

/// Small models of every kind: networks, control flow, quantised ones.
const std::set<std::string> kEveryDay = {
    "full__tv_squeezenet1_1_torch1.13",
    "full__yolox_person_192",
    "full__lstm_gru_rnn_ts_torch2.6",
    "full__bert_toy_pytorch",
    "full__gpt2_past_kvcache",
    "control_flow__burn_loop_scan_outputs",
    "control_flow__burn_loop_multi_deps",
    "control_flow__burn_outer_scope_constant",
    "light__timm_mobileone_s0_torch2.15.stripped",
    "light__llama_tiny_kv_torch2.15.stripped",
};

/// Vectors that cannot agree, with the reason.
const std::map<std::string, std::string> kExceptions = {
    {"control_flow__opset_compliance__opset_15", "Bernoulli depends on the random generator"},
    {"light__efficientnet_v2_s_dynamo_torch2.6.stripped",
     "chaotic: 1e-7 at the input changes every output"},
    {"light__tv_efficientnet_v2_s_torch1.13.stripped",
     "chaotic: 1e-7 at the input changes every output"},
    {"light__tv_ssd300_vgg16_torch1.13.stripped", "order of boxes of equal score"},
};

std::vector<std::string> chosen() {
  const char* filter = std::getenv("KASURI_VECTORS");
  std::vector<std::string> names;
  for (const std::string& name : vector_names()) {
    if (kExceptions.contains(name)) continue;
    const bool wanted = filter
                            ? std::string(filter) == "all" || name.find(filter) != std::string::npos
                            : kEveryDay.contains(name);
    if (wanted) names.push_back(name);
  }
  return names;
}

/// One step of the last quantised tensor may differ after many roundings.
double tolerance_of(const VectorCase& c) {
  if (c.name.starts_with("quantized")) return 5e-2;
  return 1e-3;
}

Status check(const std::string& name) {
  KASURI_TRY(const VectorCase vector, load_vector(name));
  KASURI_TRY(const ImportedModel model, import_model(vector.model, vector.import_options()));
  KASURI_TRY(const auto outputs, run_model(model.graph, vector.inputs, TaskContext{}));
  if (const auto why = testing::mismatch(vector, outputs, tolerance_of(vector))) return Error(*why);
  return Done{};
}

Status guarded(const std::string& name) {
  try {
    return check(name);
  } catch (const std::exception& e) {
    return Error(std::string("internal: ") + e.what(), ErrorKind::kInternal);
  }
}

TEST(Vectors, ReferenceBackendAgreesWithOnnxRuntime) {
  const std::vector<std::string> names = chosen();
  if (names.empty()) GTEST_SKIP() << "no models/vectors in the shared folder";
  int passed = 0;
  for (const std::string& name : names) {
    const auto start = std::chrono::steady_clock::now();
    const Status status = guarded(name);
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    if (status.ok())
      ++passed;
    else
      ADD_FAILURE() << name << ": " << status.error().text();
    if (seconds > 2) fmt::print("{}: {:.1f} s\n", name, seconds);
    std::fflush(stdout);
  }
  fmt::print("{} of {} vectors agree\n", passed, names.size());
}

}  // namespace
}  // namespace kasuri
