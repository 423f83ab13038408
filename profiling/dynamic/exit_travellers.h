#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "engine/ir/tensor.h"
#include "profiling/dynamic/kv_cache.h"

namespace kasuri::profiling {

using NamedTensors = std::map<std::string, Tensor>;

/// Samples on their way through the parts of a model, and what later parts read of them: a row per
/// sample. As long as nobody leaves, values lie where a part wrote them; then the rows of those who
/// stay are moved together into memory that is kept for the next batch. Rows of several runs of a
/// part lie there at once.
class ExitTravellers {
 public:
  /// Samples `first`.. of the batch, with the model's inputs, which outlive the journey.
  void start(const NamedTensors& inputs, int64_t first, int64_t count);

  size_t count() const { return samples_.size(); }
  bool empty() const { return samples_.empty(); }
  /// The position in the batch of who travels at place k.
  size_t sample(size_t k) const { return static_cast<size_t>(samples_[k]); }
  bool has(const std::string& name) const { return values_.contains(name); }

  /// Rows `first`.. of a value: a view that lives until the value is put or rows leave.
  Tensor rows(const std::string& name, int64_t first, int64_t count) const;
  /// What a part wrote for all who travel; a view that outlives the journey.
  void put(const std::string& name, Tensor rows);
  /// The same for some, from place `first` on, by a copy; others follow until all are there.
  void write(const std::string& name, int64_t first, const Tensor& rows);
  /// Those at these places go on, in order, with the values that are needed.
  void keep(std::span<const int64_t> places, const std::set<std::string>& needed);

 private:
  SharedBuffer& room_for(const std::string& name, const Tensor& like);
  void gather(const std::string& name, Tensor& value, std::span<const int64_t> places);

  std::vector<int64_t> samples_;
  std::map<std::string, Tensor> values_;
  std::map<std::string, SharedBuffer> room_;  // for all rows of the largest batch
};

}  // namespace kasuri::profiling
