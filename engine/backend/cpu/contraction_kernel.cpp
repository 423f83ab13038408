#include "engine/backend/cpu/contraction_kernel.h"

#include <algorithm>
#include <set>

#include "engine/backend/cpu/contraction_form.h"
#include "engine/backend/cpu/few_rows_heads.h"
#include "engine/backend/cpu/few_rows_product.h"
#include "engine/backend/cpu/nest_kernel.h"
#include "engine/backend/cpu/packed_memory.h"
#include "engine/backend/cpu/quantized_weights.h"
#include "engine/backend/cpu/sum_offset.h"
#include "engine/base/mapped_file.h"
#include "engine/lower/lowering.h"

namespace kasuri::cpu {
namespace {

int64_t rounded(int64_t bytes) { return (bytes + 63) / 64 * 64; }

/// Where an operand is: an input of the step, in elements from its start.
struct Place {
  int input = -1;
  int64_t offset = 0;
  int64_t element_bytes = 4;
};

/// The nest over what the library left over.
struct Remainder {
  KernelPointer kernel;
  std::vector<int> inputs;   ///< Step inputs in the nest's order; -1: the contraction's result.
  std::vector<int> outputs;  ///< Step outputs in the nest's order.
  int shares_output = -1;    ///< The result is written where this step output will be.
  int64_t result_bytes = 0;  ///< Else it lies in the workspace.
};

class ContractionKernel final : public Kernel {
 public:
  std::unique_ptr<OnednnPrimitive> primitive;
  std::unique_ptr<FewRows> few_rows;  ///< instead of the primitive
  Place source, weights, bias;
  SumOffset offset;
  SourceWidening widening;
  std::vector<Place> operands;
  int64_t destination_offset = 0;  ///< in bytes
  int destination_output = 0;      ///< Step output the primitive writes; -1: the remainder's input.
  std::shared_ptr<const std::byte> packed;
  int64_t packed_size = 0;
  std::optional<Remainder> remainder;
  std::vector<int> absorbed;
  std::string text;

  Status run(const KernelArguments& arguments) const override {
    const auto at = [&](const Place& place) -> const void* {
      if (place.input < 0) return nullptr;
      return arguments.inputs[static_cast<size_t>(place.input)] +
             place.offset * place.element_bytes;
    };
    ContractionPointers p;
    p.source = at(source);
    p.weights = packed ? packed.get() : at(weights);
    p.bias = offset.bias.empty()
                 ? at(bias)
                 : offset.bias_for(arguments.inputs, arguments.workspace + primitive_workspace());
    for (const Place& place : operands) p.operands.push_back(at(place));
    p.workspace = arguments.workspace;
    if (widening.outer > 0) p.source = widened(p.source, arguments.workspace);
    std::byte* result = destination_output >= 0
                            ? arguments.outputs[static_cast<size_t>(destination_output)]
                            : arguments.workspace + own_workspace();
    if (destination_output < 0 && remainder->shares_output >= 0)
      result = arguments.outputs[static_cast<size_t>(remainder->shares_output)];
    p.destination = result + destination_offset;
    if (few_rows)
      few_rows->run(p, arguments.pool);
    else
      KASURI_RETURN_IF_ERROR(primitive->run(p));
    offset.correct(arguments.inputs, result + destination_offset);
    return remainder ? run_remainder(arguments, result) : ok_status();
  }

  int64_t workspace_bytes() const override {
    int64_t bytes = own_workspace();
    if (remainder) bytes += rounded(remainder->result_bytes) + remainder->kernel->workspace_bytes();
    return bytes;
  }
  int64_t packed_bytes() const override { return packed ? packed_size : 0; }
  std::vector<int> absorbed_inputs() const override { return absorbed; }
  std::string description() const override { return text; }
  int launches() const override {
    return 1 + (primitive ? primitive->reorders() : 0) +
           (remainder ? remainder->kernel->launches() : 0);
  }

 private:
  int64_t primitive_workspace() const {
    return primitive ? rounded(static_cast<int64_t>(primitive->workspace_bytes())) : 0;
  }
  int64_t own_workspace() const {
    return primitive_workspace() + rounded(offset.workspace_bytes()) + rounded(widening.bytes());
  }

  const void* widened(const void* source, std::byte* workspace) const {
    std::byte* to = workspace + primitive_workspace() + rounded(offset.workspace_bytes());
    widening.copy(static_cast<const std::byte*>(source), to);
    return to;
  }

