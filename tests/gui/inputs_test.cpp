// What the models are fed, what stands on a report, and parts of a model on their own.
#include <QCheckBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QLineEdit>
#include <QProcess>
#include <QPushButton>
#include <QSettings>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTemporaryDir>
#include <QTest>

#include "app/panels/list_table.h"
#include "app/session/problems.h"
#include "app/session/report_fields.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

using InputChoices = WindowFixture;
using Reports = WindowFixture;
using Extraction = WindowFixture;

QString readAll(const QString& path) {
  QFile file(path);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void write(const QString& path, const QByteArray& bytes) {
  QFile file(path);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write(bytes);
}

/// A .npy of float32, every element `value`.
QByteArray npy(const QByteArray& shape, int count, float value) {
  QByteArray head = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  while ((head.size() + 11) % 64 != 0) head += ' ';
  head += '\n';
  QByteArray bytes("\x93NUMPY\x01\x00", 8);
  bytes += char(head.size() & 255);
  bytes += char(head.size() >> 8);
  bytes += head;
  for (int i = 0; i < count; ++i)
    bytes += QByteArray(reinterpret_cast<const char*>(&value), sizeof value);
  return bytes;
}

/// Answers of the engine about its problem; only lines of the inputs.
int linesAbout(const DocumentState& state, const QString& word) {
  int lines = 0;
  for (const ProblemInfo& problem : problemsOf(state)) lines += problem.what.contains(word);
  return lines;
}

QString glyphs() {
  const QString source = QString::fromLocal8Bit(qgetenv("KASURI_SOURCE"));
  return qEnvironmentVariable("KASURI_SHARED", source + QStringLiteral("/../shared")) +
         QStringLiteral("/models/trained/glyph_cnn.onnx");
}

TEST_F(InputChoices, AreFedCheckedUndoneAndKept) {
  if (!QFile::exists(glyphs())) GTEST_SKIP() << "shared models are not here";
  const QTemporaryDir folder;
  const QString good = folder.filePath(QStringLiteral("image.npy"));
  const QString bad = folder.filePath(QStringLiteral("bad.npy"));
  write(good, npy("(1, 1, 28, 28)", 784, 0.5F));
  write(bad, npy("(1, 3, 5)", 15, 0.5F));
  open(glyphs());
  ASSERT_TRUE(described());
  raise("inputsDock");
  auto* table = find<ListTable>("inputTable");
  ASSERT_EQ(table->rowCount(), 1);
  EXPECT_EQ(table->item(0, 0)->text(), QStringLiteral("image"));
  EXPECT_EQ(table->item(0, 2)->text(), QStringLiteral("made up"));

  table->setFocus();
  table->setCurrentCell(0, 2);
  QTest::keyClick(table, Qt::Key_F2);
  auto* editor = table->findChild<QLineEdit*>();
  ASSERT_NE(editor, nullptr);
  editor->selectAll();
  QTest::keyClicks(editor, bad);
  QTest::keyClick(editor, Qt::Key_Return);
  ASSERT_TRUE(wait([&] { return !state().inputProblem.isEmpty(); }));
  EXPECT_EQ(linesAbout(state(), QStringLiteral("image")), 1);
  EXPECT_TRUE(state().inputProblem.contains(QStringLiteral("1x3x5")) ||
              state().inputProblem.contains(QStringLiteral("1,3,5")))
      << state().inputProblem.toStdString();
  screenshot(QStringLiteral("inputs"));
  // Measured all the same: still one line, and nothing hangs.
  window_->document().measure(MeasureKind::Quick);
  ASSERT_TRUE(wait([&] { return !state().working(); }));
  EXPECT_EQ(state().phase, Phase::Failed);
  EXPECT_EQ(linesAbout(state(), QStringLiteral("image")), 1);

  window_->document().undoStack()->undo();
  EXPECT_TRUE(state().target.inputs.isEmpty());
  EXPECT_TRUE(state().inputProblem.isEmpty());
  EXPECT_EQ(table->item(0, 2)->text(), QStringLiteral("made up"));

  Target fed = state().target;
  fed.inputs.insert(QStringLiteral("image"), good);
  window_->document().retarget(QStringLiteral("feed"), fed);
  EXPECT_EQ(table->item(0, 2)->text(), good);
  const QString file = folder.filePath(QStringLiteral("a.kasuri"));
  ASSERT_TRUE(window_->keeper().save(file));
  window_->openModel(file);
  ASSERT_TRUE(described());
  EXPECT_EQ(state().target.inputs.value(QStringLiteral("image")), good);
  measureQuickly();
  EXPECT_TRUE(state().comparison->json.contains(good)) << "the file is what was measured with";
  EXPECT_TRUE(state().comparison->command.contains(good));
}

TEST_F(InputChoices, TakeARangeAndGoBackToMadeUp) {
  open(sample());
  ASSERT_TRUE(described());
  raise("inputsDock");
  find<QSpinBox>("inputLow")->setValue(0);
  find<QSpinBox>("inputHigh")->setValue(7);
  QTest::mouseClick(find<QPushButton>("inputRange"), Qt::LeftButton);
  ASSERT_EQ(state().target.inputs.size(), 1);
  EXPECT_EQ(state().target.inputs.first(), QStringLiteral("range:0:7"));
  EXPECT_EQ(inputOptionsOf(state().target).last(),
            state().target.inputs.firstKey() + QStringLiteral("=range:0:7"));
  QTest::mouseClick(find<QPushButton>("inputSeeded"), Qt::LeftButton);
  EXPECT_TRUE(state().target.inputs.isEmpty());
  window_->document().undoStack()->undo();
  EXPECT_EQ(targetFromJson(toJson(state().target)), state().target);
}

TEST_F(Reports, CarryTheFieldsAndForgetTheNames) {
  QSettings(QSettings::IniFormat, QSettings::UserScope, QStringLiteral("kasuri"),
            QStringLiteral("workbench"))
      .remove(QStringLiteral("report"));
  open(sample());
  ASSERT_TRUE(described());
  measureQuickly();
  QTest::keyClick(window_.get(), Qt::Key_R, Qt::ControlModifier);
  auto* dialog = find<QDialog>("reportDialog");
  ASSERT_TRUE(wait([&] { return dialog->isVisible(); }, 2000));
  QTest::keyClicks(find<QLineEdit>("reportClient"), QStringLiteral("Shiroyama Works"));
  find<QLineEdit>("reportApproved")->setText(QStringLiteral("K. Mori"));
  find<QCheckBox>("reportBundle")->setChecked(true);
  screenshot(QStringLiteral("report_fields"), dialog);
  const QImage look = dialog->grab().toImage();
  const auto edge = [&](const QWidget* field) {
    return look.pixel(field->mapTo(dialog, QPoint(0, field->height() / 2)));
  };
  EXPECT_EQ(edge(find<QWidget>("reportRemarks")), edge(find<QWidget>("reportProject")))
      << "one border for all that can be written into";
  auto* write = find<QPushButton>("reportWrite");
  EXPECT_EQ(look.pixel(write->mapTo(dialog, QPoint(6, write->height() / 2))),
            theme_.color(QStringLiteral("accent.fill")).rgb())
      << "the button that does it stands out";
  QTest::keyClick(dialog, Qt::Key_Escape);
  EXPECT_EQ(keptReportFields(), ReportFields()) << "left with Escape";
  ReportFields fields;
  fields.client = QStringLiteral("Shiroyama Works");
  fields.approved = QStringLiteral("K. Mori");
  fields.language = QStringLiteral("ja");
  fields.bundle = true;
  keep(fields);
  EXPECT_EQ(keptReportFields(), fields);

  const QTemporaryDir folder;
  const QString open = folder.filePath(QStringLiteral("open.html"));
  const QString closed = folder.filePath(QStringLiteral("closed.html"));
  QSignalSpy written(&window_->document(), &Document::exported);
  window_->document().exportTo(ExportKind::Report, open, fields);
  ASSERT_TRUE(wait([&] { return written.size() == 1; }));
  const QString told = readAll(open);
  for (const char* text : {"Shiroyama Works", "K. Mori", "作成", "確認", "承認", "small_cnn"})
    EXPECT_TRUE(told.contains(QString::fromUtf8(text))) << text;
  for (const char* name :
       {"report.html", "report.json", "sides.csv", "optimized.onnx", "optimized.kplan"})
    EXPECT_TRUE(QFileInfo::exists(bundleOf(open) + QLatin1Char('/') + QLatin1String(name))) << name;
  fields.anonymise = true;
  window_->document().exportTo(ExportKind::Report, closed, fields);
  ASSERT_TRUE(wait([&] { return written.size() == 2; }));
  const QString hidden = readAll(closed);
  EXPECT_TRUE(hidden.contains(QStringLiteral("Shiroyama Works"))) << "what the user wrote stays";
  EXPECT_FALSE(hidden.contains(QStringLiteral("small_cnn")));
  EXPECT_FALSE(QFileInfo::exists(bundleOf(closed) + QStringLiteral("/optimized.onnx")));
  EXPECT_FALSE(readAll(bundleOf(closed) + QStringLiteral("/report.json"))
                   .contains(QStringLiteral("small_cnn")));
}

TEST_F(Extraction, WritesTheSelectionAsAModelThatRuns) {
  open(sample());
  ASSERT_TRUE(described());
  const QTemporaryDir folder;
  const QString path = folder.filePath(QStringLiteral("part.onnx"));
  QSignalSpy written(&window_->document(), &Document::exported);
  QSignalSpy problems(&window_->document(), &Document::problem);
  window_->document().extract({}, path);
  EXPECT_EQ(problems.size(), 1) << "nothing selected";
  const QVector<OperatorInfo>& all = state().model->operators;
  ASSERT_GE(all.size(), 4);
  window_->document().extract({all[1].name, all[2].name}, path);
  ASSERT_TRUE(wait([&] { return written.size() + problems.size() == 2; }));
  ASSERT_EQ(written.size(), 1) << problems.last().first().toString().toStdString();
  EXPECT_FALSE(QDir(path + QStringLiteral(".inputs")).isEmpty());
  QProcess inspect;
  inspect.start(program(), {QStringLiteral("inspect"), path, QStringLiteral("--json")});
  ASSERT_TRUE(inspect.waitForFinished(20000));
  EXPECT_EQ(inspect.exitCode(), 0) << inspect.readAllStandardError().toStdString();
  window_->openModel(path);
  ASSERT_TRUE(wait([&] { return state().after && state().model->path == path; }));
  EXPECT_EQ(state().model->operators.size(), 2);
}

}  // namespace
}  // namespace kasuri::app
