#include "tests/gui/window_fixture.h"

#include <QApplication>
#include <QDir>
#include <QDockWidget>
#include <QFile>
#include <QHash>
#include <QTest>

#include "app/style/language.h"
#include "app/style/window_style.h"

namespace kasuri::app {

void WindowFixture::SetUp() {
  if (!QFile::exists(program())) GTEST_SKIP() << "the command line is not built";
  theme_ = Theme::load(qEnvironmentVariableIsSet("KASURI_DARK") ? Theme::Appearance::Dark
                                                                : Theme::Appearance::Light);
  QApplication::setStyle(new WindowStyle(theme_));
  QApplication::setPalette(theme_.palette());
  qApp->setStyleSheet(theme_.styleSheet());
  // To look at the screenshots in another language; what tests expect is English.
  if (qEnvironmentVariableIsSet("KASURI_LANGUAGE"))
    setLanguage(*qApp, qEnvironmentVariable("KASURI_LANGUAGE"));
  window_ = std::make_unique<MainWindow>(theme_, program());
  window_->resize(1280, 800);
  window_->show();
  window_->activateWindow();
  EXPECT_TRUE(QTest::qWaitForWindowActive(window_.get()));
}

QString WindowFixture::program() {
  return QString::fromLocal8Bit(qgetenv("KASURI_BIN")) + QStringLiteral("/kasuri");
}

QString WindowFixture::sample() {
  return QString::fromLocal8Bit(qgetenv("KASURI_SOURCE")) +
         QStringLiteral("/resources/models/small_cnn.ktxt");
}

bool WindowFixture::wait(const std::function<bool()>& done, int ms) {
  return QTest::qWaitFor(done, ms);
}

bool WindowFixture::described() {
  const bool done = wait([&] {
    return state().before && state().after && state().after->recipe == window_->document().recipe();
  });
  if (!done)
    ADD_FAILURE() << "phase " << int(state().phase) << ", before " << bool(state().before)
                  << ", after " << bool(state().after) << ": " << state().message.toStdString();
  return done;
}

void WindowFixture::open(const QString& path) {
  window_->openModel(path);
  ASSERT_TRUE(wait([&] { return state().after || state().phase == Phase::Failed; }));
  ASSERT_TRUE(state().after) << state().message.toStdString();
}

void WindowFixture::measureQuickly() {
  window_->document().measure(MeasureKind::Quick);
  ASSERT_TRUE(wait([&] { return !state().working(); }, kMeasureMs));
  ASSERT_EQ(state().phase, Phase::Measured) << state().message.toStdString();
}

void WindowFixture::raise(const char* dock) {
  auto* d = find<QDockWidget>(dock);
  d->show();
  d->raise();
  QTest::qWait(20);
}

void WindowFixture::screenshot(const QString& name, QWidget* of) {
  QTest::qWait(150);
  const QDir folder(QString::fromLocal8Bit(qgetenv("KASURI_BIN")) +
                    QStringLiteral("/../screenshots"));
  folder.mkpath(QStringLiteral("."));
  const QString side = theme_.appearance() == Theme::Appearance::Light ? QStringLiteral("light")
                                                                       : QStringLiteral("dark");
  EXPECT_TRUE((of == nullptr ? window_.get() : of)
                  ->grab()
                  .save(folder.filePath(name + QLatin1Char('_') + side + QStringLiteral(".png"))));
}

QList<qint64> childrenWith(const QByteArray& word) {
  QHash<qint64, qint64> parent;
  QHash<qint64, QByteArray> command;
  for (const QString& entry : QDir(QStringLiteral("/proc")).entryList(QDir::Dirs)) {
    bool number = false;
    const qint64 pid = entry.toLongLong(&number);
    if (!number) continue;
    QFile line(QStringLiteral("/proc/%1/cmdline").arg(pid));
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!line.open(QIODevice::ReadOnly) || !stat.open(QIODevice::ReadOnly)) continue;
    const QByteArray about = stat.readAll();
    const QList<QByteArray> rest = about.mid(about.lastIndexOf(')') + 2).split(' ');
    if (rest.value(0) == "Z") continue;
    parent.insert(pid, rest.value(1).toLongLong());
    command.insert(pid, line.readAll());
  }
  QList<qint64> found;
  for (auto it = command.begin(); it != command.end(); ++it) {
    if (!it.value().contains(word)) continue;
    for (qint64 up = parent.value(it.key()); up > 1; up = parent.value(up))
      if (up == QCoreApplication::applicationPid()) {
        found << it.key();
        break;
      }
  }
  return found;
}

}  // namespace kasuri::app