  Status run_remainder(const KernelArguments& arguments, std::byte* result) const {
    std::vector<const std::byte*> inputs;
    std::vector<std::byte*> outputs;
    for (int k : remainder->inputs)
      inputs.push_back(k < 0 ? result : arguments.inputs[static_cast<size_t>(k)]);
    for (int k : remainder->outputs) outputs.push_back(arguments.outputs[static_cast<size_t>(k)]);
    std::byte* workspace = arguments.workspace == nullptr ? nullptr
                                                          : arguments.workspace + own_workspace() +
                                                                rounded(remainder->result_bytes);
    return remainder->kernel->run({inputs, outputs, workspace, arguments.pool});
  }
};

int64_t element_bytes(DataType type) { return bits_of(type) / 8; }

int find_in(const std::vector<ValueId>& values, ValueId id) {
  const auto it = std::find(values.begin(), values.end(), id);
  return it == values.end() ? -1 : static_cast<int>(it - values.begin());
}

/// Builds a kernel for one request.
class Assembler {
 public:
  Assembler(const KernelRequest& request, codegen::Compiler& compiler, ContractionMatch match)
      : request_(request), graph_(*request.graph), compiler_(compiler), match_(std::move(match)) {}

  Result<KernelPointer> run() {
    // As many post-ops as work; a slow reference implementation counts as not working.
    std::string reasons;
    for (const Way way : {Way::kFewRows, Way::kLibrary})
      for (size_t posts = match_.epilogue.size() + 1; posts-- > 0;) {
        if (splits_a_node(posts)) continue;
        auto kernel = assemble(posts, way);
        if (kernel.ok()) return kernel;
        reasons = kernel.error().text();
      }
    return Error::unavailable(reasons);
  }

 private:
  enum class Way : uint8_t { kFewRows, kLibrary };

  /// Would a cut after `posts` post-ops fall between two that stand for one node?
  bool splits_a_node(size_t posts) const {
    return posts > 0 && posts < match_.epilogue.size() &&
           match_.epilogue[posts - 1].nodes == match_.epilogue[posts].nodes;
  }

  Result<KernelPointer> assemble(size_t posts, Way way) {
    const ValueId result = match_.result(graph_, posts);
    const std::vector<NodeId> rest = match_.rest(posts);
    const auto straight = output_view(request_, rest, result);
    const StridedView out =
        straight ? *straight : whole_view(graph_, result, result_layout(result));
    auto root_out = out;
    root_out.extents = extents_of_value(graph_, graph_.node(match_.root).outputs[0]);
    auto formed = form_contraction(request_, match_, posts, root_out);
    if (!formed) return Error::unavailable("no post-op for part of the epilogue");
    auto kernel = std::make_shared<ContractionKernel>();
    if (way == Way::kFewRows) {
      KASURI_TRY(kernel->few_rows, make_few_rows(*formed));
    } else {
      KASURI_TRY(kernel->primitive, make_primitive(*formed));
    }
    place_operands(*formed, *kernel);
    kernel->destination_offset =
        formed->destination_offset * element_bytes(formed->form.destination.type);
    kernel->destination_output = straight ? 0 : find_in(request_.outputs, result);
    if (!straight) {
      KASURI_TRY(kernel->remainder, compile_rest(rest, result));
    }
    KASURI_RETURN_IF_ERROR(pack(*formed, *kernel));
    kernel->text = kernel->few_rows ? kernel->few_rows->description()
                                    : library_text(*kernel->primitive, posts, formed->form);
    if (kernel->remainder) kernel->text += " + " + kernel->remainder->kernel->description();
    return KernelPointer(kernel);
  }

  std::string library_text(const OnednnPrimitive& primitive, size_t posts,
                           const ContractionForm& form) const {
    std::string text = "cpu/onednn " + primitive.implementation();
    if (match_.quantized) text += " over 8-bit codes";
    if (posts > 0) text += " +" + std::to_string(form.posts.size()) + " post-ops";
    if (primitive.reorders() > 0) text += " +" + std::to_string(primitive.reorders()) + " reorders";
    return text;
  }

