#include "engine/backend/cpu/quantized_terms.h"

#include <algorithm>
#include <cmath>

#include "engine/backend/cpu/onednn_primitive.h"
#include "engine/backend/cpu/quantized_weights.h"
#include "engine/backend/cpu/strided_view.h"

namespace kasuri::cpu {
namespace {

/// Where an operator has its parts among its inputs; -1: nowhere.
struct Places {
  int source, source_scale, source_zero, weights, weight_scale, weight_zero, stored_scale, bias;
};

Places places_of(const Node& node) {
  if (node.is("QLinearConv")) return {0, 1, 2, 3, 4, 5, 6, 8};
  if (node.is("QLinearMatMul")) return {0, 1, 2, 3, 4, 5, 6, -1};
  return {0, -1, 2, 1, -1, 3, -1, -1};
}

bool is_code_type(DataType type) { return type == DataType::kUint8 || type == DataType::kInt8; }

const Tensor* constant_of(const Graph& graph, ValueId id) {
  if (!id.valid() || !graph.value(id).constant) return nullptr;
  return &*graph.value(id).constant;
}

/// Elements of a constant of codes, int32 or float32; empty when it is neither.
std::vector<double> numbers_of(const Tensor& t) {
  const auto as = [](const auto& data) { return std::vector<double>(data.begin(), data.end()); };
  switch (t.dtype()) {
    case DataType::kUint8:
      return as(t.data<uint8_t>());
    case DataType::kInt8:
      return as(t.data<int8_t>());
    case DataType::kInt32:
      return as(t.data<int32_t>());
    case DataType::kFloat:
      return as(t.data<float>());
    default:
      return {};
  }
}

/// One constant number; `otherwise` when the value is absent; empty when it is something else.
std::optional<double> number_or(const Graph& graph, ValueId id, double otherwise) {
  if (!id.valid()) return otherwise;
  const Tensor* t = constant_of(graph, id);
  if (t == nullptr || t->count() != 1) return std::nullopt;
  const auto numbers = numbers_of(*t);
  return numbers.empty() ? std::nullopt : std::optional(numbers[0]);
}

const Node* dequantize_before(const KernelRequest& request, ValueId value) {
  if (!value.valid()) return nullptr;
  const NodeId producer = request.graph->value(value).producer;
  if (!producer.valid() || !request.graph->node(producer).is("DequantizeLinear")) return nullptr;
  const auto& members = request.members;
  if (std::find(members.begin(), members.end(), producer) == members.end()) return nullptr;
  return &request.graph->node(producer);
}

class TermReader {
 public:
  TermReader(const KernelRequest& request, const Node& root)
      : request_(request), graph_(*request.graph), root_(root) {}

  Result<QuantizedTerms> run() {
    KASURI_RETURN_IF_ERROR(is_integer_contraction(root_) ? read_operator() : read_pairs());
    KASURI_RETURN_IF_ERROR(check_values());
    KASURI_RETURN_IF_ERROR(read_weight_zeros());
    KASURI_RETURN_IF_ERROR(read_scales());
    KASURI_RETURN_IF_ERROR(read_bias());
    return std::move(terms_);
  }

 private:
  static Error declined(const std::string& reason) { return Error::unavailable(reason); }

  /// QLinearConv and its siblings: everything is an input.
  Status read_operator() {
    const Places at = places_of(root_);
    const auto input = [&](int k) {
      return k < 0 ? ValueId() : root_.input(static_cast<size_t>(k));
    };
    terms_.source = input(at.source);
    terms_.weights = input(at.weights);
    weight_zero_ = input(at.weight_zero);
    bias_ = input(at.bias);
    wants_sums_ = at.source_scale < 0;
    terms_.channel_axis = is_convolution(root_) ? 0 : 1;
    const ValueId zero = input(at.source_zero);
    if (wants_sums_ && zero.valid() && constant_of(graph_, zero) == nullptr) {
      if (element_count(extents_of_value(graph_, zero)).value_or(0) != 1)
        return declined("a zero point per row");
      terms_.run_time_zero = zero;
    } else {
      KASURI_RETURN_IF_ERROR(read_source_zero(zero));
    }
    if (wants_sums_) return ok_status();
    weight_scale_ = input(at.weight_scale);
    KASURI_RETURN_IF_ERROR(read_source_scale(input(at.source_scale)));
    const auto scale = number_or(graph_, input(at.stored_scale), 1);
    const auto stored_zero = number_or(graph_, input(at.stored_scale + 1), 0);
    if (!scale || !stored_zero || !(*scale > 0))
      return declined("scale and zero point of the result are not one constant number each");
    terms_.stored = CodeScale{static_cast<float>(*scale), static_cast<int32_t>(*stored_zero)};
    return ok_status();
  }

