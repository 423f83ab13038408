#include "engine/backend/cpu/recurrent_cell.h"

namespace kasuri::cpu {
namespace {

using loops::BinaryOp;
using loops::BufferRole;
using loops::Scalar;
using loops::UnaryOp;

constexpr DataType kF32 = DataType::kFloat;

Scalar operator+(const Scalar& a, const Scalar& b) { return loops::binary(BinaryOp::kAdd, a, b); }
Scalar operator-(const Scalar& a, const Scalar& b) { return loops::binary(BinaryOp::kSub, a, b); }
Scalar operator*(const Scalar& a, const Scalar& b) { return loops::binary(BinaryOp::kMul, a, b); }
Scalar sigmoid(const Scalar& a) { return loops::unary(UnaryOp::kSigmoid, a); }
Scalar tanh(const Scalar& a) { return loops::unary(UnaryOp::kTanh, a); }

/// A nest of maps over [b, h].
class Cell {
 public:
  Cell(const std::string& name, int64_t b, int64_t h) : b_(b), h_(h) { nest_.name = name; }

  int input(const std::string& name, std::vector<int64_t> extents) {
    return nest_.add_buffer(loops::make_buffer(name, kF32, std::move(extents), BufferRole::kInput));
  }
  int output(const std::string& name) {
    return nest_.add_buffer(loops::make_buffer(name, kF32, {b_, h_}, BufferRole::kOutput));
  }
  Scalar gate(int buffer, int64_t number) const {
    return loops::load(buffer, kF32,
                       {loops::variable(0), loops::constant(number), loops::variable(1)});
  }
  Scalar at(int buffer) const { return loops::load(buffer, kF32, loops::identity(2)); }
  Scalar column(int buffer) const { return loops::load(buffer, kF32, {loops::variable(1)}); }
  void store(int buffer, Scalar body) {
    loops::Stage stage;
    stage.domain = {b_, h_};
    stage.body = std::move(body);
    stage.out = buffer;
    stage.out_index = loops::identity(2);
    nest_.stages.push_back(std::move(stage));
  }
  loops::Nest take() { return std::move(nest_); }

 private:
  int64_t b_, h_;
  loops::Nest nest_;
};

}  // namespace

loops::Nest lstm_cell(int64_t b, int64_t h) {
  Cell cell("lstm", b, h);
  const int x = cell.input("x", {b, 4, h}), r = cell.input("r", {b, 4, h});
  const int before = cell.input("c_previous", {b, h});
  const int c = cell.output("c"), out = cell.output("h");
  const auto sum = [&](int64_t gate) { return cell.gate(x, gate) + cell.gate(r, gate); };
  cell.store(c, sigmoid(sum(2)) * cell.at(before) + sigmoid(sum(0)) * tanh(sum(3)));
  cell.store(out, sigmoid(sum(1)) * tanh(cell.at(c)));
  return cell.take();
}

loops::Nest gru_cell_linear(int64_t b, int64_t h) {
  Cell cell("gru", b, h);
  const int x = cell.input("x", {b, 3, h}), r = cell.input("r", {b, 3, h});
  const int before = cell.input("h_previous", {b, h}), bias = cell.input("rb", {h});
  const int out = cell.output("h");
  const auto sum = [&](int64_t gate) { return cell.gate(x, gate) + cell.gate(r, gate); };
  const Scalar update = sigmoid(sum(0)), reset = sigmoid(sum(1));
  const Scalar hidden = tanh(cell.gate(x, 2) + reset * (cell.gate(r, 2) + cell.column(bias)));
  cell.store(out, (loops::literal(kF32, 1) - update) * hidden + update * cell.at(before));
  return cell.take();
}

loops::Nest gru_reset(int64_t b, int64_t h) {
  Cell cell("gru_reset", b, h);
  const int x = cell.input("x", {b, 3, h}), r = cell.input("r", {b, 2, h});
  const int before = cell.input("h_previous", {b, h}), out = cell.output("reset");
  cell.store(out, sigmoid(cell.gate(x, 1) + cell.gate(r, 1)) * cell.at(before));
  return cell.take();
}

loops::Nest gru_cell(int64_t b, int64_t h) {
  Cell cell("gru", b, h);
  const int x = cell.input("x", {b, 3, h}), r = cell.input("r", {b, 2, h});
  const int before = cell.input("h_previous", {b, h}), q = cell.input("q", {b, h});
  const int out = cell.output("h");
  const Scalar update = sigmoid(cell.gate(x, 0) + cell.gate(r, 0));
  const Scalar hidden = tanh(cell.gate(x, 2) + cell.at(q));
  cell.store(out, (loops::literal(kF32, 1) - update) * hidden + update * cell.at(before));
  return cell.take();
}

loops::Nest rnn_cell(int64_t b, int64_t h, bool relu) {
  Cell cell("rnn", b, h);
  const int x = cell.input("x", {b, 1, h}), r = cell.input("r", {b, 1, h});
  const int out = cell.output("h");
  const Scalar sum = cell.gate(x, 0) + cell.gate(r, 0);
  cell.store(out, relu ? loops::binary(BinaryOp::kMax, sum, loops::literal(kF32, 0)) : tanh(sum));
  return cell.take();
}

}  // namespace kasuri::cpu
