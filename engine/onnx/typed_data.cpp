#include "engine/onnx/typed_data.h"

#include <cstring>

namespace kasuri::onnx {
namespace {

Error wrong_count(uint64_t got, int64_t wanted) {
  return Error("holds " + std::to_string(got) + " numbers where its shape needs " +
               std::to_string(wanted));
}

size_t total(const std::vector<Bytes>& runs) {
  size_t bytes = 0;
  for (const Bytes& run : runs) bytes += run.size();
  return bytes;
}

/// Fixed-width runs laid end to end are the tensor's bytes.
Result<Tensor> read_fixed(const std::vector<Bytes>& runs, const TensorForm& form,
                          const std::shared_ptr<const void>& file, size_t width) {
  const size_t need = bytes_for(form.dtype, form.count);
  const size_t have = total(runs);
  if (have != need) return wrong_count(have / width, static_cast<int64_t>(need / width));
  if (runs.size() == 1) return Tensor::view(form.dtype, form.extents, runs[0], file);
  return Tensor::make(form.dtype, form.extents, [&](std::span<std::byte> out) {
    for (const Bytes& run : runs) {
      std::memcpy(out.data(), run.data(), run.size());
      out = out.subspan(run.size());
    }
  });
}

/// Varints, each giving the low `width` bytes of one stored unit.
Result<Tensor> read_varints(const std::vector<Bytes>& runs, const TensorForm& form, size_t width) {
  const size_t units = bytes_for(form.dtype, form.count) / width;
  if (total(runs) < units) return wrong_count(total(runs), static_cast<int64_t>(units));
  size_t done = 0;
  const bool truth = form.dtype == DataType::kBool;
  bool damaged = false;
  Tensor tensor = Tensor::make(form.dtype, form.extents, [&](std::span<std::byte> out) {
    for (const Bytes& run : runs) {
      WireReader reader(run);
      uint64_t value = 0;
      while (!reader.at_end() && reader.next_varint(value)) {
        if (truth) value = value != 0;
        if (done < units) std::memcpy(out.data() + done * width, &value, width);
        ++done;
      }
      damaged = damaged || !reader.ok();
    }
  });
  if (damaged) return Error("its list of integers is damaged");
  if (done != units) return wrong_count(done, static_cast<int64_t>(units));
  return tensor;
}

}  // namespace

Result<Tensor> read_typed(const TensorMessage& message, const TensorForm& form,
                          const std::shared_ptr<const void>& file) {
  switch (form.dtype) {
    case DataType::kFloat:
    case DataType::kComplex64:
      return read_fixed(message.floats, form, file, 4);
    case DataType::kDouble:
    case DataType::kComplex128:
      return read_fixed(message.doubles, form, file, 8);
    case DataType::kInt64:
      return read_varints(message.int64s, form, 8);
    case DataType::kUint64:
      return read_varints(message.uint64s, form, 8);
    case DataType::kUint32:
      return read_varints(message.uint64s, form, 4);
    case DataType::kInt32:
      return read_varints(message.int32s, form, 4);
    default:
      return read_varints(message.int32s, form, bits_of(form.dtype) == 16 ? 2 : 1);
  }
}

}  // namespace kasuri::onnx
