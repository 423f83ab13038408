#include "engine/backend/cpu/onednn_primitive.h"

#include <mutex>
#include <oneapi/dnnl/dnnl.hpp>

#include "engine/backend/cpu/openmp_threads.h"

namespace kasuri::cpu {
namespace {

using dnnl::memory;
using Desc = memory::desc;

const dnnl::engine& cpu_engine() {
  static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

dnnl::stream& thread_stream() {
  thread_local dnnl::stream stream(cpu_engine());
  return stream;
}

memory::data_type type_of(DataType type) {
  switch (type) {
    case DataType::kUint8:
      return memory::data_type::u8;
    case DataType::kInt8:
      return memory::data_type::s8;
    case DataType::kInt32:
      return memory::data_type::s32;
    default:
      return memory::data_type::f32;
  }
}

Desc form_desc(const TensorForm& form) { return Desc(form.dims, type_of(form.type), form.strides); }
Desc any_desc(const TensorForm& form) {
  return Desc(form.dims, type_of(form.type), memory::format_tag::any);
}

dnnl::algorithm eltwise_of(PostKind kind) {
  using a = dnnl::algorithm;
  switch (kind) {
    case PostKind::kRelu:
      return a::eltwise_relu;
    case PostKind::kElu:
      return a::eltwise_elu;
    case PostKind::kClip:
      return a::eltwise_clip_v2;
    case PostKind::kSigmoid:
      return a::eltwise_logistic;
    case PostKind::kTanh:
      return a::eltwise_tanh;
    case PostKind::kAbs:
      return a::eltwise_abs;
    case PostKind::kSqrt:
      return a::eltwise_sqrt;
    case PostKind::kExp:
      return a::eltwise_exp;
    case PostKind::kSoftplus:
      return a::eltwise_soft_relu;
    case PostKind::kMish:
      return a::eltwise_mish;
    case PostKind::kSwish:
      return a::eltwise_swish;
    case PostKind::kHardSwish:
      return a::eltwise_hardswish;
    case PostKind::kGeluErf:
      return a::eltwise_gelu_erf;
    case PostKind::kGeluTanh:
      return a::eltwise_gelu_tanh;
    case PostKind::kRound:
      return a::eltwise_round;
    default:
      return a::eltwise_linear;
  }
}

dnnl::algorithm binary_of(PostKind kind) {
  using a = dnnl::algorithm;
  switch (kind) {
    case PostKind::kAdd:
      return a::binary_add;
    case PostKind::kSub:
      return a::binary_sub;
    case PostKind::kMul:
      return a::binary_mul;
    case PostKind::kDiv:
      return a::binary_div;
    case PostKind::kMax:
      return a::binary_max;
    default:
      return a::binary_min;
  }
}

dnnl::primitive_attr attributes_of(const ContractionForm& form) {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  dnnl::post_ops posts;
  for (const PostForm& post : form.posts) {
    if (is_binary(post.kind))
      posts.append_binary(binary_of(post.kind), form_desc(post.operand));
    else
      posts.append_eltwise(1.f, eltwise_of(post.kind), post.alpha, post.beta);
  }
  attributes.set_post_ops(posts);
  if (!form.output_scales.empty()) {
    const bool product = form.kind == ContractionForm::Kind::kMatmul;
    const int channels = product ? static_cast<int>(form.destination.dims.size()) - 1 : 1;
    attributes.set_output_scales(form.output_scales.size() == 1 ? 0 : 1 << channels,
                                 form.output_scales);
  }
  if (form.source_zero != 0) attributes.set_zero_points(DNNL_ARG_SRC, 0, {form.source_zero});
  if (form.destination_zero != 0)
    attributes.set_zero_points(DNNL_ARG_DST, 0, {form.destination_zero});
  return attributes;
}

std::vector<int64_t> less_one(std::vector<int64_t> dilations) {
  for (int64_t& d : dilations) --d;
  return dilations;
}

size_t rounded(size_t bytes) { return (bytes + 63) / 64 * 64; }

}  // namespace

struct OnednnPrimitive::State {
  ContractionForm form;
  dnnl::primitive primitive;
  std::string implementation;
  Desc source, weights, destination, scratch;        // as the primitive wants them
  Desc user_source, user_weights, user_destination;  // as the caller has them
  Desc bias;
  bool moves_source = false, moves_weights = false, moves_destination = false;
  dnnl::reorder source_reorder, weights_reorder, destination_reorder;
  size_t source_at = 0, weights_at = 0, destination_at = 0, workspace = 0;