  Result<std::unique_ptr<FewRows>> make_few_rows(const FormedContraction& formed) const {
    const Value& weights = graph_.value(formed.weights.source);
    if (match_.quantized || formed.widening.outer > 0)
      return Error::unavailable("operands that are not floats as they lie");
    std::unique_ptr<FewRows> made;
    if (weights.is_constant()) {
      KASURI_TRY(made, FewRowsProduct::create(formed.form, weights.constant->bytes().data() +
                                                               formed.weights.offset * 4));
    } else {
      made = FewRowsHeads::create(formed.form);
    }
    if (!made) return Error::unavailable("not a few rows times a matrix");
    return made;
  }

  /// The result in front of a nest lies like the group's output, where that has the same axes.
  OperandLayout result_layout(ValueId result) const {
    if (const int k = find_in(request_.outputs, result); k >= 0)
      return request_.output_layouts[static_cast<size_t>(k)];
    const size_t rank = extents_of_value(graph_, result).size();
    for (const OperandLayout& layout : request_.output_layouts)
      if (layout.axis_order.size() == rank) return layout;
    return {};
  }

  /// Tries operands as they lie, then lets the library reorder them, until it has a fast kernel.
  /// Convolutions through im2col and gemm are the last resort: reordering channels last on the way
  /// in and out is faster (3x3: 1.4-2x, depthwise: 3-5x), and their binary post-ops are 20x slower.
  /// Batched products of strided heads would gain 3-10 % by reorders too, but for a workspace as
  /// large as the operands: their gemm is taken as it is.
  Result<std::unique_ptr<OnednnPrimitive>> make_primitive(const FormedContraction& formed) const {
    std::string reason = "oneDNN has only a reference loop for it";
    std::unique_ptr<OnednnPrimitive> second_best;
    for (const Freedom& freedom : freedoms(formed.form)) {
      ContractionForm form = formed.form;
      form.any_source |= freedom.source;
      form.any_weights |= freedom.weights;
      form.any_destination |= freedom.destination;
      if (form.any_destination && has_full_operand(form)) continue;
      auto primitive = OnednnPrimitive::create(form);
      if (!primitive.ok()) {
        reason = primitive.error().text();
        continue;
      }
      if ((*primitive)->is_reference()) continue;
      const bool takes_gemm = form.kind == ContractionForm::Kind::kMatmul && !has_few_rows(form);
      if (takes_gemm || (*primitive)->implementation().find("gemm") == std::string::npos)
        return primitive;
      if (!second_best && may_use_gemm(form)) second_best = std::move(*primitive);
    }
    if (second_best) return second_best;
    return Error::unavailable(reason);
  }

  /// Which operands the library may reorder.
  struct Freedom {
    bool source, weights, destination;
  };

  static std::vector<Freedom> freedoms(const ContractionForm& form) {
    if (form.kind != ContractionForm::Kind::kMatmul)
      return {{false, false, false}, {true, true, true}};
    return {{false, false, false}, {false, false, true}, {true, false, false}, {false, true, false},
            {true, true, false},   {false, true, true},  {true, false, true},  {true, true, true}};
  }

  /// Of a decoder's pass over some tokens: gemm takes three times as long, and reordering so small
  /// a result hardly anything.
  static bool has_few_rows(const ContractionForm& form) {
    constexpr int64_t kFew = 32;
    const std::vector<int64_t>& dims = form.destination.dims;
    return dims.size() > 2 && dims[dims.size() - 2] <= kFew;
  }

  static bool may_use_gemm(const ContractionForm& form) {
    return std::none_of(form.posts.begin(), form.posts.end(),
                        [](const PostForm& post) { return is_binary(post.kind); });
  }

  static bool has_full_operand(const ContractionForm& form) {
    return std::any_of(form.posts.begin(), form.posts.end(), [&](const PostForm& post) {
      return is_binary(post.kind) &&
             std::count_if(post.operand.dims.begin(), post.operand.dims.end(),
                           [](int64_t d) { return d != 1; }) > 1;
    });
  }

  Place place_of(const StridedView& view) const {
    return {find_in(request_.inputs, view.source), view.offset};
  }

  void place_operands(const FormedContraction& formed, ContractionKernel& kernel) const {
    kernel.source = place_of(formed.source);
    kernel.source.element_bytes = element_bytes(formed.form.source.type);
    kernel.weights = place_of(formed.weights);
    if (formed.bias) kernel.bias = place_of(*formed.bias);
    for (const StridedView& view : formed.operands) kernel.operands.push_back(place_of(view));
    kernel.widening = formed.widening;
    if (match_.quantized) place_offset(formed, kernel.offset);
  }

