// The early-exit dock: certified thresholds, the slider over the histogram, undo, export, drift.
#include <QAction>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <QUndoStack>
#include <numeric>
#include <random>

#include "app/charts/exit_histogram.h"
#include "app/panels/early_exit_panel.h"
#include "app/panels/list_table.h"
#include "tests/gui/window_fixture.h"
#include "tests/support/two_exits.h"

namespace kasuri::app {
namespace {

class EarlyExitDock : public WindowFixture {
 protected:
  QString write(const char* name, const QByteArray& bytes) {
    QFile file(folder_.filePath(QString::fromLatin1(name)));
    EXPECT_TRUE(file.open(QIODevice::WriteOnly));
    file.write(bytes);
    return file.fileName();
  }
  /// [count, 8] float32 as .npy.
  QString samples(const char* name, int count, double shift) {
    QByteArray head = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                      QByteArray::number(count) + ", 8), }";
    head = head.leftJustified(117) + '\n';
    QByteArray bytes("\x93NUMPY\x01\x00\x76\x00", 10);
    bytes += head;
    std::mt19937 random(7);
    std::normal_distribution<float> normal;
    for (int k = 0; k < count * 8; ++k) {
      const float value = normal(random) + float(shift);
      bytes.append(reinterpret_cast<const char*>(&value), sizeof(value));
    }
    return write(name, bytes);
  }
  bool settled() {
    return wait([&] { return !find<EarlyExitPanel>()->running(); }, kMeasureMs);
  }
  static double sum(const QVector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0);
  }

  QTemporaryDir folder_;
};

TEST_F(EarlyExitDock, CertifiesExploresUndoesAndExports) {
  open(write("two.ktxt", test::kTwoExits));
  ASSERT_TRUE(described());
  raise("earlyExitDock");
  auto* panel = find<EarlyExitPanel>();
  auto* certify = find<QPushButton>("certifyExits");
  EXPECT_FALSE(certify->isEnabled()) << "there is no data yet";
  find<QLineEdit>("exitData")->setText(samples("x.npy", 2000, 0));
  find<QLineEdit>("exitDrift")->setText(samples("far.npy", 1000, 3));
  certify->click();
  EXPECT_TRUE(panel->running());
  ASSERT_TRUE(settled());
  ASSERT_TRUE(panel->info()) << find<QLabel>("exitFacts")->text().toStdString();
  const ExitInfo& info = *panel->info();
  EXPECT_TRUE(info.certified);
  auto* chart = find<ExitHistogram>();
  auto* slider = find<QSlider>("exitSlider");
  auto* table = find<ListTable>("exitTable");
  const auto place = [&] { return find<QLabel>("exitPlace")->text(); };
  EXPECT_EQ(table->rowCount(), 2);
  EXPECT_EQ(slider->value(), info.chosen);
  EXPECT_NEAR(sum(chart->shown()), 1, 1e-9);
  EXPECT_GT(chart->shown().first(), 0) << "something leaves early";
  EXPECT_TRUE(place().contains(QStringLiteral("✓ Certified"))) << place().toStdString();
  const QString facts = find<QLabel>("exitFacts")->text();
  for (const char* part :
       {"x.npy", "the speed of the full model", "worst", "× Drift: from sample", "(limit 1"})
    EXPECT_TRUE(facts.contains(QString::fromUtf8(part))) << part << ": " << facts.toStdString();
  screenshot(QStringLiteral("early_exit"));

  const double certified = chart->shown().first();
  slider->setValue(slider->maximum());
  EXPECT_GE(chart->shown().first(), certified);
  EXPECT_TRUE(place().contains(QStringLiteral("Not certified"))) << place().toStdString();
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(slider->value(), info.chosen);
  QTest::keyClick(window_.get(), Qt::Key_Z, Qt::ControlModifier);
  EXPECT_EQ(chart->shown(), (QVector<double>{0, 1})) << "the static plan: nothing leaves";
  EXPECT_TRUE(place().contains(QStringLiteral("Static plan")));

  window_->document().undoStack()->redo();
  const QString onnx = folder_.filePath(QStringLiteral("exits.onnx"));
  panel->exportTo(onnx);
  ASSERT_TRUE(settled());
  EXPECT_GT(QFile(onnx).size(), 0);
  panel->measureHere();
  ASSERT_TRUE(settled());
  EXPECT_EQ(panel->info()->policy, QStringLiteral("given"));
}

TEST_F(EarlyExitDock, SaysWhatIsWrong) {
  open(sample());
  ASSERT_TRUE(described());
  raise("earlyExitDock");
  find<QLineEdit>("exitData")->setText(samples("x.npy", 50, 0));
  auto* panel = find<EarlyExitPanel>();
  panel->start();
  ASSERT_TRUE(settled());
  EXPECT_FALSE(panel->info());
  bool told = false;
  for (const QLabel* label : panel->findChildren<QLabel*>())
    told = told || label->text().contains(QStringLiteral("no exit heads"));
  EXPECT_TRUE(told) << "the error stands in the panel";
}

}  // namespace
}  // namespace kasuri::app