  /// DequantizeLinear in front of both operands.
  Status read_pairs() {
    const Node* data = dequantize_before(request_, root_.input(0));
    const Node* weights = dequantize_before(request_, root_.input(1));
    if (root_.is("ConvTranspose")) return declined("transposed convolutions run in float32");
    if (data == nullptr) return declined("the data is not quantised");
    if (weights == nullptr) return declined("the weights are not quantised");
    terms_.source = data->input(0);
    terms_.weights = weights->input(0);
    weight_scale_ = weights->input(1);
    weight_zero_ = weights->input(2);
    bias_ = root_.input(2);
    terms_.channel_axis = root_.is("MatMul") || (root_.is("Gemm") && !root_.get_int("transB", 0));
    if (root_.is("Gemm") && (root_.get_float("alpha", 1) != 1 || root_.get_float("beta", 1) != 1))
      return declined("alpha or beta of Gemm");
    KASURI_RETURN_IF_ERROR(read_source_zero(data->input(2)));
    KASURI_RETURN_IF_ERROR(read_source_scale(data->input(1)));
    if (const Tensor* scale = constant_of(graph_, weight_scale_); scale && scale->count() > 1) {
      const auto rank = static_cast<int64_t>(extents_of_value(graph_, terms_.weights).size());
      int64_t axis = weights->get_int("axis", 1);
      if (axis < 0) axis += rank;
      if (scale->rank() != 1 || weights->get_int("block_size", 0) != 0)
        return declined("scales of blocks");
      if (axis != static_cast<int64_t>(terms_.channel_axis))
        return declined("the weights' scales are not those of output channels");
    }
    return ok_status();
  }

  Status read_source_zero(ValueId id) {
    const auto zero = number_or(graph_, id, 0);
    if (!zero) return declined("the data's zero point is not one constant number");
    terms_.source_zero = static_cast<int32_t>(*zero);
    return ok_status();
  }

  Status read_source_scale(ValueId id) {
    const auto scale = number_or(graph_, id, 1);
    if (!scale || graph_.value(id).type.dtype != DataType::kFloat)
      return declined("the data's scale is not one constant float32");
    source_scale_ = *scale;
    return ok_status();
  }

  Status check_values() const {
    for (ValueId id : {terms_.source, terms_.weights, root_.output(0)}) {
      const Value& value = graph_.value(id);
      if (!value.type.is_static_tensor()) return declined("shape of '" + value.name + "' unknown");
      for (int64_t e : extents_of_value(graph_, id))
        if (e == 0) return declined("'" + value.name + "' has no elements");
    }
    for (ValueId id : {terms_.source, terms_.weights})
      if (const DataType type = graph_.value(id).type.dtype; !is_code_type(type))
        return declined("codes of " + std::string(name_of(type)));
    const DataType out = graph_.value(root_.output(0)).type.dtype;
    if (terms_.stored ? !is_code_type(out)
                      : out != (wants_sums_ ? DataType::kInt32 : DataType::kFloat))
      return declined("a result of " + std::string(name_of(out)));
    if (constant_of(graph_, terms_.weights) == nullptr) return declined("the weights are computed");
    if (!is_convolution(root_) && extents_of_value(graph_, terms_.weights).size() != 2)
      return declined("weights that are no matrix");
    if (!adds_codes_exactly())
      return declined("this processor has no VNNI: sums of 8-bit products would saturate");
    return ok_status();
  }

  int64_t channels() const { return extents_of_value(graph_, terms_.weights)[terms_.channel_axis]; }

  bool fits_channels(size_t count) const {
    return count == 1 || static_cast<int64_t>(count) == channels();
  }

