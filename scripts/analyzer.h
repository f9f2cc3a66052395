/* What scripts/lint tells the analyzer: the fail functions return -1. */
#include "base/fail.h"

#define fail_data(...) (fail_data(__VA_ARGS__), -1)
#define fail_temp(...) (fail_temp(__VA_ARGS__), -1)
#define fail_system(...) (fail_system(__VA_ARGS__), -1)
#define fail_errno(...) (fail_errno(__VA_ARGS__), -1)