  template <typename PrimitiveDesc>
  void take(const PrimitiveDesc& pd) {
    source = pd.src_desc();
    weights = pd.weights_desc();
    destination = pd.dst_desc();
    scratch = pd.scratchpad_desc();
    implementation = pd.impl_info_str();
  }
  void make_matmul();
  void make_convolution();
  void make_deconvolution();
  void make_reorders();
  Desc source_arg() const { return form.any_source ? any_desc(form.source) : user_source; }
  Desc weights_arg() const { return form.any_weights ? any_desc(form.weights) : user_weights; }
  Desc destination_arg() const {
    return form.any_destination ? any_desc(form.destination) : user_destination;
  }
  struct Handles;
  mutable std::mutex busy;  // guards handles
  mutable std::unique_ptr<Handles> handles;
  void run(const ContractionPointers& p) const;
  void run_with(Handles& handles, const ContractionPointers& p) const;
};

void OnednnPrimitive::State::make_matmul() {
  const auto op = form.bias_dims.empty()
                      ? dnnl::matmul::desc(source_arg(), weights_arg(), destination_arg())
                      : dnnl::matmul::desc(source_arg(), weights_arg(), bias, destination_arg());
  const dnnl::matmul::primitive_desc pd(op, attributes_of(form), cpu_engine());
  take(pd);
  primitive = dnnl::matmul(pd);
}

void OnednnPrimitive::State::make_convolution() {
  const auto forward = dnnl::prop_kind::forward_inference;
  const auto direct = dnnl::algorithm::convolution_direct;
  const auto dilates = less_one(form.dilations);
  const auto op = form.bias_dims.empty()
                      ? dnnl::convolution_forward::desc(
                            forward, direct, source_arg(), weights_arg(), destination_arg(),
                            form.strides, dilates, form.pads_begin, form.pads_end)
                      : dnnl::convolution_forward::desc(
                            forward, direct, source_arg(), weights_arg(), bias, destination_arg(),
                            form.strides, dilates, form.pads_begin, form.pads_end);
  const dnnl::convolution_forward::primitive_desc pd(op, attributes_of(form), cpu_engine());
  take(pd);
  primitive = dnnl::convolution_forward(pd);
}

void OnednnPrimitive::State::make_deconvolution() {
  const auto forward = dnnl::prop_kind::forward_inference;
  const auto direct = dnnl::algorithm::deconvolution_direct;
  const auto dilates = less_one(form.dilations);
  const auto op = form.bias_dims.empty()
                      ? dnnl::deconvolution_forward::desc(
                            forward, direct, source_arg(), weights_arg(), destination_arg(),
                            form.strides, dilates, form.pads_begin, form.pads_end)
                      : dnnl::deconvolution_forward::desc(
                            forward, direct, source_arg(), weights_arg(), bias, destination_arg(),
                            form.strides, dilates, form.pads_begin, form.pads_end);
  const dnnl::deconvolution_forward::primitive_desc pd(op, attributes_of(form), cpu_engine());
  take(pd);
  primitive = dnnl::deconvolution_forward(pd);
}

void OnednnPrimitive::State::make_reorders() {
  const dnnl::engine& e = cpu_engine();
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::library);
  const auto reorder = [&](const Desc& from, const Desc& to) {
    return dnnl::reorder(dnnl::reorder::primitive_desc(e, from, e, to, attributes));
  };
  workspace = rounded(scratch.get_size());
  moves_source = source != user_source;
  moves_weights = weights != user_weights;
  moves_destination = destination != user_destination;
  if (moves_source) {
    source_reorder = reorder(user_source, source);
    source_at = workspace;
    workspace += rounded(source.get_size());
  }
  if (moves_weights) {
    weights_reorder = reorder(user_weights, weights);
    weights_at = workspace;
    if (!form.constant_weights) workspace += rounded(weights.get_size());
  }
  if (moves_destination) {
    destination_reorder = reorder(destination, user_destination);
    destination_at = workspace;
    workspace += rounded(destination.get_size());
  }
}

/// The library's handles for one run at a time. They are kept: making them costs a microsecond.
struct OnednnPrimitive::State::Handles {
  explicit Handles(const State& state);
  memory source, user_source, weights, user_weights, destination, user_destination, scratch, bias;
  std::vector<memory> operands;
  std::vector<dnnl_exec_arg_t> arguments;
};

OnednnPrimitive::State::Handles::Handles(const State& s) {
  const auto make = [](const Desc& desc) { return memory(desc, cpu_engine(), nullptr); };
  const auto add = [&](int name, const memory& m) { arguments.push_back({name, m.get()}); };
  user_source = make(s.user_source);
  source = s.moves_source ? make(s.source) : user_source;
  weights = make(s.weights);
  if (s.moves_weights && !s.form.constant_weights) user_weights = make(s.user_weights);
  user_destination = make(s.user_destination);
  destination = s.moves_destination ? make(s.destination) : user_destination;
  scratch = make(s.scratch);
  add(DNNL_ARG_SRC, source);
  add(DNNL_ARG_WEIGHTS, weights);
  add(DNNL_ARG_DST, destination);
  add(DNNL_ARG_SCRATCHPAD, scratch);
  if (!s.form.bias_dims.empty()) {
    bias = make(s.bias);
    add(DNNL_ARG_BIAS, bias);
  }
  for (size_t k = 0; k < s.form.posts.size(); ++k) {
    if (!is_binary(s.form.posts[k].kind)) continue;
    operands.push_back(make(form_desc(s.form.posts[k].operand)));
    add(DNNL_ARG_ATTR_MULTIPLE_POST_OP(static_cast<int>(k)) | DNNL_ARG_SRC_1, operands.back());
  }
}

namespace {

/// Moving a handle may clear padding, so it moves only where the data did.
void point(memory& handle, const void* data) {
  if (handle.get_data_handle() != data) handle.set_data_handle(const_cast<void*>(data));
}

}  // namespace

void OnednnPrimitive::State::run(const ContractionPointers& p) const {
  const std::unique_lock<std::mutex> alone(busy, std::try_to_lock);
  if (!alone.owns_lock()) {
    Handles own(*this);
    return run_with(own, p);
  }
  if (!handles) handles = std::make_unique<Handles>(*this);
  run_with(*handles, p);
}

void OnednnPrimitive::State::run_with(Handles& h, const ContractionPointers& p) const {
  dnnl::stream& stream = thread_stream();
  point(h.user_source, p.source);
  if (moves_source) {
    point(h.source, p.workspace + source_at);
    source_reorder.execute(stream, h.user_source, h.source);
  }
  if (moves_weights && !form.constant_weights) {
    point(h.user_weights, p.weights);
    point(h.weights, p.workspace + weights_at);
    weights_reorder.execute(stream, h.user_weights, h.weights);
  } else {
    point(h.weights, p.weights);
  }
  point(h.user_destination, p.destination);
  if (moves_destination) point(h.destination, p.workspace + destination_at);
  point(h.scratch, p.workspace);
  if (!form.bias_dims.empty()) point(h.bias, p.bias);
  for (size_t k = 0; k < h.operands.size(); ++k) point(h.operands[k], p.operands[k]);
  dnnl::error::wrap_c_api(
      dnnl_primitive_execute(primitive.get(), stream.get(), static_cast<int>(h.arguments.size()),
                             h.arguments.data()),
      "a primitive could not run");
  if (moves_destination) destination_reorder.execute(stream, h.destination, h.user_destination);
  stream.wait();
}

OnednnPrimitive::OnednnPrimitive(std::unique_ptr<State> state) : state_(std::move(state)) {}
OnednnPrimitive::~OnednnPrimitive() = default;

Result<std::unique_ptr<OnednnPrimitive>> OnednnPrimitive::create(const ContractionForm& form) {
  use_openmp_threads(form.threads);
  auto state = std::make_unique<State>();
  state->form = form;
  try {
    state->user_source = form_desc(form.source);
    state->user_weights = form_desc(form.weights);
    state->user_destination = form_desc(form.destination);
    if (!form.bias_dims.empty())
      state->bias = Desc(form.bias_dims, memory::data_type::f32,
                         form.bias_dims.size() == 1   ? memory::format_tag::a
                         : form.bias_dims.size() == 2 ? memory::format_tag::ab
                         : form.bias_dims.size() == 3 ? memory::format_tag::abc
                         : form.bias_dims.size() == 4 ? memory::format_tag::abcd
                                                      : memory::format_tag::abcde);
    switch (form.kind) {
      case ContractionForm::Kind::kMatmul:
        state->make_matmul();
        break;
      case ContractionForm::Kind::kConvolution:
        state->make_convolution();
        break;
      case ContractionForm::Kind::kDeconvolution:
        state->make_deconvolution();
        break;
    }
    state->make_reorders();
  } catch (const dnnl::error& error) {
    return Error::unavailable(std::string("oneDNN: ") + error.what());
  }
  return std::unique_ptr<OnednnPrimitive>(new OnednnPrimitive(std::move(state)));
}

const std::string& OnednnPrimitive::implementation() const { return state_->implementation; }
bool OnednnPrimitive::is_reference() const { return state_->implementation.starts_with("ref"); }
bool OnednnPrimitive::needs_packing() const {
  return state_->form.constant_weights && state_->moves_weights;
}
int OnednnPrimitive::reorders() const {
  return int{state_->moves_source} + int{state_->moves_destination} +
         int{state_->moves_weights && !state_->form.constant_weights};
}
size_t OnednnPrimitive::packed_bytes() const {
  return needs_packing() ? state_->weights.get_size() : 0;
}
size_t OnednnPrimitive::workspace_bytes() const { return state_->workspace; }

Status OnednnPrimitive::pack_weights(const void* plain, void* packed) const {
  try {
    memory from(state_->user_weights, cpu_engine(), const_cast<void*>(plain));
    memory to(state_->weights, cpu_engine(), packed);
    state_->weights_reorder.execute(thread_stream(), from, to);
    thread_stream().wait();
  } catch (const dnnl::error& error) {
    return Error(std::string("packing weights: ") + error.what(), ErrorKind::kInternal);
  }
  return ok_status();
}

Status OnednnPrimitive::run(const ContractionPointers& pointers) const {
  use_openmp_threads(state_->form.threads);
  try {
    state_->run(pointers);
  } catch (const dnnl::error& error) {
    return Error(std::string("oneDNN: ") + error.what(), ErrorKind::kInternal);
  }
  return ok_status();
}

bool adds_codes_exactly() {
  const auto has =
      [isa = static_cast<unsigned>(dnnl::get_effective_cpu_isa())](dnnl::cpu_isa wanted) {
        return (isa & static_cast<unsigned>(wanted)) == static_cast<unsigned>(wanted);
      };
  return has(dnnl::cpu_isa::avx512_core_vnni) || has(dnnl::cpu_isa::avx2_vnni);
}

std::string onednn_version() {
  const dnnl_version_t* v = dnnl_version();
  return "oneDNN " + std::to_string(v->major) + "." + std::to_string(v->minor) + "." +
         std::to_string(v->patch);
}

}  // namespace kasuri::cpu