  Status read_weight_zeros() {
    terms_.weight_zeros = {0};
    if (!weight_zero_.valid()) return check_centred();
    const Tensor* zeros = constant_of(graph_, weight_zero_);
    if (zeros == nullptr || !is_code_type(zeros->dtype()))
      return declined("the weights' zero points are not constant");
    const auto numbers = numbers_of(*zeros);
    if (!fits_channels(numbers.size())) return declined("the weights' zero points do not fit");
    terms_.weight_zeros.assign(numbers.begin(), numbers.end());
    return check_centred();
  }

  /// The library multiplies by signed weights without zero points: they are taken off beforehand.
  Status check_centred() {
    auto wide = wide_inputs(graph_, terms_);
    if (!wide) return declined("weights less their zero point leave 8 bits by far");
    if (!wide->empty() && root_.get_int("group", 1) != 1)
      return declined("weights of groups that leave 8 bits without their zero point");
    terms_.wide_inputs = *std::move(wide);
    return ok_status();
  }

  Status read_scales() {
    if (wants_sums_) return ok_status();
    const Tensor* scales = constant_of(graph_, weight_scale_);
    if (scales == nullptr || scales->dtype() != DataType::kFloat)
      return declined("the weights' scales are not constant float32");
    for (double s : numbers_of(*scales)) terms_.scales.push_back(s * source_scale_);
    if (!fits_channels(terms_.scales.size())) return declined("the weights' scales do not fit");
    const auto usable = [](double s) { return s > 0 && std::isfinite(s); };
    if (!std::all_of(terms_.scales.begin(), terms_.scales.end(), usable))
      return declined("a scale that is not a positive number");
    return ok_status();
  }

  /// In units of the sums: int32 codes come out as whole numbers again.
  Status read_bias() {
    if (!bias_.valid()) return ok_status();
    const Tensor* bias = constant_of(graph_, bias_);
    if (bias == nullptr || (bias->dtype() != DataType::kFloat && bias->dtype() != DataType::kInt32))
      return declined("the bias is not constant");
    const auto extents = bias->extents();
    const auto numbers = numbers_of(*bias);
    const bool fits =
        bias->count() == 1 || (bias->count() == channels() && extents.back() == channels());
    if (!fits) return declined("the bias is not one number per channel");
    for (int64_t c = 0; c < channels(); ++c) {
      const auto at = static_cast<size_t>(c);
      double value = numbers[numbers.size() > 1 ? at : 0];
      if (bias->dtype() == DataType::kFloat) {
        value /= terms_.scales[terms_.scales.size() > 1 ? at : 0];
        const double whole = std::nearbyint(value);
        if (std::fabs(value - whole) < 0.01 + 3e-7 * std::fabs(value)) value = whole;
      }
      terms_.bias.push_back(value);
    }
    return ok_status();
  }

  const KernelRequest& request_;
  const Graph& graph_;
  const Node& root_;
  QuantizedTerms terms_;
  ValueId weight_scale_, weight_zero_, bias_;
  double source_scale_ = 1;
  bool wants_sums_ = false;
};

}  // namespace

bool is_integer_contraction(const Node& node) {
  return node.is("QLinearConv") || node.is("QLinearMatMul") || node.is("ConvInteger") ||
         node.is("MatMulInteger");
}

bool is_convolution(const Node& node) {
  return node.is("Conv") || node.is("ConvTranspose") || node.is("QLinearConv") ||
         node.is("ConvInteger");
}

bool reads_codes(const KernelRequest& request, const Node& root) {
  return is_integer_contraction(root) || dequantize_before(request, root.input(0)) != nullptr ||
         dequantize_before(request, root.input(1)) != nullptr;
}

Result<QuantizedTerms> quantized_terms(const KernelRequest& request, const Node& root) {
  return TermReader(request, root).run();
}

std::optional<CodeScale> stored_codes(const Graph& graph, const Node& quantize) {
  if (!quantize.is("QuantizeLinear") || !is_code_type(graph.value(quantize.output(0)).type.dtype))
    return std::nullopt;
  const auto scale = number_or(graph, quantize.input(1), 1);
  const auto zero = number_or(graph, quantize.input(2), 0);
  if (!scale || !zero || !(*scale > 0)) return std::nullopt;
  return CodeScale{static_cast<float>(*scale), static_cast<int32_t>(*zero)};
}

}  // namespace kasuri::cpu
