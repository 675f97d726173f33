// Work that is divided among the cores.

#pragma once

#include <algorithm>
#include <cstddef>
#include <system_error>
#include <thread>
#include <vector>

namespace native {

// Fewer values are not worth a thread.
constexpr std::size_t kLeast = 1 << 14;

// Calls work(begin, end) for runs of `count` items of `size` values, a run on each core, and returns when all are done.
template <typename Work>
void on_cores(std::size_t count, std::size_t size, const Work& work) {
  const std::size_t cores = std::max(1u, std::thread::hardware_concurrency());
  const std::size_t parts = std::clamp<std::size_t>(count * size / kLeast, 1, cores);
  const auto run = [&](std::size_t part) { work(count * part / parts, count * (part + 1) / parts); };
  std::vector<std::thread> others;
  for (std::size_t part = 1; part < parts; part++) {
    try {
      others.emplace_back(run, part);
    } catch (const std::system_error&) {
      // The system has no thread to give.
      run(part);
    }
  }
  run(0);
  for (std::thread& other : others) other.join();
}

}  // namespace native
