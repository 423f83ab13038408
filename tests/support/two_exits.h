#pragma once

namespace kasuri::test {

/// Two classes by the sign of a sum; the first head sees half of what the second one adds up.
inline constexpr const char* kTwoExits = R"(
graph "two_exits" {
  opset "" 18
  input %x : float32["batch",8]
  const %w1 = float32[8,2] {0.4,-0.4, 0.4,-0.4, 0.4,-0.4, 0.4,-0.4, 0,0, 0,0, 0,0, 0,0}
  const %w2 = float32[8,8] range 0.1 0.1
  const %w3 = float32[8,2] {40,-40, 40,-40, 40,-40, 40,-40, 40,-40, 40,-40, 40,-40, 40,-40}
  const %one = float32[] {1}
  %t = Mul(%x, %one)
  %early = MatMul(%t, %w1)
  %h = MatMul(%t, %w2)
  %g = Tanh(%h)
  %late = MatMul(%g, %w3)
  output "early" = %early
  output "late" = %late
})";

}  // namespace kasuri::test
