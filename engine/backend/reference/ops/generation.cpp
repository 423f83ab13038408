#include <algorithm>
#include <cmath>

#include "engine/backend/reference/registry.h"
#include "engine/backend/reference/strided.h"
#include "engine/backend/reference/token_search.h"

// com.microsoft::GreedySearch and BeamSearch: loops around decoders that are bodies of the node.
namespace kasuri::reference {
namespace {

constexpr int64_t kMostBeams = 128, kLongestText = 4096;

GraphPointer body_of(Context& c, const std::string& name) {
  GraphPointer body = c.node().get_graph(name);
  c.require(body != nullptr, "has no {}", name);
  return body;
}

Tensor token_tensor(const Context& c, const Tokens& tokens, int64_t rows) {
  return c.pack<int64_t>(DataType::kInt32, {rows, static_cast<int64_t>(tokens.size()) / rows},
                         tokens);
}

/// Rows `from[i]` of an axis as row i.
Tensor picked(Context& c, const Tensor& x, size_t axis, const std::vector<int64_t>& from) {
  c.require(static_cast<size_t>(x.rank()) > axis, "a state of {}", text_of(x.extents()));
  const int64_t block = product(x.extents(), axis + 1), old = x.extents()[axis];
  std::vector<int64_t> starts;
  for (int64_t outer = 0; outer < product(x.extents(), 0, axis); ++outer)
    for (const int64_t row : from) {
      c.require(row >= 0 && row < old, "row {} of a state of {}", row, text_of(x.extents()));
      starts.push_back((outer * old + row) * block);
    }
  Extents extents = x.extents();
  extents[axis] = static_cast<int64_t>(from.size());
  return gathered(c, x, extents, block, starts);
}

/// 0 0 0 1 1 1 ...: which text a beam belongs to.
std::vector<int64_t> texts_of(const SearchRequest& r) {
  std::vector<int64_t> out;
  for (int64_t i = 0; i < r.rows(); ++i) out.push_back(i / r.beams);
  return out;
}

/// Scores of the token that comes last in logits [rows or texts, length, vocabulary].
std::vector<double> last_scores(Context& c, const SearchRequest& r, const RuntimeValue& value) {
  c.require(value.is_tensor() && value.tensor().rank() == 3, "the decoder must give logits first");
  const Tensor& logits = value.tensor();
  const Extents& e = logits.extents();
  c.require((e[0] == r.rows() || e[0] == r.batch) && e[1] > 0 && e[2] == r.vocabulary,
            "logits are {} for {} sequences and {} tokens", text_of(e), r.rows(), r.vocabulary);
  std::vector<double> out(static_cast<size_t>(r.rows() * r.vocabulary));
  for (int64_t i = 0; i < r.rows(); ++i) {
    const int64_t row = e[0] == r.rows() ? i : i / r.beams;
    read_elements<double>(logits, (row * e[1] + e[1] - 1) * e[2],
                          std::span(out).subspan(static_cast<size_t>(i * r.vocabulary),
                                                 static_cast<size_t>(r.vocabulary)));
  }
  return out;
}

void log_softmax_rows(std::vector<double>& scores, int64_t width) {
  for (size_t first = 0; first < scores.size(); first += static_cast<size_t>(width)) {
    double* row = scores.data() + first;
    const double top = *std::max_element(row, row + width);
    double sum = 0;
    for (int64_t k = 0; k < width; ++k) sum += std::exp(row[k] - top);
    for (int64_t k = 0; k < width; ++k) row[k] -= top + std::log(sum);
  }
}

/// Reads what both operators share; `at` is the input of repetition_penalty, the masks follow it.
SearchRequest shared_request(Context& c, size_t at) {
  const Node& n = c.node();
  SearchRequest r;
  c.require(c.in(0).rank() == 2 && c.in(0).count() > 0, "input_ids are {}",
            text_of(c.in(0).extents()));
  r.batch = c.in(0).extents()[0];
  r.longest = c.integer(1, 0);
  r.shortest = c.integer(2, 0);
  r.end_token = n.get_int("eos_token_id", -1);
  r.padding = n.get_int("pad_token_id", -1);
  r.forbidden_repeat = n.get_int("no_repeat_ngram_size", 0);
  r.early_stopping = n.get_int("early_stopping", 0) != 0;
  r.repetition_penalty = c.number(at, 1);
  c.require(r.longest > 0 && r.longest <= kLongestText, "max_length is {}", r.longest);
  c.require(r.repetition_penalty > 0, "repetition_penalty is {}", r.repetition_penalty);
  r.allowed = c.ints(at + 1);
  r.allowed_first = c.ints(at + 2);
  return r;
}

/// The vocabulary is the last extent of the first logits; masks and tokens must fit it.
void learn_vocabulary(Context& c, SearchRequest& r, const RuntimeValue& logits,
                      const std::vector<Tokens>& sequences) {
  c.require(logits.is_tensor() && logits.tensor().rank() == 3, "a decoder must give logits first");
  r.vocabulary = logits.tensor().extents()[2];
  c.require(r.vocabulary > r.end_token, "eos_token_id {} of {} tokens", r.end_token, r.vocabulary);
  c.require(r.allowed.empty() || static_cast<int64_t>(r.allowed.size()) == r.vocabulary,
            "a vocabulary mask of {} for {} tokens", r.allowed.size(), r.vocabulary);
  c.require(r.allowed_first.empty() ||
                static_cast<int64_t>(r.allowed_first.size()) == r.batch * r.vocabulary,
            "a prefix mask of {} for {} tokens", r.allowed_first.size(), r.vocabulary);
  for (const Tokens& sequence : sequences)
    for (const int64_t token : sequence)
      c.require(token >= 0 && token < r.vocabulary, "token {} of {}", token, r.vocabulary);
}

/// A decoder that carries its own state: inputs are tokens, positions, attention mask, then one
/// past [2, rows, heads, length, size] per layer; outputs are logits and the new pasts.
class StatefulDecoder {
 public:
  StatefulDecoder(Context& c, const SearchRequest& r, size_t mask_input)
      : c_(c), body_(body_of(c, "decoder")), first_(c.node().get_graph("init_decoder")) {
    c.require(body_->inputs().size() >= 3 && body_->outputs().size() + 2 == body_->inputs().size(),
              "a decoder of {} inputs and {} outputs is not supported", body_->inputs().size(),
              body_->outputs().size());
    const int64_t length = c.in(0).extents()[1];
    const std::vector<int64_t> ids = c.ints(0), given = c.ints(mask_input);
    c.require(given.empty() || given.size() == ids.size(), "an attention mask of {}", given.size());
    const int64_t padding = r.padding;
    for (const int64_t text : texts_of(r)) {
      int64_t position = 0;
      for (int64_t k = text * length; k < (text + 1) * length; ++k) {
        const auto i = static_cast<size_t>(k);
        const bool seen = given.empty() ? ids[i] != padding : given[i] != 0;
        tokens_.push_back(ids[i]);
        mask_.push_back(seen);
        positions_.push_back(seen ? position++ : 0);
      }
      next_positions_.push_back(position);
      prompts_.emplace_back(ids.begin() + text * length, ids.begin() + (text + 1) * length);
    }
    for (size_t i = 3; i < body_->inputs().size(); ++i) past_.push_back(empty_past(r.rows(), i));
  }

