#include <gtest/gtest.h>

#include <QAccessible>
#include <QImage>
#include <QTest>
#include <algorithm>
#include <memory>
#include <vector>

#include "app/graph/graph_access.h"
#include "app/graph/graph_canvas.h"
#include "tests/gui/decoder_model.h"

// What a screen reader finds in the canvas, and what it is told while the arrows walk.
namespace kasuri::app {
namespace {

/// What the canvas told assistive programs: of which item.
struct Told {
  QAccessible::Event what;
  int item = -1;
};

class GraphAccessTest : public ::testing::Test {
 protected:
  void SetUp() override {
    theme_ = Theme::load(Theme::Appearance::Light);
    content_ = contentOfOperators(tests::decoder_model(2, 20));
    content_.items[4].heat = 1.27;
    content_.items[4].heatText = QStringLiteral("1.27");
    content_.items[4].heatUnit = QStringLiteral("ms");
    canvas_ = std::make_unique<GraphCanvas>(theme_);
    canvas_->resize(900, 700);
    canvas_->show();
    canvas_->activateWindow();
    ASSERT_TRUE(QTest::qWaitForWindowActive(canvas_.get()));
    canvas_->setFocus();
    draw(nothingFolded(content_));
    QObject::connect(canvas_.get(), &GraphCanvas::announced, canvas_.get(),
                     [this](QAccessible::Event what, int item) { told_.push_back({what, item}); });
  }

  void draw(const FoldState& folds) {
    const LayoutPointer layout = layoutNested(content_, folds);
    canvas_->setGeometryData(composeGeometry(content_, *layout));
    canvas_->zoomTo(1);
  }
  QAccessibleInterface* list() { return QAccessible::queryAccessibleInterface(canvas_.get()); }
  const QVector<GraphItem>& items() { return canvas_->graph()->items; }

