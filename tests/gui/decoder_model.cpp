#include "tests/gui/decoder_model.h"

namespace kasuri::tests {
namespace {

using app::OperatorInfo;

constexpr int kHead = 31, kBranches = 3;

class Builder {
 public:
  QString add(const QString& type, const QString& scope, const QStringList& inputs) {
    const QString value = QStringLiteral("v%1").arg(model_.operators.size());
    OperatorInfo op;
    op.name = scope + QLatin1Char('/') + type + QStringLiteral("_%1").arg(model_.operators.size());
    op.type = type;
    op.scope = scope;
    op.inputs = inputs;
    op.outputs = QStringList{value};
    op.output = QStringLiteral("float32[1,128,768]");
    op.bytes = 128 * 768 * 4;
    op.sources = QStringList{op.name};
    model_.operators.append(op);
    return value;
  }

  app::ModelInfo take() { return std::move(model_); }
  int size() const { return int(model_.operators.size()); }

 private:
  app::ModelInfo model_;
};

/// Three branches that meet, again and again, with a residual around.
QString add_block(Builder& b, const QString& scope, const QString& input, const QString& mask,
                  const QString& table, int size) {
  const int end = b.size() + size;
  QString here = input;
  bool attention = true;
  while (b.size() < end) {
    const QString inner =
        scope + (attention ? QStringLiteral("/self_attn") : QStringLiteral("/mlp"));
    const int left = end - b.size();
    if (left < 3 * kBranches + 2) {
      here = b.add(QStringLiteral("Relu"), inner, {here});
      continue;
    }
    QStringList met;
    for (int branch = 0; branch < kBranches; ++branch) {
      const QString product = b.add(QStringLiteral("MatMul"), inner, {here});
      const QString turned = b.add(QStringLiteral("Transpose"), inner, {product});
      met << b.add(QStringLiteral("Mul"), inner, {turned, branch == 0 ? mask : table});
    }
    const QString softmax = b.add(QStringLiteral("Softmax"), inner, met);
    here = b.add(QStringLiteral("Add"), inner, {softmax, here});
    attention = !attention && b.size() + size / 2 < end;
  }
  return here;
}

}  // namespace

app::ModelInfo decoder_model(int blocks, int size) {
  Builder b;
  const QString mask = b.add(QStringLiteral("Where"), QStringLiteral("model"), {});
  const QString table = b.add(QStringLiteral("Cos"), QStringLiteral("model"), {});
  QString here = mask;
  for (int block = 0; block < blocks; ++block)
    here = add_block(b, QStringLiteral("model/layers.%1").arg(block), here, mask, table, size);
  for (int op = 0; op < kHead; ++op)
    here = b.add(QStringLiteral("Gelu"), QStringLiteral("lm_head"), {here});
  return b.take();
}

}  // namespace kasuri::tests
