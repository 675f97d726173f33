// Makes TensorFlow's own log honour TF_CPP_MIN_LOG_LEVEL from the first line on.
//
// TensorFlow 2.21 logs through Abseil, which hears of the variable too late: the libraries write notes about processor
// features and oneDNN while they are being loaded, before anyone can call absl::SetMinLogLevel. Every log statement asks
// absl::MinLogLevel, through the dynamic symbol table. This file is part of the binding; the binding is loaded before the
// libraries that it links to, so the definition below is found first and stands in for Abseil's own, under Abseil's
// version namespace (the wheel has no header for it).

#include <cstdlib>

namespace absl {
inline namespace lts_20250814 {

// Abseil's levels: 0 information, 1 warnings, 2 errors, 3 fatal errors.
enum class LogSeverityAtLeast : int {};

LogSeverityAtLeast MinLogLevel() {
  static const int level = [] {
    const char* wanted = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    return wanted == nullptr ? 0 : std::atoi(wanted);
  }();
  return static_cast<LogSeverityAtLeast>(level);
}

}  // namespace lts_20250814
}  // namespace absl
