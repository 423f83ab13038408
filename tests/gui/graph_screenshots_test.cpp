// Pictures of the graph over real models, without measuring: KASURI_SCREENSHOTS="a.onnx:b.onnx"
// names them; without it this is skipped. Themes by KASURI_DARK, words by KASURI_LANGUAGE, scale by
// QT_SCALE_FACTOR; all three are in the names of the pictures.
#include <QApplication>
#include <QFileInfo>
#include <QTest>
#include <algorithm>

#include "app/graph/graph_canvas.h"
#include "app/panels/graph_pane.h"
#include "app/style/language.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

class GraphScreenshots : public WindowFixture {
 protected:
  void SetUp() override {
    models_ = qEnvironmentVariable("KASURI_SCREENSHOTS");
    if (models_.isEmpty()) GTEST_SKIP() << "KASURI_SCREENSHOTS names no models";
    words_ = qEnvironmentVariable("KASURI_LANGUAGE", QStringLiteral("en"));
    ASSERT_TRUE(setLanguage(*qApp, words_));
    WindowFixture::SetUp();
  }
  void TearDown() override { setLanguage(*qApp, QStringLiteral("en")); }

  void shoot(const QString& what, const QSize& size) {
    screenshot(QStringLiteral("%1_%2_%3_%4x")
                   .arg(what)
                   .arg(size.width())
                   .arg(words_)
                   .arg(window_->devicePixelRatioF()));
  }

  QString models_, words_;
};

TEST_F(GraphScreenshots, OfRealModels) {
  for (const QString& model : models_.split(QLatin1Char(':'))) {
    const QString name = QStringLiteral("view_") + QFileInfo(model).baseName();
    for (const QSize& size : {QSize(1280, 800), QSize(1680, 1050), QSize(2560, 1440)}) {
      window_ = std::make_unique<MainWindow>(theme_, program());
      window_->resize(size);
      window_->show();
      auto* pane = find<GraphPane>();
      auto* after = find<GraphCanvas>("graphCanvas");
      open(model);
      ASSERT_TRUE(described());
      ASSERT_TRUE(wait([&] { return after->graph() != nullptr; }));
      shoot(name, size);
      pane->setView(GraphView::Split);
      ASSERT_TRUE(wait([&] { return pane->pictures().aligned; }));
      const auto kernels = after->graph()->items;
      const auto most = std::max_element(kernels.begin(), kernels.end(),
                                         [](const GraphItem& a, const GraphItem& b) {
                                           const auto weight = [](const GraphItem& k) {
                                             return k.isGroup ? 0 : k.operators.size();
                                           };
                                           return weight(a) < weight(b);
                                         });
      after->zoomTo(0.8);
      emit after->operatorsSelected(most->operators);
      shoot(name + QStringLiteral("_split"), size);
      if (size.width() != 1680) continue;
      pane->setView(GraphView::Before);
      shoot(name + QStringLiteral("_before"), size);
      pane->setView(GraphView::Difference);
      shoot(name + QStringLiteral("_diff"), size);
    }
  }
}

}  // namespace
}  // namespace kasuri::app