  const std::vector<Tokens>& prompts() const { return prompts_; }

  /// Logits after the newest tokens.
  RuntimeValue run() {
    const auto rows = static_cast<int64_t>(prompts_.size());
    std::vector<RuntimeValue> inputs = {token_tensor(c_, tokens_, rows),
                                        token_tensor(c_, positions_, rows),
                                        token_tensor(c_, mask_, rows)};
    inputs.insert(inputs.end(), past_.begin(), past_.end());
    std::vector<RuntimeValue> outputs = c_.run_body(first_ ? *first_ : *body_, std::move(inputs));
    first_ = nullptr;
    c_.require(outputs.size() == past_.size() + 1, "the decoder gave {} values", outputs.size());
    for (size_t i = 0; i < past_.size(); ++i) {
      c_.require(outputs[i + 1].is_tensor(), "a decoder's state must be a tensor");
      past_[i] = outputs[i + 1].tensor();
    }
    return outputs[0];
  }

  /// Row i goes on from row origins[i] with newest[i].
  void follow(const std::vector<int64_t>& origins, const Tokens& newest) {
    const size_t length = mask_.size() / newest.size();
    Tokens mask;
    for (size_t i = 0; i < newest.size(); ++i) {
      const auto row = mask_.begin() + static_cast<int64_t>(i * length);
      mask.insert(mask.end(), row, row + static_cast<int64_t>(length));
      mask.push_back(1);
    }
    mask_ = std::move(mask);
    tokens_ = newest;
    positions_ = next_positions_;
    for (int64_t& p : next_positions_) ++p;
    for (Tensor& past : past_) past = picked(c_, past, 1, origins);
  }

 private:
  Tensor empty_past(int64_t rows, size_t input) {
    const ValueType& type = body_->value(body_->inputs()[input]).type;
    c_.require(type.shape && type.shape->size() == 5 && (*type.shape)[2].known() &&
                   (*type.shape)[4].known() && is_float(type.dtype),
               "the decoder's input {} must declare [2, rows, heads, length, size]", input);
    return c_.fresh(type.dtype, {2, rows, (*type.shape)[2].value(), 0, (*type.shape)[4].value()})
        .tensor;
  }