  Theme theme_;
  GraphContent content_;
  std::unique_ptr<GraphCanvas> canvas_;
  std::vector<Told> told_;
};

TEST_F(GraphAccessTest, EveryItemIsANamedEntryWhereItIsDrawn) {
  QAccessibleInterface* all = list();
  ASSERT_NE(all, nullptr);
  EXPECT_EQ(all->role(), QAccessible::List);
  EXPECT_EQ(all->text(QAccessible::Name), canvas_->accessibleName());
  ASSERT_GE(all->childCount(), items().size());
  const QImage picture = canvas_->grab().toImage();
  int seen = 0;
  for (int i = 0; i < items().size(); ++i) {
    QAccessibleInterface* entry = all->child(i);
    ASSERT_NE(entry, nullptr);
    EXPECT_EQ(entry->role(), QAccessible::ListItem);
    EXPECT_EQ(entry->parent(), all);
    EXPECT_EQ(all->indexOfChild(entry), i);
    EXPECT_EQ(all->child(i), entry) << "made once";
    EXPECT_TRUE(entry->text(QAccessible::Name).startsWith(items()[i].title));
    const QRect shown(canvas_->mapFromGlobal(entry->rect().topLeft()), entry->rect().size());
    EXPECT_EQ(bool(entry->state().offscreen), !canvas_->rect().intersects(shown));
    if (!canvas_->rect().adjusted(10, 10, -160, -140).contains(shown)) continue;
    ++seen;
    // The strip in the colour of the family at its left edge, in the middle of its height.
    EXPECT_EQ(picture.pixelColor(shown.left() + 2, shown.center().y()),
              theme_.color(QStringLiteral("cat%1").arg(int(items()[i].family) + 1)))
        << entry->text(QAccessible::Name).toStdString();
    EXPECT_EQ(all->childAt(entry->rect().center().x(), entry->rect().center().y()), entry);
  }
  EXPECT_GE(seen, 8);
  EXPECT_EQ(all->childAt(-5000, -5000), nullptr);
}

TEST_F(GraphAccessTest, TheFocusFollowsTheArrows) {
  EXPECT_EQ(list()->indexOfChild(list()->focusChild()), -1) << "nothing is selected yet";
  for (const int key : {Qt::Key_Down, Qt::Key_Down, Qt::Key_Down, Qt::Key_Up}) {
    QAccessibleInterface* before = list()->focusChild();
    told_.clear();
    QTest::keyClick(canvas_.get(), Qt::Key(key));
    QAccessibleInterface* focus = list()->focusChild();
    ASSERT_NE(focus, nullptr);
    EXPECT_NE(focus, before);
    const int number = list()->indexOfChild(focus);
    EXPECT_TRUE(focus->state().focused && focus->state().selected && !focus->state().offscreen);
    const auto heard = [&](QAccessible::Event what) {
      return std::count_if(told_.begin(), told_.end(), [&](const Told& event) {
        return event.what == what && event.item == number;
      });
    };
    EXPECT_EQ(heard(QAccessible::Focus), 1);
    EXPECT_GE(heard(QAccessible::Selection), 1);
    int focused = 0;
    for (int i = 0; i < items().size(); ++i) focused += list()->child(i)->state().focused;
    EXPECT_EQ(focused, 1);
  }
  QTest::keyClick(canvas_.get(), Qt::Key_Escape);
  EXPECT_EQ(list()->indexOfChild(list()->focusChild()), -1);
}

TEST_F(GraphAccessTest, PressingAnEntrySelectsItAndTogglingUnfolds) {
  QStringList selected;
  QString unfolded;
  QObject::connect(canvas_.get(), &GraphCanvas::operatorsSelected, canvas_.get(),
                   [&](const QStringList& operators) { selected = operators; });
  QObject::connect(canvas_.get(), &GraphCanvas::foldRequested, canvas_.get(),
                   [&](const QString& path, bool folded) { unfolded = folded ? QString() : path; });
  list()->child(7)->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
  EXPECT_EQ(selected, items()[7].operators);
  EXPECT_EQ(list()->indexOfChild(list()->focusChild()), 7);
  QAccessibleInterface* last = list()->child(int(items().size()) - 1);
  told_.clear();
  FoldState folds;
  for (const ScopeGroup& group : content_.scopes.groups) folds.folded.insert(group.path);
  draw(folds);
  EXPECT_FALSE(last->isValid()) << "the picture has fewer items now";
  EXPECT_TRUE(last->text(QAccessible::Name).isEmpty() && last->rect().isNull());
  EXPECT_TRUE(std::any_of(told_.begin(), told_.end(), [](const Told& event) {
    return event.what == QAccessible::ObjectReorder;
  }));
  const auto group = std::find_if(items().begin(), items().end(),
                                  [](const GraphItem& item) { return item.isGroup; });
  ASSERT_NE(group, items().end());
  QAccessibleInterface* entry = list()->child(int(group - items().begin()));
  EXPECT_TRUE(entry->state().collapsed);
  entry->actionInterface()->doAction(QAccessibleActionInterface::toggleAction());
  EXPECT_EQ(unfolded, group->name);
}

TEST_F(GraphAccessTest, NamesSayWhatThePictureShows) {
  EXPECT_TRUE(list()->child(4)->text(QAccessible::Name).endsWith(QStringLiteral("1.27 ms")));
  const QString neighbours = list()->child(4)->text(QAccessible::Description);
  ASSERT_FALSE(canvas_->graph()->incoming[4].isEmpty());
  const int from = canvas_->graph()->edges[canvas_->graph()->incoming[4].first()].from;
  EXPECT_TRUE(neighbours.contains(items()[from].title)) << neighbours.toStdString();
  GraphItem card;
  card.title = QStringLiteral("Conv + Relu");
  card.isKernel = true;
  card.operators = QStringList{QStringLiteral("a"), QStringLiteral("b")};
  card.change = Change::Fused;
  card.unsupported = QStringLiteral("no kernel");
  EXPECT_EQ(spokenName(card, true),
            QStringLiteral("Conv + Relu, kernel of 2 operators, fused, cannot run: no kernel"));
  EXPECT_EQ(spokenName(card, false),
            QStringLiteral("Conv + Relu, kernel of 2 operators, cannot run: no kernel"));
  canvas_->setMessage(QStringLiteral("Planning…"));
  EXPECT_EQ(list()->text(QAccessible::Description), QStringLiteral("Planning…"));
  EXPECT_EQ(list()->child(4), nullptr);
}

}  // namespace
}  // namespace kasuri::app
