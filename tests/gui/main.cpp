// The GUI test program. A message of Qt at the level of a warning or above fails the test it comes
// in: what Qt complains about is ours to mend.
#include <gtest/gtest-spi.h>
#include <gtest/gtest.h>

#include <QApplication>
#include <QStyleFactory>
#include <QTemporaryDir>
#include <atomic>

namespace {

QtMessageHandler plain_handler = nullptr;
std::atomic<bool> warned = false;

/// What a platform plugin says of itself, whatever the program does. The offscreen plugin knows no
/// size hints and says so at every window that has some; nor can its popups be raised or take the
/// keyboard to themselves.
bool is_of_the_platform(const QString& message) {
  return message == QLatin1String("This plugin does not support propagateSizeHints()") ||
         message == QLatin1String("This plugin does not support raise()") ||
         message == QLatin1String("This plugin does not support grabbing the keyboard");
}

void fail_the_test(QtMsgType type, const QMessageLogContext& context, const QString& message) {
  if (is_of_the_platform(message)) return;
  plain_handler(type, context, message);
  if (type != QtWarningMsg && type != QtCriticalMsg) return;
  warned = true;
  ADD_FAILURE() << "Qt says: " << message.toStdString();
}

TEST(QtMessages, FailTheTestTheyComeIn) {
  EXPECT_NONFATAL_FAILURE(qWarning("a loose end"), "a loose end");
  EXPECT_NONFATAL_FAILURE(qCritical("worse"), "worse");
  warned = false;
}

}  // namespace

int main(int argc, char** argv) {
  if (qEnvironmentVariableIsEmpty("DISPLAY")) qputenv("QT_QPA_PLATFORM", "offscreen");
  const QTemporaryDir own;  // settings, cache and sockets: not the user's
  for (const char* folder : {"XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"})
    qputenv(folder, own.path().toLocal8Bit());
  ::testing::InitGoogleTest(&argc, argv);
  plain_handler = qInstallMessageHandler(fail_the_test);
  int result = 0;
  {
    QApplication application(argc, argv);
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    result = RUN_ALL_TESTS();
  }
  return warned ? 1 : result;
}
