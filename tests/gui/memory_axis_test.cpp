// The axes, orders and colours of the memory timeline.
#include <QComboBox>
#include <QSettings>
#include <QStandardItemModel>
#include <QTableWidget>
#include <QTest>
#include <algorithm>
#include <cmath>

#include "app/charts/memory_timeline.h"
#include "app/panels/group_paths.h"
#include "app/panels/live_set_list.h"
#include "app/panels/memory_panel.h"
#include "tests/gui/decoder_model.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

/// Step k performs operator "op<k>" and takes `ms[k]`, where that is not negative.
std::shared_ptr<PlanInfo> planOf(const QVector<double>& ms) {
  auto plan = std::make_shared<PlanInfo>();
  for (int k = 0; k < ms.size(); ++k) {
    StepInfo step;
    step.name = step.title = QStringLiteral("step%1").arg(k);
    step.sources = QStringList{QStringLiteral("op%1").arg(k)};
    step.outputs = {k};
    if (ms[k] >= 0) step.medianMs = ms[k];
    plan->steps.append(step);
    plan->memory.liveBytes.append(100 * (k + 1));
  }
  plan->memory.arenaBytes = 100 * ms.size();
  return plan;
}

void addTensor(PlanInfo& plan, const char* name, qint64 bytes, int first, int last) {
  BufferInfo tensor;
  tensor.name = QString::fromLatin1(name);
  tensor.kind = QStringLiteral("arena");
  tensor.bytes = bytes;
  tensor.firstStep = first;
  tensor.lastStep = last;
  plan.buffers.append(tensor);
}

TEST(MemoryAxis, StepsAndTimesAreOneScaleForBothVersions) {
  const auto before = planOf({1, 2, 3, 4}), after = planOf({5, 15});
  const auto steps = MemoryScene::of(before, after, MemoryAxis::Step);
  EXPECT_EQ(steps.axis, MemoryAxis::Step);
  EXPECT_DOUBLE_EQ(steps.length, 4);
  EXPECT_EQ(steps.after.ends, (QVector<double>{0.25, 0.5}));
  EXPECT_EQ(steps.after.runningAt(0.4), 1);
  EXPECT_EQ(steps.after.runningAt(0.6), -1) << "it is over";
  EXPECT_EQ(steps.before.runningAt(0.6), 2);
  const auto times = MemoryScene::of(before, after, MemoryAxis::Measured);
  EXPECT_DOUBLE_EQ(times.length, 20);
  EXPECT_EQ(times.before.ends, (QVector<double>{0.05, 0.15, 0.3, 0.5}));
  EXPECT_EQ(times.after.ends, (QVector<double>{0.25, 1.0}));
  // Where only the version in front is drawn, the axis is its own.
  const auto alone = MemoryScene::of(before, after, MemoryAxis::Step, false);
  EXPECT_DOUBLE_EQ(alone.length, 2);
  EXPECT_DOUBLE_EQ(alone.after.ends.last(), 1);
}

TEST(MemoryAxis, TimesThatWereNotMeasuredAreNotInvented) {
  const auto scene = MemoryScene::of(planOf({1, 2}), planOf({1, -1}), MemoryAxis::Measured);
  EXPECT_EQ(scene.axis, MemoryAxis::Source);
  EXPECT_TRUE(isTimed(*planOf({1, 2})));
  EXPECT_FALSE(isTimed(*planOf({1, -1})));
}

TEST(MemoryAxis, GroupsAreNamedAsDeepAsTheyHaveRoom) {
  const auto plan = planOf({1, 1, 1, 1, 1, 1});
  const auto scene = MemoryScene::of(plan, nullptr);
  GroupPaths groups;
  const char* const kBlocks[] = {"layer.0", "layer.0", "layer.1", "layer.1"};
  for (int k = 0; k < 4; ++k)
    groups.insert(QStringLiteral("op%1").arg(k + 1),
                  {QStringLiteral("encoder"), QString::fromLatin1(kBlocks[k])});
  groups.insert(QStringLiteral("op5"), {QStringLiteral("head")});
  const auto all = groupMarks(scene.before, groups, {}, 5);
  ASSERT_EQ(all.size(), 3);
  EXPECT_EQ(all[0].name, QStringLiteral("layer.0"));
  EXPECT_DOUBLE_EQ(all[0].at, 1.0 / 6) << "op0 stands in no group";
  EXPECT_EQ(all[1].name, QStringLiteral("layer.1"));
  EXPECT_EQ(all[2].name, QStringLiteral("head"));
  // What stands between blocks goes with the one before it.
  GroupPaths between = groups;
  between.insert(QStringLiteral("op2"), {QStringLiteral("encoder")});
  EXPECT_EQ(groupMarks(scene.before, between, {}, 5), all);
  const auto few = groupMarks(scene.before, groups, {}, 2);
  ASSERT_EQ(few.size(), 2);
  EXPECT_EQ(few[0].name, QStringLiteral("encoder"));
  const auto zoomed = groupMarks(scene.before, groups, {0.4, 0.9}, 5);
  ASSERT_EQ(zoomed.size(), 3);
  EXPECT_EQ(zoomed[0].name, QStringLiteral("layer.0"));
  EXPECT_DOUBLE_EQ(zoomed[0].at, 0.4) << "begins where the part shown begins";
}

TEST(MemoryAxis, NumbersAreRound) {
  QStringList names;
  for (const AxisMark& mark : numberMarks(87, {}, 8)) names << mark.name;
  EXPECT_EQ(names, (QStringList{"0", "20", "40", "60", "80"}));
  const auto fine = numberMarks(1.0, {0.5, 0.6}, 5);
  ASSERT_GE(fine.size(), 5);
  EXPECT_EQ(fine.first().name, QStringLiteral("0.50"));
  EXPECT_NEAR(fine[1].at - fine[0].at, 0.02, 1e-9);
}

