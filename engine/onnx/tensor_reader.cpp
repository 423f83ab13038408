#include "engine/onnx/tensor_reader.h"

#include <cstring>

#include "engine/base/memory_use.h"
#include "engine/ir/extent_limits.h"
#include "engine/ir/shape.h"
#include "engine/onnx/typed_data.h"

namespace kasuri::onnx {
namespace {

constexpr int64_t kLastDataType = static_cast<int64_t>(DataType::kInt2);
constexpr size_t kMaxRank = 64;
/// Dense forms of sparse tensors may be much larger than the file; this bounds them.
constexpr int64_t kMaxDenseCount = int64_t{1} << 28;

Result<Tensor> string_tensor(const TensorMessage& message, const TensorForm& form) {
  if (message.strings.size() != static_cast<size_t>(form.count))
    return Error("holds " + std::to_string(message.strings.size()) +
                 " strings where its shape needs " + std::to_string(form.count));
  return Tensor::strings(form.extents, {message.strings.begin(), message.strings.end()});
}

Result<std::vector<int64_t>> linear_indices(const Tensor& indices, const std::vector<int64_t>& dims,
                                            int64_t count) {
  const auto values = indices.data<int64_t>();
  const bool linear = indices.rank() == 1;
  const size_t rank = linear ? 1 : dims.size();
  if (values.size() != static_cast<size_t>(count) * rank)
    return Error("a sparse tensor has " + std::to_string(values.size()) + " index numbers for " +
                 std::to_string(count) + " values");
  const int64_t size = *element_count(dims);
  std::vector<int64_t> out;
  for (size_t i = 0; i < values.size(); i += rank) {
    int64_t at = 0;
    for (size_t axis = 0; axis < rank; ++axis) {
      const int64_t extent = linear ? size : dims[axis];
      if (values[i + axis] < 0 || values[i + axis] >= extent)
        return Error("a sparse tensor has an index outside its shape");
      at = at * extent + values[i + axis];
    }
    out.push_back(at);
  }
  return out;
}

}  // namespace

Result<TensorForm> form_of(const TensorMessage& message) {
  if (message.data_type <= 0 || message.data_type > kLastDataType)
    return Error("has element type " + std::to_string(message.data_type) +
                 ", which is not supported");
  if (message.dims.size() > kMaxRank)
    return Error("has " + std::to_string(message.dims.size()) +
                 " dimensions; at most 64 are supported");
  if (!are_possible(message.dims))
    return Error("has an impossible shape " + text_of(shape_of(message.dims)));
  return TensorForm{static_cast<DataType>(message.data_type), message.dims,
                    *element_count(message.dims)};
}

Result<Tensor> TensorReader::read(const TensorMessage& message) const {
  if (message.is_segment) return Error("is stored in segments, which is not supported");
  KASURI_TRY(const TensorForm form, form_of(message));
  if (form.dtype == DataType::kString) return string_tensor(message, form);
  if (message.is_external) return read_external(message, form);
  if (!message.raw) return read_typed(message, form, file_);
  const size_t need = bytes_for(form.dtype, form.count);
  if (message.raw->size() != need)
    return Error("holds " + std::to_string(message.raw->size()) + " bytes where its shape " +
                 text_of(shape_of(form.extents)) + " of " + std::string(name_of(form.dtype)) +
                 " needs " + std::to_string(need));
  return Tensor::view(form.dtype, form.extents, *message.raw, file_);
}

Result<Tensor> TensorReader::read_external(const TensorMessage& message,
                                           const TensorForm& form) const {
  const size_t need = bytes_for(form.dtype, form.count);
  if (form.count == 0) return Tensor::make(form.dtype, form.extents);
  KASURI_TRY(const ExternalPlace place, external_place(message));
  if (external_ == nullptr)
    return Error("keeps its data in another file, which is not possible here");
  KASURI_TRY(const std::shared_ptr<const MappedFile> file, external_->open(place.location));
  if (!file) {
    if (substitute_) return substitute_(message);
    return Error("its weights are in '" + place.location +
                 "', which is not there; put the file beside the model, or use "
                 "--synthesize-weights to profile with made-up weights");
  }
  const Bytes all = file->bytes();
  if (place.length && *place.length != need)
    return Error("external data length " + std::to_string(*place.length) +
                 " where its shape needs " + std::to_string(need) + " bytes");
  if (place.offset > all.size() || need > all.size() - place.offset)
    return Error("external data ends at byte " + std::to_string(place.offset) + " + " +
                 std::to_string(need) + " but '" + place.location + "' has " +
                 std::to_string(all.size()) + " bytes");
  return Tensor::view(form.dtype, form.extents, all.subspan(place.offset, need), file);
}

Result<Tensor> TensorReader::read(const SparseMessage& message) const {
  KASURI_TRY(const Tensor values, read(message.values));
  KASURI_TRY(const Tensor indices, read(message.indices));
  if (indices.dtype() != DataType::kInt64) return Error("a sparse tensor needs int64 indices");
  if (values.dtype() == DataType::kString || bits_of(values.dtype()) < 8)
    return Error("a sparse tensor of " + std::string(name_of(values.dtype())) +
                 " is not supported");
  const auto size = element_count(message.dims);
  if (!size || *size > kMaxDenseCount || message.dims.size() > kMaxRank)
    return Error("a sparse tensor has the shape " + text_of(shape_of(message.dims)) +
                 ", too large to be made dense");
  KASURI_TRY(const std::vector<int64_t> places,
             linear_indices(indices, message.dims, values.count()));
  const size_t width = static_cast<size_t>(bits_of(values.dtype())) / 8;
  const int64_t bytes = *size * static_cast<int64_t>(width);
  if (bytes > default_memory_limit() - live_tensor_bytes())
    return Error::unavailable("a sparse tensor needs " + std::to_string(bytes) +
                              " bytes when made dense, more than the machine has left");
  return Tensor::make(values.dtype(), message.dims, [&](std::span<std::byte> out) {
    std::memset(out.data(), 0, out.size());
    for (size_t i = 0; i < places.size(); ++i)
      std::memcpy(out.data() + static_cast<size_t>(places[i]) * width,
                  values.stored_bytes().data() + i * width, width);
  });
}

}  // namespace kasuri::onnx
