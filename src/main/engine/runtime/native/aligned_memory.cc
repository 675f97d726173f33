// Gives TensorFlow its large blocks straight from the kernel, so that training works inside Electron.
//
// Every process of Electron has Chromium's malloc, which ends the process when a single block gets too large: 2 GiB
// through malloc, and 1 GiB was seen to be enough through posix_memalign. TensorFlow's CPU allocator grows by doubling,
// so it asks for such a block as soon as that much memory is in use.
//
// TensorFlow takes and gives all its aligned memory through the three functions below, and calls them through the
// dynamic symbol table. This file is part of the binding; the binding is loaded before the libraries that it links to,
// so its definitions are found first and stand in for TensorFlow's own.

#include <sys/mman.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <unordered_map>

namespace {

// Below this, malloc is as good and a system call would cost more than it saves.
constexpr std::size_t kLargeBlock = std::size_t{8} << 20;

// What mmap aligns to on every processor that this is built for.
constexpr std::size_t kPage = 4096;

// The blocks taken from the kernel, with their sizes: munmap wants to know what free would know by itself.
class LargeBlocks {
 public:
  void* Take(std::size_t size) {
    void* block = mmap(nullptr, size, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return nullptr;
    // Fewer page faults and TLB misses; only advice, so its result does not matter.
    madvise(block, size, MADV_HUGEPAGE);
    std::lock_guard<std::mutex> lock(mutex_);
    sizes_[block] = size;
    return block;
  }

  // False when the block did not come from here.
  bool GiveBack(void* block) {
    std::size_t size;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      auto found = sizes_.find(block);
      if (found == sizes_.end()) return false;
      size = found->second;
      // Forgotten before it is unmapped: from then on another thread may be given the same address.
      sizes_.erase(found);
    }
    munmap(block, size);
    return true;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<void*, std::size_t> sizes_;
};

// Never destroyed, because TensorFlow still frees memory while the process exits.
LargeBlocks& large_blocks() {
  static LargeBlocks* blocks = new LargeBlocks;
  return *blocks;
}

bool is_page_aligned(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) % kPage == 0;
}

}  // namespace

// The declarations are in tsl/platform/mem.h of TensorFlow 2.21.
namespace tsl {
namespace port {

__attribute__((visibility("default"))) void* AlignedMalloc(std::size_t size,
                                                           std::align_val_t minimum_alignment) {
  const auto alignment = static_cast<std::size_t>(minimum_alignment);
  if (size >= kLargeBlock && alignment <= kPage) return large_blocks().Take(size);
  if (alignment < sizeof(void*)) return std::malloc(size);
  void* block = nullptr;
  return posix_memalign(&block, alignment, size) == 0 ? block : nullptr;
}

__attribute__((visibility("default"))) void AlignedFree(void* block) {
  if (block != nullptr && is_page_aligned(block) && large_blocks().GiveBack(block)) return;
  std::free(block);
}

__attribute__((visibility("default"))) void AlignedSizedFree(void* block, std::size_t,
                                                             std::align_val_t) {
  AlignedFree(block);
}

}  // namespace port
}  // namespace tsl
