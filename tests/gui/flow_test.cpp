// What the user does in one go: by keyboard alone, without ever waiting for the window, cancelling
// at any moment.
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QElapsedTimer>
#include <QFile>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QRandomGenerator>
#include <QTemporaryDir>
#include <QTest>
#include <QTimer>
#include <QTreeView>

#include <algorithm>
#include <memory>

#include "app/models/pass_tree_model.h"
#include "app/panels/verdict_header.h"
#include "tests/gui/watchdog.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using Flow = WindowFixture;

/// Types a path into the file dialog that the next key opens; the dialog lists folders in the
/// background and may take Return only a little later.
void answerFileDialog(const QString& path) {
  auto* timer = new QTimer(qApp);
  auto answered = std::make_shared<bool>(false), busy = std::make_shared<bool>(false);
  QObject::connect(timer, &QTimer::timeout, timer, [=] {
    auto* dialog = qobject_cast<QFileDialog*>(QApplication::activeModalWidget());
    if (*busy || (dialog == nullptr && !*answered)) return;
    if (dialog == nullptr) return timer->deleteLater();
    *busy = *answered = true;
    auto* line = dialog->findChild<QLineEdit*>(QStringLiteral("fileNameEdit"));
    line->setCompleter(nullptr);
    line->selectAll();
    QTest::keyClicks(line, path);
    QTest::keyClick(line, Qt::Key_Return);
    *busy = false;
  });
  timer->start(100);
}

void press(QWidget* widget, int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) {
  QTest::keyClick(widget, Qt::Key(key), modifiers);
}