  Context& c_;
  GraphPointer body_, first_;
  Tokens tokens_, positions_, mask_, next_positions_;
  std::vector<Tokens> prompts_;
  std::vector<Tensor> past_;
};

/// Encoder, then decoder (T5): the first step's logits and all states come from the encoder; the
/// decoder's outputs replace its first pasts, those of cross attention stay.
class EncodedDecoder {
 public:
  EncodedDecoder(Context& c, const SearchRequest& r)
      : c_(c), body_(body_of(c, "decoder")), texts_(texts_of(r)), rows_(r.rows()) {
    const GraphPointer encoder = body_of(c, "encoder");
    const int64_t start = c.node().get_int("decoder_start_token_id", -1);
    c.require(start >= 0, "decoder_start_token_id is missing");
    prompts_.assign(static_cast<size_t>(rows_), Tokens{start});
    const Tensor mask = encoder_mask(r);
    std::vector<RuntimeValue> inputs = {
        c.in(0), mask, token_tensor(c, Tokens(static_cast<size_t>(r.batch), start), r.batch)};
    c.require(encoder->inputs().size() == 3, "an encoder of {} inputs is not supported",
              encoder->inputs().size());
    std::vector<RuntimeValue> outputs = c.run_body(*encoder, std::move(inputs));
    const size_t hidden =
        body_->inputs().size() > 2 && outputs.size() + 1 == body_->inputs().size();
    c.require(outputs.size() + (hidden ? 1 : 0) == body_->inputs().size() && outputs.size() > 2,
              "an encoder of {} outputs before a decoder of {} inputs", outputs.size(),
              body_->inputs().size());
    logits_ = outputs[0];
    inputs_ = {RuntimeValue(), picked(c, mask, 0, texts_)};
    for (size_t i = hidden ? 1 : 2; i < outputs.size(); ++i) {
      c.require(outputs[i].is_tensor(), "an encoder's state must be a tensor");
      inputs_.emplace_back(picked(c, outputs[i].tensor(), 0, texts_));
    }
    first_past_ = hidden ? 3 : 2;
    const ValueType& tokens = body_->value(body_->inputs()[0]).type;
    whole_text_ = !(tokens.shape && tokens.shape->size() == 2 && (*tokens.shape)[1].known() &&
                    (*tokens.shape)[1].value() == 1);
  }

  const std::vector<Tokens>& prompts() const { return prompts_; }

  RuntimeValue run() {
    if (logits_.present()) return std::exchange(logits_, {});
    Tokens tokens;
    for (const Tokens& sequence : prompts_)
      tokens.insert(tokens.end(), whole_text_ ? sequence.begin() : sequence.end() - 1,
                    sequence.end());
    inputs_[0] = token_tensor(c_, tokens, rows_);
    std::vector<RuntimeValue> outputs = c_.run_body(*body_, inputs_);
    c_.require(!outputs.empty() && outputs.size() - 1 + first_past_ <= inputs_.size(),
               "the decoder gave {} values", outputs.size());
    states_ = outputs.size() - 1;
    for (size_t i = 1; i < outputs.size(); ++i) inputs_[first_past_ + i - 1] = outputs[i];
    return outputs[0];
  }

  void follow(const std::vector<int64_t>& origins, const Tokens& newest) {
    std::vector<Tokens> next;
    for (size_t i = 0; i < newest.size(); ++i) {
      next.push_back(prompts_[static_cast<size_t>(origins[i])]);
      next.back().push_back(newest[i]);
    }
    prompts_ = std::move(next);
    for (size_t i = first_past_; i < first_past_ + states_; ++i)
      inputs_[i] = picked(c_, inputs_[i].tensor(), 0, origins);
  }

 private:
  /// 1 everywhere but at padding in front.
  Tensor encoder_mask(const SearchRequest& r) {
    if (c_.has(9)) return c_.in(9);
    const std::vector<int64_t> ids = c_.ints(0);
    const size_t length = ids.size() / static_cast<size_t>(r.batch);
    Tokens mask(ids.size(), 1);
    for (size_t first = 0; first < ids.size(); first += length)
      for (size_t i = first; i < first + length && ids[i] == r.padding; ++i) mask[i] = 0;
    return token_tensor(c_, mask, r.batch);
  }

