// Makes TensorFlow's own log honour TF_CPP_MIN_LOG_LEVEL from the first line on.
//
// TensorFlow 2.21 logs through Abseil, which is only told about the variable by TensorFlow's Python package; without it
// every start would print notes about processor features into the terminal. The two functions are exported by
// libtensorflow_framework under Abseil's version namespace, and the wheel has no header for them.

#include <cstdlib>

namespace absl {
inline namespace lts_20250814 {
enum class LogSeverityAtLeast : int {};
void SetMinLogLevel(LogSeverityAtLeast level);
void SetStderrThreshold(LogSeverityAtLeast level);
}  // namespace lts_20250814
}  // namespace absl

namespace {

struct LogLevel {
  LogLevel() {
    const char* wanted = std::getenv("TF_CPP_MIN_LOG_LEVEL");
    if (wanted == nullptr) return;
    const auto level = static_cast<absl::LogSeverityAtLeast>(std::atoi(wanted));
    absl::SetMinLogLevel(level);
    absl::SetStderrThreshold(level);
  }
} log_level;

}  // namespace
