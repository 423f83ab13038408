// Recipes as text: read as the command line reads them, from the box of the passes and from files.
#include <QComboBox>
#include <QSignalSpy>

#include "app/panels/passes_panel.h"
#include "app/session/recipe_text.h"
#include "tests/gui/window_fixture.h"

namespace kasuri::app {
namespace {

QVector<PassInfo> somePasses() {
  QVector<PassInfo> passes(3);
  passes[0].name = QStringLiteral("fuse");
  passes[0].rules = {{QStringLiteral("FuseA"), {}, {}, {}}, {QStringLiteral("FuseB"), {}, {}, {}}};
  passes[1].name = QStringLiteral("bf16");
  passes[1].onByDefault = false;
  passes[2].name = QStringLiteral("fold");
  passes[2].alwaysOn = true;
  return passes;
}

QString spec(const QString& text) {
  QString error;
  const auto recipe = recipeFromText(text, somePasses(), error);
  return recipe ? specOf(*recipe) : error;
}

TEST(RecipeText, IsReadAsTheCommandLineReadsIt) {
  EXPECT_EQ(spec(QStringLiteral("default")), QStringLiteral("default"));
  EXPECT_EQ(spec(QStringLiteral("none")), QStringLiteral("default,-fuse"));
  EXPECT_EQ(spec(QStringLiteral("all")), QStringLiteral("default,+bf16"));
  EXPECT_EQ(spec(QStringLiteral("# as of May\ndefault,\n-FuseA # slow\n+bf16\n")),
            QStringLiteral("default,+bf16,-FuseA"));
  EXPECT_EQ(spec(QStringLiteral("bf16")), QStringLiteral("default,+bf16,-fuse"));
  EXPECT_EQ(spec(QStringLiteral("none,+FuseB")), QStringLiteral("default,-FuseA"))
      << "of a pass that is off, one rule";
  EXPECT_EQ(spec(QStringLiteral("default,-fuse,+fuse")), QStringLiteral("default"));
  EXPECT_EQ(spec(QStringLiteral("default,-FuseA@a\\,b")), QStringLiteral("default,-FuseA@a\\,b"))
      << "names with commas come back";
  EXPECT_TRUE(spec(QStringLiteral("default,-nonsense")).contains(QStringLiteral("nonsense")));
  EXPECT_FALSE(spec(QStringLiteral(" \n# nothing\n")).startsWith(QStringLiteral("default")));
}

using RecipeBox = WindowFixture;

TEST_F(RecipeBox, ChangesTheWholeRecipeAsOneStep) {
  open(sample());
  ASSERT_TRUE(described());
  auto* box = find<QComboBox>("recipeBox");
  ASSERT_EQ(box->currentData().toString(), QStringLiteral("default"));
  const qsizetype fused = state().after->steps.size();
  emit box->activated(box->findData(QStringLiteral("none")));
  ASSERT_TRUE(described());
  EXPECT_GT(state().after->steps.size(), fused);
  EXPECT_TRUE(window_->document().recipe().contains(QStringLiteral("-fuse")));
  EXPECT_EQ(box->currentIndex(), -1) << "shows the recipe as it is";
  EXPECT_TRUE(box->placeholderText().contains(QStringLiteral("-fuse")));
  window_->document().undoStack()->undo();
  ASSERT_TRUE(described());
  EXPECT_EQ(state().after->steps.size(), fused);
  EXPECT_EQ(box->currentData().toString(), QStringLiteral("default"));
}

}  // namespace
}  // namespace kasuri::app
