// The full set of pictures over real models: KASURI_SCREENSHOTS="model.onnx:other.onnx" names them;
// without it this is skipped. Sizes of the design, both themes by KASURI_DARK.
#include <QDockWidget>
#include <QFileInfo>
#include <QTest>

#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Screenshots = WindowFixture;

TEST_F(Screenshots, OfRealModels) {
  const QString models = qEnvironmentVariable("KASURI_SCREENSHOTS");
  if (models.isEmpty()) GTEST_SKIP() << "KASURI_SCREENSHOTS names no models";
  for (const QString& model : models.split(QLatin1Char(':'))) {
    const QString name = QFileInfo(model).baseName();
    window_ = std::make_unique<MainWindow>(theme_, program());
    window_->resize(1680, 1050);
    window_->show();
    raise("adviceDock");
    open(model);
    ASSERT_TRUE(described());
    EXPECT_TRUE(wait([&] { return state().advice.has_value(); }));
    raise("passesDock");
    screenshot(name + QStringLiteral("_opened"));
    measureQuickly();
    EXPECT_TRUE(
        wait([&] { return state().before->profile && state().after->profile; }, kMeasureMs));
    screenshot(name + QStringLiteral("_1680"));
    for (const char* dock : {"timeDock", "runsDock", "sidesDock", "problemsDock", "whyNotDock"}) {
      raise(dock);
      screenshot(name + QLatin1Char('_') + QString::fromLatin1(dock));
    }
    window_->resize(1280, 800);
    screenshot(name + QStringLiteral("_1280"));
  }
}

}  // namespace
}  // namespace kasuri::app