  Context& c_;
  GraphPointer body_;
  std::vector<int64_t> texts_;
  int64_t rows_;
  std::vector<Tokens> prompts_;
  RuntimeValue logits_;
  std::vector<RuntimeValue> inputs_;
  size_t first_past_ = 2, states_ = 0;
  bool whole_text_ = false;
};

void set_texts(Context& c, const SearchRequest& r, const std::vector<Hypothesis>& best) {
  Tokens out;
  std::vector<double> scores;
  for (const Hypothesis& h : best) {
    Tokens text = h.tokens;
    text.resize(static_cast<size_t>(r.longest), r.padding);
    out.insert(out.end(), text.begin(), text.end());
    scores.push_back(h.score);
  }
  c.set(0, c.pack<int64_t>(DataType::kInt32, {r.batch, r.returned, r.longest}, out));
  if (c.wants(1)) c.set(1, c.pack(DataType::kFloat, {r.batch, r.returned}, scores));
}

template <typename Decoder>
void search_beams(Context& c, SearchRequest& r, Decoder decoder) {
  c.require(static_cast<int64_t>(decoder.prompts()[0].size()) <= r.longest,
            "max_length is {} for a prompt of {}", r.longest, decoder.prompts()[0].size());
  BeamSearch search(r, decoder.prompts());
  int64_t length = static_cast<int64_t>(decoder.prompts()[0].size());
  for (; length < r.longest && !search.done(); ++length) {
    c.poll();
    const RuntimeValue logits = decoder.run();
    if (r.vocabulary == 0) learn_vocabulary(c, r, logits, search.sequences());
    std::vector<double> scores = last_scores(c, r, logits);
    log_softmax_rows(scores, r.vocabulary);
    search.advance(std::move(scores));
    decoder.follow(search.origins(), search.newest());
  }
  std::vector<Hypothesis> best;
  for (int64_t b = 0; b < r.batch; ++b) {
    const std::vector<Hypothesis> some = search.best(b);
    c.require(static_cast<int64_t>(some.size()) == r.returned, "{} texts where {} are wanted",
              some.size(), r.returned);
    best.insert(best.end(), some.begin(), some.end());
  }
  set_texts(c, r, best);
}

void beam_search(Context& c) {
  SearchRequest r = shared_request(c, 6);
  r.beams = c.integer(3, 1);
  r.returned = c.integer(4, 1);
  r.length_penalty = c.number(5, 1);
  c.require(r.beams > 0 && r.beams <= kMostBeams && r.returned > 0 && r.returned <= r.beams,
            "{} beams, {} returned", r.beams, r.returned);
  c.require(!c.wants(2), "the scores of every token are not supported");
  const int64_t model = c.node().get_int("model_type", 0);
  c.require(model == 0 || model == 1, "model_type {} is not supported", model);
  if (model == 0)
    search_beams(c, r, StatefulDecoder(c, r, 9));
  else
    search_beams(c, r, EncodedDecoder(c, r));
}

void greedy_search(Context& c) {
  SearchRequest r = shared_request(c, 3);
  c.require(c.node().get_int("model_type", 0) == 0, "only model_type 0 is supported");
  StatefulDecoder decoder(c, r, 6);
  std::vector<Tokens> sequences = decoder.prompts();
  c.require(static_cast<int64_t>(sequences[0].size()) <= r.longest,
            "max_length is {} for a prompt of {}", r.longest, sequences[0].size());
  std::vector<int64_t> same;
  for (int64_t i = 0; i < r.batch; ++i) same.push_back(i);
  std::vector<bool> ended(sequences.size(), false);
  const auto length = static_cast<int64_t>(sequences[0].size());
  for (int64_t step = 1; length + step <= r.longest; ++step) {
    c.poll();
    const RuntimeValue logits = decoder.run();
    if (r.vocabulary == 0) learn_vocabulary(c, r, logits, sequences);
    std::vector<double> scores = last_scores(c, r, logits);
    restrain(r, sequences, step, scores);
    Tokens newest;
    for (size_t i = 0; i < sequences.size(); ++i) {
      const auto row = scores.begin() + static_cast<int64_t>(i) * r.vocabulary;
      const int64_t token = std::max_element(row, row + r.vocabulary) - row;
      ended[i] = ended[i] || token == r.end_token;
      newest.push_back(ended[i] ? r.padding : token);
      sequences[i].push_back(newest.back());
    }
    if (std::all_of(ended.begin(), ended.end(), [](bool e) { return e; })) break;
    decoder.follow(same, newest);
  }
  Tokens out;
  for (Tokens& text : sequences) {
    text.resize(static_cast<size_t>(r.longest), r.padding);
    out.insert(out.end(), text.begin(), text.end());
  }
  c.set(0, c.pack<int64_t>(DataType::kInt32, {r.batch, r.longest}, out));
}

}  // namespace

void register_generation_kernels(Registry& r) {
  r.add("com.microsoft", "BeamSearch", beam_search);
  r.add("com.microsoft", "GreedySearch", greedy_search);
}

}  // namespace kasuri::reference
