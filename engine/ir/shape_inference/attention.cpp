#include "engine/ir/shape_inference/context.h"
#include "engine/ir/shape_inference/registry.h"

namespace kasuri::shape_inference {
namespace {

/// [batch, heads, sequence, size] of an operand that may come as [batch, sequence, heads * size].
std::optional<Shape> in_heads(Context& c, size_t i, const char* attribute) {
  if (!c.want_rank(i, 3, 4)) return std::nullopt;
  const Shape& s = *c.shape(i);
  if (s.size() == 4) return s;
  const int64_t heads = c.integer(attribute, 0);
  if (heads < 1) {
    c.fail(std::string("attribute '") + attribute + "' is missing for an input of rank 3");
    return std::nullopt;
  }
  if (s[2].known() && s[2].value() % heads != 0) {
    c.fail("the heads do not divide the last axis");
    return std::nullopt;
  }
  return Shape{s[0], Dim(heads), s[1], quotient(s[2], heads)};
}

/// Q, K, V, mask, past key, past value, lengths -> Y, present key, present value, scores.
void attention(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  c.set(0, c.dtype(0));
  c.set(1, c.dtype(1));
  c.set(2, c.dtype(2));
  c.set(3, c.dtype(0));
  const auto q = in_heads(c, 0, "q_num_heads");
  const auto k = in_heads(c, 1, "kv_num_heads");
  const auto v = in_heads(c, 2, "kv_num_heads");
  if (!q || !k || !v) return;
  const Dim past = c.has(4) ? c.dim(4, 2) : Dim(0);
  const Dim total = c.has(4) ? sum((*k)[2], past) : (*k)[2];
  const bool flat = c.rank(0) == 3;
  c.set(0, c.dtype(0),
        flat ? Shape{(*q)[0], (*q)[2], product((*q)[1], (*v)[3])}
             : Shape{(*q)[0], (*q)[1], (*q)[2], (*v)[3]});
  c.set(1, c.dtype(1), Shape{(*k)[0], (*k)[1], total, (*k)[3]});
  c.set(2, c.dtype(2), Shape{(*v)[0], (*v)[1], total, (*v)[3]});
  c.set(3, c.dtype(0), Shape{(*q)[0], (*q)[1], (*q)[2], total});
}

void flex_attention(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  for (size_t i = 0; i < 3; ++i) c.want_rank(i, 4, 4);
  c.set(0, c.dtype(0), Shape{c.dim(0, 0), c.dim(0, 1), c.dim(0, 2), c.dim(2, 3)});
}

/// Packed [B, T, H * d]; state [B, kv heads, d_k, d_v].
void linear_attention(Context& c) {
  for (size_t i = 0; i < 3; ++i)
    if (!c.want_input(i)) return;
  const int64_t q_heads = c.integer("q_num_heads", 0);
  const int64_t kv_heads = c.integer("kv_num_heads", 0);
  if (q_heads < 1 || kv_heads < 1) return c.fail("the numbers of heads are missing");
  const Dim size = quotient(c.dim(2, 2), kv_heads);
  c.set(0, c.dtype(0), Shape{c.dim(0, 0), c.dim(0, 1), product(Dim(q_heads), size)});
  c.set(1, c.has(3) ? c.dtype(3) : c.dtype(0),
        Shape{c.dim(0, 0), Dim(kv_heads), quotient(c.dim(1, 2), kv_heads), size});
}

void rotary_embedding(Context& c) {
  if (c.want_input(0)) c.same(0, 0);
}

/// com.microsoft::Attention: input [batch, sequence, in], packed weight [in, q + k + v], bias,
/// mask, past [2, batch, heads, sequence, size].
void packed_attention(Context& c) {
  if (!c.want_input(0)) return;
  const int64_t heads = c.integer("num_heads", 0);
  if (heads < 1) return c.fail("attribute 'num_heads' is missing");
  const auto sizes = c.list("qkv_hidden_sizes");
  const Dim width = c.has(1) ? c.dim(1, 1) : c.dim(2, 0);
  const Dim hidden = sizes && sizes->size() == 3 ? Dim((*sizes)[2]) : quotient(width, 3);
  c.set(0, c.dtype(0), Shape{c.dim(0, 0), c.dim(0, 1), hidden});
  const bool shared = c.integer("past_present_share_buffer", 0) != 0;
  const Dim past = c.has(4) ? c.dim(4, 3) : Dim(0);
  c.set(1, c.dtype(0),
        Shape{Dim(2), c.dim(0, 0), Dim(heads), shared ? past : sum(past, c.dim(0, 1)),
              quotient(hidden, heads)});
}

/// com.microsoft::MultiHeadAttention: query [batch, sequence, hidden], key, value, bias, ...,
/// past key 6, past value 7 as [batch, heads, sequence, size].
void multi_head_attention(Context& c) {
  if (!c.want_input(0)) return;
  const int64_t heads = c.integer("num_heads", 0);
  if (heads < 1) return c.fail("attribute 'num_heads' is missing");
  c.set(0, c.dtype(0));
  c.set(1, c.dtype(0));
  c.set(2, c.dtype(0));
  if (c.rank(0) != 3 || !c.has(1) || c.rank(1) < 3) return;
  const bool flat = c.rank(2) == 3;
  const Dim value = c.rank(2) < 0 ? Dim() : (flat ? quotient(c.dim(2, 2), heads) : c.dim(2, 3));
  const Dim length = c.rank(1) == 3 ? c.dim(1, 1) : c.dim(1, 2);
  const Dim total = c.has(6) ? sum(length, c.dim(6, 2)) : length;
  c.set(0, c.dtype(0), Shape{c.dim(0, 0), c.dim(0, 1), product(value, Dim(heads))});
  c.set(1, c.dtype(0), Shape{c.dim(0, 0), Dim(heads), total, quotient(c.dim(0, 2), heads)});
  c.set(2, c.dtype(0), Shape{c.dim(0, 0), Dim(heads), total, value});
}

/// com.microsoft::GroupQueryAttention: query (packed with key and value when they are absent), past
/// key 3, past value 4; the total length is data unless the cache is a shared buffer.
void group_query_attention(Context& c) {
  if (!c.want_input(0) || !c.want_input(5) || !c.want_input(6)) return;
  const int64_t heads = c.integer("num_heads", 0);
  const int64_t kv_heads = c.integer("kv_num_heads", 0);
  if (heads < 1 || kv_heads < 1) return c.fail("the numbers of heads are missing");
  const bool packed = !c.has(1);
  const Dim size = quotient(c.dim(0, 2), packed ? heads + 2 * kv_heads : heads);
  c.set(0, c.dtype(0),
        Shape{c.dim(0, 0), c.dim(0, 1), packed ? product(size, Dim(heads)) : c.dim(0, 2)});
  const auto total = c.integer_at(6);
  const Dim past = c.has(3) ? c.dim(3, 2) : Dim(0);
  Dim length;
  if (total && past.known()) length = Dim(std::max(*total, past.value()));
  for (size_t i : {1, 2})
    c.set(i, c.has(2 + i) ? c.dtype(2 + i) : c.dtype(0),
          Shape{c.dim(0, 0), Dim(kv_heads), length, size});
}

}  // namespace

void register_attention_shapes(Registry& r) {
  r.add("Attention", attention);
  r.add("RotaryEmbedding", rotary_embedding);
  r.add("LinearAttention", linear_attention);
  r.add(kPreview, {"FlexAttention"}, flex_attention);
  r.add(kMicrosoft, {"RotaryEmbedding"}, rotary_embedding);
  r.add(kMicrosoft, {"Attention"}, packed_attention);
  r.add(kMicrosoft, {"MultiHeadAttention"}, multi_head_attention);
  r.add(kMicrosoft, {"GroupQueryAttention"}, group_query_attention);
}

}  // namespace kasuri::shape_inference
