#include "profiling/dynamic/exit_travellers.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "engine/base/check.h"

namespace kasuri::profiling {
namespace {

size_t row_bytes(const Tensor& tensor) {
  return tensor.extents()[0] == 0
             ? 0
             : tensor.stored_bytes().size() / static_cast<size_t>(tensor.extents()[0]);
}

/// Rows of memory that somebody else owns.
Tensor view_of(const Tensor& like, const std::byte* from, int64_t rows, size_t bytes_of_row) {
  std::vector<int64_t> extents = like.extents();
  extents[0] = rows;
  return Tensor::view(like.dtype(), std::move(extents),
                      {from, static_cast<size_t>(rows) * bytes_of_row}, nullptr);
}

Tensor rows_of(const Tensor& tensor, int64_t first, int64_t count) {
  if (first == 0 && count == tensor.extents()[0]) return tensor;
  const size_t bytes = row_bytes(tensor);
  return view_of(tensor, tensor.stored_bytes().data() + static_cast<size_t>(first) * bytes, count,
                 bytes);
}

}  // namespace

void ExitTravellers::start(const NamedTensors& inputs, int64_t first, int64_t count) {
  values_.clear();
  for (const auto& [name, tensor] : inputs) values_[name] = rows_of(tensor, first, count);
  samples_.resize(static_cast<size_t>(count));
  std::iota(samples_.begin(), samples_.end(), first);
}

Tensor ExitTravellers::rows(const std::string& name, int64_t first, int64_t count) const {
  return rows_of(values_.at(name), first, count);
}

void ExitTravellers::put(const std::string& name, Tensor rows) { values_[name] = std::move(rows); }

void ExitTravellers::write(const std::string& name, int64_t first, const Tensor& rows) {
  const size_t bytes = row_bytes(rows);
  SharedBuffer& room = room_for(name, rows);
  std::memcpy(room.data() + static_cast<size_t>(first) * bytes, rows.stored_bytes().data(),
              bytes * static_cast<size_t>(rows.extents()[0]));
  if (first == 0)
    values_[name] = view_of(rows, room.data(), static_cast<int64_t>(samples_.size()), bytes);
}

void ExitTravellers::keep(std::span<const int64_t> places, const std::set<std::string>& needed) {
  std::erase_if(values_, [&](const auto& item) { return !needed.contains(item.first); });
  if (places.size() == samples_.size()) return;
  for (auto& [name, value] : values_) gather(name, value, places);
  for (size_t k = 0; k < places.size(); ++k) samples_[k] = samples_[static_cast<size_t>(places[k])];
  samples_.resize(places.size());
}

SharedBuffer& ExitTravellers::room_for(const std::string& name, const Tensor& like) {
  SharedBuffer& room = room_[name];
  const Tensor& have = room.tensor();
  if (!have.defined() || have.dtype() != like.dtype() || row_bytes(have) != row_bytes(like) ||
      have.extents()[0] < static_cast<int64_t>(samples_.size())) {
    std::vector<int64_t> extents = like.extents();
    extents[0] = static_cast<int64_t>(samples_.size());
    room = SharedBuffer(ValueType::tensor(like.dtype(), shape_of(extents)));
  }
  return room;
}

// Places ascend, so rows only move forward within the room they may lie in already.
void ExitTravellers::gather(const std::string& name, Tensor& value,
                            std::span<const int64_t> places) {
  const size_t bytes = row_bytes(value);
  SharedBuffer& room = room_for(name, value);
  for (size_t k = 0; k < places.size(); ++k)
    std::memmove(room.data() + k * bytes,
                 value.stored_bytes().data() + static_cast<size_t>(places[k]) * bytes, bytes);
  value = view_of(value, room.data(), static_cast<int64_t>(places.size()), bytes);
}

}  // namespace kasuri::profiling