TEST(MemoryAxis, TheGroupsOfADecoderAreItsBlocks) {
  const ModelInfo model = tests::decoder_model(6, 20);
  const GroupPaths groups = groupPathsOf(model);
  QSet<QString> blocks;
  for (const QStringList& path : groups) blocks.insert(path.join(QLatin1Char('/')));
  EXPECT_GE(blocks.size(), 6) << "a block is named by itself, not by its run";
}

TEST(MemoryAxis, LifetimesHaveThreeOrders) {
  auto plan = planOf({1, 1, 1, 1});
  addTensor(*plan, "early", 10, 0, 1);
  addTensor(*plan, "large", 90, 1, 2);
  addTensor(*plan, "long", 20, 1, 3);
  const auto scene = MemoryScene::of(plan, nullptr);
  MemoryFrame frame{QRectF(0, 0, 100, 100), 100, {}, {}};
  const auto names = [&](LifetimeOrder order) {
    frame.options.order = order;
    QStringList list;
    for (const BufferInfo* tensor : lifetimeRows(frame, scene)) list << tensor->name;
    return list;
  };
  EXPECT_EQ(names(LifetimeOrder::Birth), (QStringList{"early", "large", "long"}));
  EXPECT_EQ(names(LifetimeOrder::Size), (QStringList{"large", "long", "early"}));
  EXPECT_EQ(names(LifetimeOrder::Length), (QStringList{"long", "early", "large"}));
}

TEST(MemoryAxis, CopiesAreAClassOfTheirOwn) {
  auto plan = planOf({1, 1});
  plan->steps[1].movesOnly = true;
  addTensor(*plan, "made", 10, 0, 1);
  addTensor(*plan, "moved", 10, 1, 1);
  const auto scene = MemoryScene::of(plan, nullptr);
  EXPECT_EQ(scene.before.classOf(plan->buffers[0]), MemoryClass::Activation);
  EXPECT_EQ(scene.before.classOf(plan->buffers[1]), MemoryClass::Copy);
}

TEST(MemoryAxis, SpaceThatIsUsedAgainIsKnown) {
  auto plan = planOf({1, 1, 1, 1});
  addTensor(*plan, "first", 10, 0, 1);
  addTensor(*plan, "beside", 10, 0, 3);
  addTensor(*plan, "again", 5, 2, 3);
  addTensor(*plan, "above", 10, 2, 3);
  addTensor(*plan, "over two", 20, 3, 3);
  const qint64 offsets[] = {0, 10, 2, 20, 15};
  for (int k = 0; k < 5; ++k) plan->buffers[k].offset = offsets[k];
  QStringList names;
  for (const BufferInfo* tensor : tensorsByBirth(*plan))
    if (inReusedSpace(*plan).contains(tensor)) names << tensor->name;
  EXPECT_EQ(names, (QStringList{"again", "over two"}));
}

class MemoryChoices : public WindowFixture {};

TEST_F(MemoryChoices, AreDrawnKeptAndNeverInvented) {
  open(sample());
  ASSERT_TRUE(described());
  raise("memoryDock");
  auto* chart = find<MemoryTimeline>();
  auto *axis = find<QComboBox>("memoryAxis"), *order = find<QComboBox>("lifetimeOrder"),
       *colors = find<QComboBox>("memoryColors");
  ASSERT_NE(axis, nullptr);
  EXPECT_FALSE(colors->isVisible()) << "lines have no classes";
  chart->setMode(MemoryMode::Stacked);
  EXPECT_TRUE(colors->isVisible());
  EXPECT_FALSE(order->isVisible());
  const QImage classes = chart->grab().toImage();
  colors->setCurrentIndex(1);
  EXPECT_NE(chart->grab().toImage(), classes) << "seven tensors look different";
  screenshot(QStringLiteral("memory_seven"));
  colors->setCurrentIndex(0);
  EXPECT_EQ(chart->grab().toImage(), classes);
  // The layers of a step are what lives then, to the byte: the sum of the list beside it.
  auto* list = find<LiveSetList>();
  EXPECT_EQ(list->item(list->rowCount() - 1, 3)->toolTip(),
            QStringLiteral("%1 bytes").arg(state().after->memory.liveBytes[chart->cursorStep()]));

  chart->setMode(MemoryMode::Lifetimes);
  EXPECT_TRUE(order->isVisible());
  const QImage byBirth = chart->grab().toImage();
  order->setCurrentIndex(1);
  EXPECT_NE(chart->grab().toImage(), byBirth);
  screenshot(QStringLiteral("memory_by_size"));

  auto* items = qobject_cast<QStandardItemModel*>(axis->model());
  EXPECT_FALSE(items->item(2)->isEnabled()) << "no times yet";
  const int step = chart->cursorStep();
  axis->setCurrentIndex(1);
  EXPECT_EQ(chart->scene().axis, MemoryAxis::Step);
  EXPECT_EQ(chart->cursorStep(), step) << "the cursor stays";
  screenshot(QStringLiteral("memory_by_step"));
  window_->document().measure(MeasureKind::Profile);
  ASSERT_TRUE(wait([&] { return items->item(2)->isEnabled(); }, kMeasureMs)) << "F6 measured";
  axis->setCurrentIndex(2);
  EXPECT_EQ(chart->scene().axis, MemoryAxis::Measured);
  const StepInfo& first = chart->scene().after.plan->steps.first();
  EXPECT_NEAR(chart->scene().after.ends.first() * chart->scene().length, *first.medianMs, 1e-9);
  chart->setMode(MemoryMode::Difference);
  screenshot(QStringLiteral("memory_by_ms"));
}

}  // namespace
}  // namespace kasuri::app
