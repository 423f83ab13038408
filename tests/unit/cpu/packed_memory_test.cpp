#include "engine/backend/cpu/packed_memory.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <vector>

namespace kasuri::cpu {
namespace {

std::shared_ptr<const std::byte> packed(size_t bytes, int value, size_t odd = SIZE_MAX) {
  auto block = pack_once(bytes, [&](std::byte* to) {
    std::memset(to, value, bytes);
    if (odd < bytes) to[odd] = std::byte{0xff};
    return ok_status();
  });
  EXPECT_TRUE(block.ok());
  return *block;
}

TEST(PackedMemory, EqualContentsAreHeldOnce) {
  for (size_t bytes : {size_t{100}, size_t{70000}, size_t{3} << 20}) {
    const auto one = packed(bytes, 7), same = packed(bytes, 7), other = packed(bytes, 8);
    EXPECT_EQ(one, same);
    EXPECT_NE(one, other);
    EXPECT_NE(one, packed(bytes - 1, 7)) << "a shorter one";
    EXPECT_EQ(reinterpret_cast<uintptr_t>(one.get()) % 64, 0U);
    EXPECT_EQ(reinterpret_cast<uintptr_t>(other.get()) % 64, 0U);
  }
}

TEST(PackedMemory, OneByteBetweenThePlacesLookedAtIsADifference) {
  constexpr size_t kBytes = 1 << 20;
  const auto plain = packed(kBytes, 1), odd = packed(kBytes, 1, 9000);
  EXPECT_NE(plain, odd);
  EXPECT_EQ(plain.get()[9000], std::byte{1});
  EXPECT_EQ(odd.get()[9000], std::byte{0xff});
}

TEST(PackedMemory, IsGivenBackAndNothingIsNull) {
  const std::weak_ptr<const std::byte> gone = packed(size_t{5} << 20, 3);
  EXPECT_TRUE(gone.expired());
  EXPECT_EQ(packed(0, 0), nullptr);
  const auto failed = pack_once(64, [](std::byte*) -> Status { return Error("no such weights"); });
  ASSERT_FALSE(failed.ok());
  EXPECT_EQ(failed.error().text(), "no such weights");
}

}  // namespace
}  // namespace kasuri::cpu
