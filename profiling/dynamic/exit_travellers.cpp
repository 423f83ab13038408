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

}  // namespace

void ExitTravellers::start(const NamedTensors& inputs) {
  values_.clear();
  for (const auto& [name, tensor] : inputs) values_[name] = {tensor};
  samples_.resize(static_cast<size_t>(inputs.begin()->second.extents()[0]));
  std::iota(samples_.begin(), samples_.end(), 0);
}

Tensor ExitTravellers::rows(const std::string& name, int64_t first, int64_t count) const {
  const std::vector<Tensor>& pieces = values_.at(name);
  int64_t begin = 0;
  for (const Tensor& piece : pieces) {
    const int64_t have = piece.extents()[0];
    if (first == begin && count == have) return piece;
    if (first >= begin && first + count <= begin + have)
      return view_of(
          piece,
          piece.stored_bytes().data() + static_cast<size_t>(first - begin) * row_bytes(piece),
          count, row_bytes(piece));
    begin += have;
  }
  // Over several pieces: parts are entered with other numbers of rows than wrote them.
  std::vector<int64_t> extents = pieces.front().extents();
  extents[0] = count;
  return Tensor::make(pieces.front().dtype(), std::move(extents), [&](std::span<std::byte> to) {
    int64_t at = 0;
    size_t done = 0;
    for (const Tensor& piece : pieces) {
      const int64_t have = piece.extents()[0];
      const int64_t from = std::max<int64_t>(first - at, 0);
      const int64_t until = std::min(first + count - at, have);
      at += have;
      if (from >= until) continue;
      const size_t bytes = row_bytes(piece) * static_cast<size_t>(until - from);
      std::memcpy(to.data() + done,
                  piece.stored_bytes().data() + row_bytes(piece) * static_cast<size_t>(from),
                  bytes);
      done += bytes;
    }
  });
}

void ExitTravellers::put(const std::string& name, std::vector<Tensor> pieces) {
  values_[name] = std::move(pieces);
}

void ExitTravellers::keep(std::span<const int64_t> places, const std::set<std::string>& needed) {
  std::erase_if(values_, [&](const auto& item) { return !needed.contains(item.first); });
  if (places.size() == samples_.size()) return;
  for (auto& [name, pieces] : values_) gather(name, pieces, places);
  for (size_t k = 0; k < places.size(); ++k) samples_[k] = samples_[static_cast<size_t>(places[k])];
  samples_.resize(places.size());
}

// Places ascend, so rows only move forward within the room they may lie in already.
void ExitTravellers::gather(const std::string& name, std::vector<Tensor>& pieces,
                            std::span<const int64_t> places) {
  const Tensor like = pieces.front();
  const size_t bytes = row_bytes(like);
  SharedBuffer& room = room_[name];
  const auto wanted = static_cast<int64_t>(places.size());
  if (!room.tensor().defined() || room.tensor().dtype() != like.dtype() ||
      room.tensor().extents()[0] < wanted || row_bytes(room.tensor()) != bytes) {
    std::vector<int64_t> extents = like.extents();
    extents[0] = static_cast<int64_t>(samples_.size());
    room = SharedBuffer(ValueType::tensor(like.dtype(), shape_of(extents)));
  }
  size_t piece = 0;
  int64_t begin = 0;
  for (int64_t k = 0; k < wanted; ++k) {
    while (places[static_cast<size_t>(k)] >= begin + pieces[piece].extents()[0])
      begin += pieces[piece++].extents()[0];
    const auto row = static_cast<size_t>(places[static_cast<size_t>(k)] - begin);
    std::memmove(room.data() + static_cast<size_t>(k) * bytes,
                 pieces[piece].stored_bytes().data() + row * bytes, bytes);
  }
  pieces = {view_of(like, room.data(), wanted, bytes)};
}

}  // namespace kasuri::profiling
