// The full set of pictures over real models, by ./dev screenshots: KASURI_SCREENSHOTS names the
// models ("a.onnx:b.onnx"), KASURI_SCREENSHOT_SIZES the sizes ("1280x800 1680x1050"); every theme
// and language of the window. Without the first this is skipped.
#include <QApplication>
#include <QDir>
#include <QFileInfo>
#include <QTest>

#include "app/style/language.h"
#include "app/style/window_style.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

constexpr const char* kSizes = "1280x800 1680x1050 2560x1440";

class Screenshots : public WindowFixture {
 protected:
  void TearDown() override { setLanguage(*qApp, QStringLiteral("en")); }

  /// A window as it starts with this appearance, language and size.
  void start(Theme::Appearance appearance, const QString& language, const QSize& size) {
    window_.reset();
    setLanguage(*qApp, language);
    theme_ = Theme::load(appearance);
    QApplication::setStyle(new WindowStyle(theme_));
    QApplication::setPalette(theme_.palette());
    qApp->setStyleSheet(theme_.styleSheet());
    window_ = std::make_unique<MainWindow>(theme_, program());
    window_->resize(size);
    window_->show();
    const QString side =
        appearance == Theme::Appearance::Light ? QStringLiteral("light") : QStringLiteral("dark");
    look_ = QStringLiteral("%1x%2@%3_%4_%5")
                .arg(size.width())
                .arg(size.height())
                .arg(window_->devicePixelRatioF())
                .arg(language, side);
  }

  void take(const QString& folder, const QString& what) {
    QTest::qWait(150);
    const QDir into(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                    QStringLiteral("/../screenshots/") + folder);
    into.mkpath(QStringLiteral("."));
    EXPECT_TRUE(window_->grab().save(into.filePath(QStringLiteral("%1_%2.png").arg(what, look_))));
  }

  void pictureDocks(const QString& name) {
    for (const char* dock : {"timeDock", "runsDock", "sidesDock", "problemsDock", "whyNotDock"}) {
      raise(dock);
      take(name, QString::fromLatin1(dock));
    }
  }

  void picture(const QString& model, const QList<QSize>& sizes, Theme::Appearance appearance,
               const QString& language) {
    const QString name = QFileInfo(model).baseName();
    start(appearance, language, sizes.first());
    take(name, QStringLiteral("start"));
    open(model);
    ASSERT_TRUE(described());
    take(name, QStringLiteral("opened"));
    measureQuickly();
    ASSERT_TRUE(
        wait([&] { return state().before->profile && state().after->profile; }, kMeasureMs));
    take(name, QStringLiteral("measured"));
    pictureDocks(name);
    for (const QSize& size : sizes.mid(1)) {
      start(appearance, language, size);
      window_->openModel(model);
      ASSERT_TRUE(described());
      measureQuickly();
      take(name, QStringLiteral("measured"));
    }
  }

  QString look_;
};

QList<QSize> sizes() {
  QList<QSize> list;
  for (const QString& size :
       qEnvironmentVariable("KASURI_SCREENSHOT_SIZES", QString::fromLatin1(kSizes))
           .split(QLatin1Char(' '), Qt::SkipEmptyParts))
    list << QSize(size.section(QLatin1Char('x'), 0, 0).toInt(),
                  size.section(QLatin1Char('x'), 1, 1).toInt());
  return list;
}

TEST_F(Screenshots, OfRealModels) {
  const QString models = qEnvironmentVariable("KASURI_SCREENSHOTS");
  if (models.isEmpty()) GTEST_SKIP() << "KASURI_SCREENSHOTS names no models";
  for (const QString& model : models.split(QLatin1Char(':')))
    for (Theme::Appearance appearance : {Theme::Appearance::Light, Theme::Appearance::Dark})
      for (const char* language : {"en", "ja"})
        picture(model, sizes(), appearance, QString::fromLatin1(language));
}

}  // namespace
}  // namespace kasuri::app
