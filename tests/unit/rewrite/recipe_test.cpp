#include "engine/rewrite/recipe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/rewrite/fixture.h"

namespace kasuri::testing {
namespace {

using ::testing::HasSubstr;

struct Answers {
  explicit Answers(const std::string& spec) : passes(small_catalogue()) {
    auto parsed = Recipe::parse(spec, passes);
    EXPECT_TRUE(parsed.ok()) << (parsed.ok() ? "" : parsed.error().text());
    if (parsed.ok()) recipe = *parsed;
  }
  bool rule(size_t pass, size_t rule) const {
    return recipe.allows(passes[pass], *passes[pass].rules[rule]);
  }
  bool site(const std::string& site) const {
    return recipe.allows(passes[0], *passes[0].rules[0], site);
  }
  PassList passes;
  Recipe recipe;
};

TEST(Recipe, Bases) {
  EXPECT_FALSE(Answers("none").rule(0, 0));
  EXPECT_TRUE(Answers("default").rule(0, 0));
  EXPECT_FALSE(Answers("default").rule(0, 1)) << "off by default";
  EXPECT_TRUE(Answers("all").rule(0, 1));
  EXPECT_FALSE(Answers("all").rule(1, 0)) << "approximate rules are asked for by name";
  EXPECT_TRUE(Answers("all,+loose").rule(1, 0));
}

TEST(Recipe, TheLastWordWins) {
  EXPECT_FALSE(Answers("default,-tidy").rule(0, 0));
  EXPECT_TRUE(Answers("default,-tidy,+RemoveNeg").rule(0, 0));
  EXPECT_FALSE(Answers("default,+RemoveNeg,-tidy").rule(0, 0));
  EXPECT_TRUE(Answers("-RemoveNeg,+RemoveAbs").rule(0, 1)) << "switches alone start from default";
  EXPECT_TRUE(Answers("tidy").rule(0, 0)) << "a bare name starts from none";
  EXPECT_FALSE(Answers("RemoveAbs").rule(0, 0));
}

TEST(Recipe, SingleSites) {
  const Answers off("default,-RemoveNeg@n1");
  EXPECT_TRUE(off.rule(0, 0));
  EXPECT_FALSE(off.site("RemoveNeg@n1"));
  EXPECT_TRUE(off.site("RemoveNeg@n2"));
  const Answers on("none,+RemoveNeg@n1");
  EXPECT_TRUE(on.rule(0, 0)) << "the rule must match to find its site";
  EXPECT_TRUE(on.site("RemoveNeg@n1"));
  EXPECT_FALSE(on.site("RemoveNeg@n2"));
  EXPECT_FALSE(Answers("default,-RemoveNeg@a\\,b").site("RemoveNeg@a,b"));
}

TEST(Recipe, TextRoundTrips) {
  for (const std::string spec : {"none", "default,-tidy,+loose", "all,-RemoveNeg@a\\,b\\\\c"}) {
    const Answers a(spec);
    EXPECT_EQ(a.recipe.text(), spec);
    EXPECT_EQ(Recipe::parse(a.recipe.text(), a.passes)->toggles(), a.recipe.toggles());
  }
}

TEST(Recipe, UnknownNamesListNearMatches) {
  const PassList passes = small_catalogue();
  EXPECT_THAT(Recipe::parse("default,-RemoveNag", passes).error().text(),
              HasSubstr("did you mean 'RemoveNeg'"));
  EXPECT_THAT(Recipe::parse("default,-tydi", passes).error().text(), HasSubstr("'tidy'"));
  EXPECT_THAT(Recipe::parse("zzzzzzzzzzzz", passes).error().text(),
              HasSubstr("there is no pass or rule"));
  EXPECT_THAT(Recipe::parse("+tidy,default", passes).error().text(), HasSubstr("must stand first"));
  EXPECT_THAT(Recipe::parse("default,,", passes).error().text(), HasSubstr("empty name"));
  EXPECT_FALSE(Recipe::parse("default,+tidy@x", passes).ok()) << "passes have no sites";
}

TEST(Recipe, WhatAlwaysRunsCannotBeLeftOut) {
  PassList passes = small_catalogue();
  passes[0].always_on = true;
  EXPECT_THAT(Recipe::parse("default,-tidy", passes).error().text(),
              HasSubstr("part of every run"));
  EXPECT_TRUE(Recipe::none().allows(passes[0], *passes[0].rules[1]));
}

}  // namespace
}  // namespace kasuri::testing
