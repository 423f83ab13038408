#include "tests/gui/musts_fixture.h"

#include <QApplication>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include "app/style/window_style.h"

namespace kasuri::app {
namespace {

std::unique_ptr<QTemporaryDir> folder;

}  // namespace

Theme Musts::theme_;
std::unique_ptr<MainWindow> Musts::window_;

QString Musts::program() {
  return QString::fromLocal8Bit(qgetenv("KASURI_BIN")) + QStringLiteral("/kasuri");
}

QString Musts::model(const char* path) {
  const QString source = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE"));
  return qEnvironmentVariable("KASURI_SHARED", source + QStringLiteral("/../shared")) +
         QStringLiteral("/models/") + QString::fromLatin1(path);
}

bool Musts::wait(const std::function<bool()>& done, int ms) { return QTest::qWaitFor(done, ms); }

bool Musts::described(MainWindow& window) {
  const DocumentState& state = window.document().state();
  return wait([&] {
    return state.before && state.after && state.after->recipe == window.document().recipe() &&
           state.phase != Phase::Opening;
  });
}

void Musts::SetUpTestSuite() {
  if (!QFile::exists(program()) || !QFile::exists(network())) return;
  folder = std::make_unique<QTemporaryDir>();
  theme_ = Theme::load(Theme::Appearance::Light);
  QApplication::setStyle(new WindowStyle(theme_));
  QApplication::setPalette(theme_.palette());
  qApp->setStyleSheet(theme_.styleSheet());
  window_ = std::make_unique<MainWindow>(theme_, program());
  window_->resize(1680, 1050);
  window_->show();
  window_->openModel(network());
  const DocumentState& state = window_->document().state();
  ASSERT_TRUE(described(*window_)) << state.message.toStdString();
  window_->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  QTest::keyClick(window_.get(), Qt::Key_F5, Qt::ShiftModifier);
  ASSERT_EQ(state.phase, Phase::Measuring);
  ASSERT_TRUE(wait([&] { return !state.working(); }, kMeasureMs));
  ASSERT_TRUE(state.comparison) << state.message.toStdString();
  ASSERT_TRUE(wait([&] { return state.before->profile && state.after->profile; }, kMeasureMs));
}

void Musts::TearDownTestSuite() {
  window_.reset();
  folder.reset();
}

void Musts::SetUp() {
  if (!window_) GTEST_SKIP() << "no command line or no shared models";
  ASSERT_TRUE(state().comparison) << "the measurement all tests look at failed";
  window_->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
}

bool Musts::settled() {
  return wait([this] { return !state().working(); }, kMeasureMs);
}

void Musts::press(int key, Qt::KeyboardModifiers modifiers) {
  QTest::keyClick(window_.get(), Qt::Key(key), modifiers);
}

QString Musts::exported(ExportKind kind, const char* name) {
  const QString path = folder->filePath(QString::fromLatin1(name));
  QSignalSpy written(&window_->document(), &Document::exported);
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->document().exportTo(kind, path);
  EXPECT_TRUE(wait([&] { return !written.empty() || !problems.empty(); }));
  EXPECT_TRUE(problems.empty()) << problems.first().first().toString().toStdString();
  return path;
}

}  // namespace kasuri::app
