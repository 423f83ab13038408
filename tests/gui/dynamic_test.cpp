// The generation dock: a decoder with a draft, a denoiser with its steps, the plain way beside
// both.
#include <QComboBox>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

#include "app/panels/dynamic_panel.h"
#include "app/panels/list_table.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

class GenerationDock : public WindowFixture {
 protected:
  void SetUp() override {
    const QString shared = qEnvironmentVariable("KASURI_SHARED");
    trained_ =
        (shared.isEmpty() ? qEnvironmentVariable("KASURI_SOURCE") + QStringLiteral("/../shared")
                          : shared) +
        QStringLiteral("/models/trained/");
    if (!QFile::exists(trained_ + QStringLiteral("code_lm_draft.onnx")))
      GTEST_SKIP() << "no trained models in " << trained_.toStdString();
    WindowFixture::SetUp();
  }
  void fill(const char* accessible, int value) {
    for (QSpinBox* box : find<DynamicPanel>()->findChildren<QSpinBox*>())
      if (box->accessibleName() == QString::fromUtf8(accessible)) box->setValue(value);
  }
  QStringList heads() {
    QStringList all;
    auto* table = find<DynamicPanel>()->table();
    for (int c = 0; c < table->columnCount(); ++c) all << table->horizontalHeaderItem(c)->text();
    return all;
  }
  QString facts() { return find<QLabel>("dynamicFacts")->text(); }
  bool ran() {
    find<QPushButton>("runDynamic")->click();
    auto* panel = find<DynamicPanel>();
    return panel->running() && wait([=] { return !panel->running(); }, kMeasureMs);
  }

  QString trained_;
};

TEST_F(GenerationDock, ADecoderRunsBesidePlainDecoding) {
  open(trained_ + QStringLiteral("code_lm_draft.onnx"));
  raise("dynamicDock");
  auto* prompts = find<QLineEdit>("dynamicPrompts");
  prompts->setText(QStringLiteral("/no/such.json"));
  ASSERT_TRUE(ran());
  EXPECT_EQ(find<DynamicPanel>()->table()->rowCount(), 0);
  prompts->setText(trained_ + QStringLiteral("prompts.json:repetitive"));
  fill("Prompts at most", 2);
  fill("New tokens", 16);
  ASSERT_TRUE(ran());
  EXPECT_TRUE(facts().contains(QStringLiteral("2 of 2 texts equal plain decoding")))
      << facts().toStdString();
  EXPECT_TRUE(facts().contains(QStringLiteral("--draft lookup")));
  EXPECT_GE(find<DynamicPanel>()->table()->rowCount(), 1);
  EXPECT_EQ(heads(), (QStringList{QStringLiteral("What"), QStringLiteral("Passes"),
                                  QStringLiteral("Share %")}));
  screenshot(QStringLiteral("generation"));
  find<QComboBox>("dynamicKind")->setCurrentIndex(1);
  EXPECT_EQ(heads().value(4), QStringLiteral("SSIM"));
  EXPECT_EQ(find<DynamicPanel>()->table()->rowCount(), 0) << "rows of the other kind are gone";
}

TEST_F(GenerationDock, ADenoiserRunsBesideAFixedStride) {
  open(trained_ + QStringLiteral("glyph_denoiser.onnx"));
  raise("dynamicDock");
  find<QComboBox>("dynamicKind")->setCurrentIndex(1);
  find<QLineEdit>("dynamicSchedule")->setText(trained_ + QStringLiteral("denoiser_schedule.json"));
  fill("Steps", 30);
  fill("Images", 2);
  for (QLineEdit* line : find<DynamicPanel>()->findChildren<QLineEdit*>())
    if (line->accessibleName() == QStringLiteral("Fixed steps beside it"))
      line->setText(QStringLiteral("6 10"));
  ASSERT_TRUE(ran());
  auto* table = find<DynamicPanel>()->table();
  ASSERT_EQ(table->rowCount(), 5) << facts().toStdString();
  EXPECT_EQ(table->item(1, 0)->text(), QStringLiteral("asked for"));
  EXPECT_TRUE(table->item(table->rowCount() - 1, 0)->text().startsWith(QStringLiteral("stride")));
  EXPECT_TRUE(facts().contains(QStringLiteral("SSIM differs by"))) << facts().toStdString();
  screenshot(QStringLiteral("denoising"));
}

}  // namespace
}  // namespace kasuri::app
