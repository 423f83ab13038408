#include "engine/onnx/attribute_schema.h"

#include <cctype>
#include <string_view>
#include <unordered_map>

namespace kasuri::onnx {
namespace {

/// In the order of Attribute's alternatives.
enum Type : size_t {
  kInt,
  kFloat,
  kString,
  kTensor,
  kGraph,
  kTypeProto,
  kInts,
  kFloats,
  kStrings,
  kAny
};

constexpr const char* kWords[] = {"an integer", "a number", "a string", "a tensor",
                                  "a graph",    "a type",   "integers", "numbers",
                                  "strings",    "tensors",  "graphs",   "types"};

constexpr std::pair<Type, const char*> kNames[] = {
    {kString,
     " activation approximate auto_pad case_change_action coordinate_transformation_mode delimiter "
     "direction equation keep_aspect_ratio_policy locale mode nearest_mode padding_mode pattern "
     "pixel_format reduction round_mode update_rule value_string "},
    {kInt,
     " align_corners allowzero antialias axis batch_axis batch_dims block_size blocksize broadcast "
     "ceil_mode center_point_box chunk_size count_include_pad detect_negative detect_positive "
     "dtype "
     "end exclude_outside exclusive fmod group hidden_size ignore_index input_forget interleaved "
     "inverse is_case_sensitive is_causal is_test k keepdims kv_num_heads largest layout "
     "left_window_size linear_before_reset max_gram_length max_skip_count maxsplit min_gram_length "
     "new_axis noop_with_empty_axes num_groups num_heads num_outputs num_scan_inputs offset_group "
     "onesided output_datatype output_dtype output_height output_sequence output_width p periodic "
     "precision q_num_heads qk_matmul_output_mode reverse right_window_size rotary_embedding_dim "
     "sample_size sampling_ratio saturate select_last_index size softmax_precision sorted spatial "
     "start stash_type storage_order time_axis to training_mode transA transB upper value_int "},
    {kFloat,
     " alpha beta bias clip cubic_coeff_a epsilon extrapolation_value gamma height_scale high "
     "lambd "
     "low max mean min momentum ratio scale seed softcap spatial_scale value_float width_scale "},
    {kInts,
     " axes border consumed_inputs dilations directions ends kernel_shape ngram_counts "
     "ngram_indexes "
     "output_padding output_shape paddings pads perm pool_int64s pooled_shape scan_input_axes "
     "scan_input_directions scan_output_axes scan_output_directions shape split starts strides "
     "value_ints "},
    {kFloats, " activation_alpha activation_beta scales value_floats weights "},
    {kStrings, " activations pool_strings stopwords value_strings "},
    {kGraph, " body else_branch then_branch "},
    {kTensor, " value "},
    {kTypeProto, " type "},
};

const std::unordered_map<std::string_view, Type>& table() {
  static const auto kTable = [] {
    std::unordered_map<std::string_view, Type> out;
    for (const auto& [type, names] : kNames) {
      std::string_view rest = names;
      rest.remove_prefix(1);
      for (size_t end = 0; (end = rest.find(' ')) != std::string_view::npos;
           rest.remove_prefix(end + 1))
        out[rest.substr(0, end)] = type;
    }
    return out;
  }();
  return kTable;
}

struct Exception {
  const char* op;
  const char* attribute;
  int last_opset;  ///< It holds up to here.
  Type type;
};
constexpr int kAlways = 1 << 30;
constexpr Exception kExceptions[] = {
    {"Pad", "value", kAlways, kFloat},
    {"Dropout", "seed", kAlways, kInt},
    {"LpPool", "p", 1, kFloat},
    {"GlobalLpPool", "p", 1, kFloat},
    {"ImageScaler", "bias", kAlways, kFloats},
    {"Crop", "scale", kAlways, kInts},
    {"ConstantFill", "value", kAlways, kFloat},
    {"GivenTensorFill", "values", kAlways, kFloats},
};

Type expected(const Node& node, const std::string& attribute) {
  for (const Exception& e : kExceptions)
    if (node.op.name == e.op && attribute == e.attribute && node.opset <= e.last_opset)
      return e.type;
  const auto it = table().find(attribute);
  return it == table().end() ? kAny : it->second;
}

void name_to_number(Node& node) {
  const auto it = node.attributes.find("to");
  const auto* word = it == node.attributes.end() ? nullptr : std::get_if<std::string>(&it->second);
  if (word == nullptr) return;
  std::string name = *word;
  for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  if (name == "float") name = "float32";
  if (name == "double") name = "float64";
  if (const auto type = data_type_from(name)) it->second = static_cast<int64_t>(*type);
}

}  // namespace

Status check_attribute_types(Node& node) {
  if (!node.op.domain.empty()) return Done{};
  if (node.is("Cast")) name_to_number(node);
  for (const auto& [name, value] : node.attributes) {
    const Type type = expected(node, name);
    if (type == kAny || value.index() == type) continue;
    return Error("attribute '" + name + "' should be " + kWords[type] + " and is " +
                 kWords[value.index()]);
  }
  return Done{};
}

}  // namespace kasuri::onnx
