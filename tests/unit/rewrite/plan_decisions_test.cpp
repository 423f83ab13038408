#include "engine/rewrite/plan_decisions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace kasuri {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FormGroup form(std::vector<uint32_t> nodes, std::vector<uint32_t> absorbed = {},
               std::vector<GroupId> replaces = {}) {
  FormGroup f;
  f.group.kind = "g";
  for (uint32_t n : nodes) f.group.nodes.push_back(NodeId(n));
  for (uint32_t n : absorbed) f.group.absorbed.push_back(NodeId(n));
  f.replaces = std::move(replaces);
  return f;
}

TEST(PlanDecisions, GroupsKnowTheirMembersAndAbsorbers) {
  PlanDecisions d;
  ASSERT_TRUE(d.apply(form({1, 2}, {7})).ok());
  ASSERT_TRUE(d.apply(form({3}, {7})).ok());
  EXPECT_EQ(d.group_of(NodeId(2))->id, GroupId(0));
  EXPECT_EQ(d.group_of(NodeId(7)), nullptr) << "absorbed views are not members";
  EXPECT_THAT(d.absorbers_of(NodeId(7)), ElementsAre(GroupId(0), GroupId(1)));
  EXPECT_EQ(d.groups().size(), 2u);
}

TEST(PlanDecisions, AReplacedGroupVanishes) {
  PlanDecisions d;
  ASSERT_TRUE(d.apply(form({1, 2}, {7})).ok());
  ASSERT_TRUE(d.apply(form({1, 2, 3}, {}, {GroupId(0)})).ok());
  EXPECT_EQ(d.find(GroupId(0)), nullptr);
  EXPECT_EQ(d.group_of(NodeId(1))->id, GroupId(1));
  EXPECT_THAT(d.absorbers_of(NodeId(7)), IsEmpty());
  EXPECT_EQ(d.next_group_id(), GroupId(2));
}

TEST(PlanDecisions, RefusesAMemberOfAnotherGroupAndChangesNothing) {
  PlanDecisions d;
  ASSERT_TRUE(d.apply(form({1, 2})).ok());
  EXPECT_FALSE(d.apply(form({2, 3})).ok());
  EXPECT_FALSE(d.apply(form({4}, {}, {GroupId(9)})).ok());
  EXPECT_EQ(d.group_of(NodeId(3)), nullptr);
  EXPECT_EQ(d.groups().size(), 1u);
}

TEST(PlanDecisions, LayoutsPermissionsAndOptions) {
  PlanDecisions d;
  ASSERT_TRUE(d.apply(SetLayout{ValueId(3), {0, 2, 3, 1}}).ok());
  EXPECT_FALSE(d.apply(SetLayout{ValueId(4), {0, 0, 1}}).ok());
  EXPECT_THAT(*d.layout_of(ValueId(3)), ElementsAre(0, 2, 3, 1));
  EXPECT_FALSE(d.layout_of(ValueId(4)).has_value());
  ASSERT_TRUE(d.apply(AllowInPlace{NodeId(1), 1, 0}).ok());
  EXPECT_TRUE(d.may_overwrite(NodeId(1), 1, 0));
  EXPECT_FALSE(d.may_overwrite(NodeId(1), 0, 0));
  ASSERT_TRUE(d.apply(EnableMemory{MemoryOption::kOrderByPeak}).ok());
  EXPECT_TRUE(d.enabled(MemoryOption::kOrderByPeak));
  EXPECT_FALSE(d.enabled(MemoryOption::kAliasViews));
}

TEST(PlanDecisions, EveryDecisionChangesTheFingerprint) {
  Graph graph;
  PlanDecisions d;
  std::set<std::string> seen{d.fingerprint(graph).hex()};
  const std::vector<PlanDecision> decisions{form({1}), SetLayout{ValueId(0), {1, 0}},
                                            AllowInPlace{NodeId(1), 0, 0},
                                            EnableMemory{MemoryOption::kAliasViews}};
  for (const PlanDecision& decision : decisions) {
    ASSERT_TRUE(d.apply(decision).ok());
    EXPECT_TRUE(seen.insert(d.fingerprint(graph).hex()).second);
  }
}

}  // namespace
}  // namespace kasuri
