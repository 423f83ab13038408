#include "profiling/build_identity.h"

#include <elf.h>
#include <fmt/format.h>
#include <link.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "engine/base/fingerprint.h"
#include "engine/base/mapped_file.h"

namespace kasuri::profiling {
namespace {

constexpr size_t padded(size_t bytes) { return (bytes + 3) / 4 * 4; }

/// The identity among the notes of one segment; empty if there is none.
std::string identity_in(std::span<const std::byte> notes) {
  while (notes.size() >= sizeof(ElfW(Nhdr))) {
    ElfW(Nhdr) head;
    memcpy(&head, notes.data(), sizeof head);
    const size_t begin = sizeof head + padded(head.n_namesz), end = begin + padded(head.n_descsz);
    if (end > notes.size()) return "";
    if (head.n_type == NT_GNU_BUILD_ID && head.n_namesz == sizeof ELF_NOTE_GNU &&
        memcmp(notes.data() + sizeof head, ELF_NOTE_GNU, sizeof ELF_NOTE_GNU) == 0) {
      std::string text;
      for (std::byte b : notes.subspan(begin, head.n_descsz))
        text += fmt::format("{:02x}", static_cast<unsigned>(b));
      return text;
    }
    notes = notes.subspan(end);
  }
  return "";
}

/// The first object told about is the program itself.
int look_at(dl_phdr_info* object, size_t, void* found) {
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    const ElfW(Phdr)& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_NOTE) continue;
    const auto* begin = reinterpret_cast<const std::byte*>(object->dlpi_addr + segment.p_vaddr);
    const std::string identity = identity_in({begin, segment.p_memsz});
    if (!identity.empty()) *static_cast<std::string*>(found) = identity;
  }
  return 1;
}

std::string find_identity() {
  std::string found;
  dl_iterate_phdr(look_at, &found);
  if (!found.empty()) return found;
  const auto file = MappedFile::open("/proc/self/exe");
  return file.ok() ? fingerprint_of((*file)->bytes()).hex() : "";
}

}  // namespace

const std::string& build_identity() {
  static const std::string identity = find_identity();
  return identity;
}

}  // namespace kasuri::profiling
