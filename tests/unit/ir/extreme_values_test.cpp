// Numbers at the ends of int64 in what shape inference computes; run under the sanitizers, too.
#include <gtest/gtest.h>

#include <string>

#include "engine/ir/parser.h"
#include "engine/ir/shape_inference.h"

namespace kasuri::test {
namespace {

/// The type of %y, a tensor of the extents computed in the lines.
std::string type_of(const std::string& lines) {
  auto graph = parse_graph("graph \"graph\" {\n  opset \"\" 20\n" + lines +
                           "  %y = ConstantOfShape(%extents)\n  output \"y\" = %y\n}\n");
  if (!graph.ok()) return "error: " + graph.error().text();
  const auto inferred = infer_graph(std::move(graph).value());
  if (!inferred.ok()) return "error: " + inferred.error().text();
  return inferred->value(inferred->outputs()[0].value).type.text();
}

/// Some of the four values of a Range from 2 by the longest step, as extents.
std::string extents_from_range(const std::string& chosen) {
  return type_of(
      "  input %limit : int64[]\n"
      "  const %start = int64[] {2}\n"
      "  const %step = int64[] {9223372036854775807}\n"
      "  const %chosen = int64[1] {" +
      chosen +
      "}\n"
      "  %range = Range(%start, %limit, %step) : int64[4]\n"
      "  %extents = Gather(%range, %chosen)\n");
}

TEST(ExtremeValues, ARangeWrapsAsItsKernelDoes) {
  EXPECT_EQ(extents_from_range("0"), "float32[2]");
  EXPECT_EQ(extents_from_range("2"), "float32[0]");  // 2 + 2 * (2^63 - 1) = 2^64
}

std::string extents_from_slice(const std::string& start, const std::string& end,
                               const std::string& step) {
  return type_of(
      "  const %data = int64[3] {3, 4, 5}\n"
      "  const %start = int64[1] {" +
      start + "}\n  const %end = int64[1] {" + end + "}\n  const %axes = int64[1] {0}\n" +
      "  const %step = int64[1] {" + step +
      "}\n  %extents = Slice(%data, %start, %end, %axes, %step)\n");
}

TEST(ExtremeValues, StepsOfASliceLongerThanItsExtentTakeOne) {
  const std::string least = "-9223372036854775808", most = "9223372036854775807";
  EXPECT_EQ(extents_from_slice("1", most, most), "float32[4]");
  EXPECT_EQ(extents_from_slice("-1", least, least), "float32[5]");
  EXPECT_EQ(extents_from_slice("0", most, "2"), "float32[3,5]");
  EXPECT_EQ(extents_from_slice("-1", least, "-2"), "float32[5,3]");
}

}  // namespace
}  // namespace kasuri::test