  void place_offset(const FormedContraction& formed, SumOffset& offset) const {
    const QuantizedTerms& terms = *match_.quantized;
    offset.bias = formed.bias_values;
    offset.channel_sums = formed.channel_sums;
    offset.zero = terms.source_zero;
    if (terms.run_time_zero.valid() && !offset.channel_sums.empty()) {
      offset.zero_input = find_in(request_.inputs, terms.run_time_zero);
      offset.zero_is_signed = formed.form.source.type == DataType::kInt8;
    }
    if (!offset.channel_sums.empty() && offset.bias.empty())
      offset.result_count = element_count(formed.form.destination.dims).value_or(0);
  }

  Status pack_floats(const FormedContraction& formed, ContractionKernel& kernel) const {
    if (kernel.few_rows) {
      kernel.packed = kernel.few_rows->packed();
      kernel.packed_size = kernel.few_rows->packed_bytes();
      if (!kernel.packed) return ok_status();
      release_pages(graph_.value(formed.weights.source).constant->stored_bytes());
      return ok_status();
    }
    if (!kernel.primitive->needs_packing()) return ok_status();
    const Tensor& plain = *graph_.value(formed.weights.source).constant;
    return pack_plain(plain.bytes().data() + formed.weights.offset * 4, plain, kernel);
  }

  /// The library reads weights without zero points: taken off, they are always a copy of our own.
  Status pack_codes(const FormedContraction& formed, ContractionKernel& kernel) const {
    const Tensor& plain = *graph_.value(formed.weights.source).constant;
    const std::vector<int8_t> codes = library_weights(graph_, *match_.quantized);
    const auto* from = reinterpret_cast<const std::byte*>(codes.data());
    if (kernel.primitive->needs_packing())
      return pack_plain(from + formed.weights.offset, plain, kernel);
    kernel.weights.element_bytes = 1;
    if (plain.dtype() == DataType::kInt8 && !has_weight_zeros(*match_.quantized))
      return ok_status();
    kernel.packed_size = static_cast<int64_t>(codes.size());
    KASURI_TRY(kernel.packed, pack_once(codes.size(), [&](std::byte* to) {
                 std::copy(from + formed.weights.offset, from + codes.size(), to);
                 return ok_status();
               }));
    return ok_status();
  }

  static Status pack_plain(const std::byte* from, const Tensor& plain, ContractionKernel& kernel) {
    const size_t bytes = kernel.primitive->packed_bytes();
    kernel.packed_size = static_cast<int64_t>(bytes);
    KASURI_TRY(kernel.packed, pack_once(bytes, [&](std::byte* to) {
                 return kernel.primitive->pack_weights(from, to);
               }));
    release_pages(plain.stored_bytes());
    return ok_status();
  }

  Status pack(const FormedContraction& formed, ContractionKernel& kernel) const {
    KASURI_RETURN_IF_ERROR(match_.quantized ? pack_codes(formed, kernel)
                                            : pack_floats(formed, kernel));
    std::set<int> read;
    const auto use = [&](const Place& place) { read.insert(place.input); };
    use(kernel.source);
    read.insert(kernel.offset.zero_input);
    if (!kernel.packed) use(kernel.weights);
    if (formed.bias) use(kernel.bias);
    for (const Place& place : kernel.operands) use(place);
    if (kernel.remainder) {
      const std::vector<int> unread = kernel.remainder->kernel->absorbed_inputs();
      for (size_t k = 0; k < kernel.remainder->inputs.size(); ++k)
        if (std::find(unread.begin(), unread.end(), static_cast<int>(k)) == unread.end())
          read.insert(kernel.remainder->inputs[k]);
    }
    for (size_t k = 0; k < request_.inputs.size(); ++k)
      if (!read.contains(static_cast<int>(k))) kernel.absorbed.push_back(static_cast<int>(k));
    return ok_status();
  }