TEST_F(Flow, ByKeyboardAlone) {
  const QTemporaryDir folder;
  answerFileDialog(sample());
  press(window_.get(), Qt::Key_O, Qt::ControlModifier);
  ASSERT_TRUE(described()) << state().message.toStdString();
  window_->activateWindow();  // a window manager gives the focus back after a dialog
  ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  press(window_.get(), Qt::Key_1, Qt::ControlModifier);
  auto* tree = find<QTreeView>("passTree");
  ASSERT_TRUE(wait([&] { return tree->hasFocus(); }, 2000))
      << (QApplication::focusWidget() ? QApplication::focusWidget()->metaObject()->className()
                                      : "nothing has the focus")
      << ", active " << window_->isActiveWindow();
  press(tree, Qt::Key_Home);
  for (int i = 0; i < 20 && tree->currentIndex().data().toString() != QStringLiteral("fuse"); ++i)
    press(tree, Qt::Key_Down);
  ASSERT_EQ(tree->currentIndex().data().toString(), QStringLiteral("fuse"));
  press(tree, Qt::Key_Space);
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default,-fuse"));
  ASSERT_TRUE(described());
  press(window_.get(), Qt::Key_F5, Qt::ShiftModifier);
  ASSERT_EQ(state().phase, Phase::Measuring);
  ASSERT_TRUE(wait([&] { return !state().working(); }, kMeasureMs));
  ASSERT_EQ(state().phase, Phase::Measured) << state().message.toStdString();
  const QString told = find<VerdictHeader>()->accessibleDescription();
  EXPECT_TRUE(told.contains(QStringLiteral("Latency"))) << told.toStdString();
  EXPECT_TRUE(told.contains(QStringLiteral("→"))) << told.toStdString();
  EXPECT_TRUE(told.contains(QChar('%'))) << told.toStdString();
  const QString report = folder.filePath(QStringLiteral("report.html"));
  answerFileDialog(report);
  press(window_.get(), Qt::Key_R, Qt::ControlModifier);
  auto* fields = find<QDialog>("reportDialog");
  ASSERT_TRUE(wait([&] { return fields->isVisible(); }, 2000));
  press(fields, Qt::Key_Return);
  EXPECT_TRUE(wait([&] { return QFile::exists(report); }));
  window_->activateWindow();
  ASSERT_TRUE(QTest::qWaitForWindowActive(window_.get()));
  press(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(window_->document().recipe(), QStringLiteral("default"));
}

TEST_F(Flow, MenusHaveTheKeysOfTheDesign) {
  QSet<QString> keys;
  for (const QAction* action : window_->actions()) {
    EXPECT_FALSE(action->shortcut().isEmpty()) << action->text().toStdString();
    const QString key = action->shortcut().toString(QKeySequence::PortableText);
    EXPECT_FALSE(keys.contains(key)) << "two actions have " << key.toStdString();
    keys.insert(key);
  }
  for (const char* key : {"Ctrl+O",  "Ctrl+Shift+O", "Ctrl+S",       "Ctrl+Shift+S",
                          "Ctrl+E",  "Ctrl+Shift+E", "Ctrl+Shift+T", "Ctrl+R",
                          "Ctrl+W",  "Ctrl+Q",       "Ctrl+Z",       "Ctrl+Shift+Z",
                          "Ctrl+C",  "Ctrl+Shift+C", "Ctrl+F",       "Ctrl+,",
                          "Ctrl+1",  "Ctrl+2",       "Ctrl+3",       "Ctrl+4",
                          "Ctrl+5",  "Ctrl+6",       "Ctrl+7",       "Ctrl+8",
                          "Ctrl+9",  "Ctrl+0",       "Ctrl++",       "Ctrl+-",
                          "Alt++",   "Alt+-",        "Ctrl+K",       "F1",
                          "F3",      "Shift+F3",     "F5",           "Shift+F5",
                          "Ctrl+F5", "F6",           "F7",           "F8",
                          "F11",     "Esc",          "Alt+Left",     "Alt+Right",
                          "Alt+1",   "Alt+2",        "Alt+3",        "Alt+4",
                          "?",       "Ctrl+Shift+X", "Ctrl+Alt+I"})
    EXPECT_TRUE(keys.contains(QString::fromLatin1(key))) << key;
}

TEST_F(Flow, MeasuringNeverBlocksTheWindow) {
  open(sample());
  ASSERT_TRUE(described());
  QTest::qWait(300);
  const LongestTurn turn = longestTurnOf(
      [&] {
        window_->document().measure(MeasureKind::Quick);
        ASSERT_TRUE(wait([&] { return !state().working(); }, kMeasureMs));
        ASSERT_EQ(state().phase, Phase::Measured) << state().message.toStdString();
        ASSERT_TRUE(wait([&] { return state().after->profile.has_value(); }));
        QTest::qWait(100);
      },
      50);
  EXPECT_GT(turn.turns, 50);
  EXPECT_LE(turn.work, 50) << "ms of work without a turn of the event loop";
  EXPECT_LE(turn.wait, 500) << "ms without a turn: it waits for something";
  RecordProperty("worst_work_us", int(turn.work * 1000));
}

/// Starts something, cancels it after a while, and looks at what is left.
class Cancelling : public Flow {
 protected:
  void settled(const char* what, int after) {
    QElapsedTimer clock;
    clock.start();
    window_->document().cancel();
    const bool answered = wait([&] { return !state().working(); }, 5000);
    EXPECT_TRUE(answered) << what;
    EXPECT_LE(clock.elapsed(), 1000) << what << " cancelled after " << after << " ms";
    EXPECT_TRUE(wait([] { return childrenWith("compare").isEmpty(); }, 1500)) << what;
  }
};

TEST_F(Cancelling, AtFiftyRandomMoments) {
  QRandomGenerator random(7);
  for (int i = 0; i < 17; ++i) {
    const int after = int(random.bounded(120));
    window_->openModel(sample());
    QTest::qWait(after);
    settled("open", after);
    EXPECT_TRUE(state().phase == Phase::Empty || state().model != nullptr);
  }
  open(sample());
  ASSERT_TRUE(described());
  for (int i = 0; i < 17; ++i) {
    const int after = int(random.bounded(60));
    window_->document().toggle(QStringLiteral("fuse"), i % 2 != 0);
    QTest::qWait(after);
    settled("optimise", after);
    EXPECT_TRUE(state().before && state().after);
  }
  for (int i = 0; i < 16; ++i) {
    const int after = int(random.bounded(700));
    window_->document().measure(MeasureKind::Quick);
    QTest::qWait(after);
    settled("measure", after);
    EXPECT_NE(state().phase, Phase::Failed) << state().message.toStdString();
  }
  // Everything still works, with one worker and no more.
  window_->document().setRecipe(QStringLiteral("plain"), RecipeState{});
  window_->document().toggle(QStringLiteral("layout"), false);
  ASSERT_TRUE(described()) << state().message.toStdString();
  measureQuickly();
  EXPECT_TRUE(wait([] { return childrenWith("worker").size() <= 1; }, 3000));
  window_.reset();
  EXPECT_TRUE(wait([] { return childrenWith("worker").isEmpty(); }, 3000));
}

}  // namespace
}  // namespace kasuri::app