  Result<std::optional<Remainder>> compile_rest(const std::vector<NodeId>& rest, ValueId result) {
    if (rest.empty()) return std::optional<Remainder>();
    Remainder remainder;
    KernelRequest nest;
    nest.graph = request_.graph;
    nest.threads = request_.threads;
    nest.members = with_views(rest, result);
    std::set<ValueId> made;
    for (NodeId id : nest.members) {
      for (ValueId in : graph_.node(id).inputs)
        if (in.valid() && !made.contains(in) && find_in(nest.inputs, in) < 0)
          nest.inputs.push_back(in);
      made.insert(graph_.node(id).outputs.begin(), graph_.node(id).outputs.end());
    }
    for (ValueId in : nest.inputs) {
      const int at = find_in(request_.inputs, in);
      if (at < 0 && in != result)
        return Error::unavailable("an operand of the epilogue is not given");
      remainder.inputs.push_back(at);
      nest.input_layouts.push_back(at < 0 ? result_layout(result)
                                          : request_.input_layouts[static_cast<size_t>(at)]);
    }
    for (size_t k = 0; k < request_.outputs.size(); ++k) {
      if (request_.outputs[k] == result) continue;
      if (!made.contains(request_.outputs[k]))
        return Error::unavailable("a value inside the contraction is needed outside");
      nest.outputs.push_back(request_.outputs[k]);
      nest.output_layouts.push_back(request_.output_layouts[k]);
      remainder.outputs.push_back(static_cast<int>(k));
    }
    KASURI_TRY(remainder.kernel, compile_nest(nest, compiler_));
    share_result(result, nest, remainder);
    return std::optional(std::move(remainder));
  }

  /// Views in front of the root that the rest reads too.
  std::vector<NodeId> with_views(const std::vector<NodeId>& rest, ValueId result) const {
    std::set<NodeId> wanted(rest.begin(), rest.end());
    for (size_t k = request_.members.size(); k-- > 0;) {
      const Node& node = graph_.node(request_.members[k]);
      if (node.id == match_.root || wanted.contains(node.id)) continue;
      for (ValueId out : node.outputs) {
        if (!out.valid() || out == result) continue;
        for (NodeId reader : graph_.value(out).consumers)
          if (wanted.contains(reader) &&
              std::find(match_.after.begin(), match_.after.end(), node.id) == match_.after.end())
            wanted.insert(node.id);
      }
    }
    std::vector<NodeId> ordered;
    for (NodeId id : request_.members)
      if (wanted.contains(id)) ordered.push_back(id);
    return ordered;
  }

  void share_result(ValueId result, const KernelRequest& nest, Remainder& remainder) const {
    if (find_in(request_.outputs, result) >= 0) return;
    const int in = find_in(nest.inputs, result);
    for (size_t k = 0; k < nest.outputs.size() && in >= 0; ++k)
      if (remainder.kernel->may_overwrite(in, static_cast<int>(k))) {
        remainder.shares_output = remainder.outputs[k];
        return;
      }
    remainder.result_bytes = element_count(extents_of_value(graph_, result)).value_or(0) *
                             element_bytes(graph_.value(result).type.dtype);
  }

  const KernelRequest& request_;
  const Graph& graph_;
  codegen::Compiler& compiler_;
  ContractionMatch match_;
};

/// A call of the library costs 0.7 us, in which a nest does some 16,000 multiply-adds.
bool is_tiny(const Graph& graph, const ContractionMatch& match) {
  constexpr int64_t kWorthACall = 16384;
  const Node& root = graph.node(match.root);
  if (!root.is("MatMul") && !root.is("Gemm")) return false;
  const auto results = element_count(extents_of_value(graph, root.outputs[0]));
  return results && *results * match.a.extents.back() < kWorthACall;
}

}  // namespace

Result<KernelPointer> compile_contraction(const KernelRequest& request,
                                          codegen::Compiler& compiler) {
  KASURI_TRY(ContractionMatch match, match_contraction(request));
  if (!match.quantized && is_tiny(*request.graph, match)) {
    auto nest = compile_nest(request, compiler);
    if (nest.ok()) return nest;
  }
  return Assembler(request, compiler, std::move(match)).run();
}

std::optional<std::string> why_not_contraction(const KernelRequest& request) {
  const auto match = match_contraction(request);
  if (!match.ok()) return match.error().text();
  for (NodeId id : match->rest(match->epilogue.size()))
    if (auto why = lower::why_not(*request.graph, request.graph->node(id))) return why;
  if (extents_of_value(*request.graph, request.graph->node(match->root).outputs[0]).empty())
    return "a product of two vectors";
  return std::nullopt;
}

}  // namespace kasuri::cpu
