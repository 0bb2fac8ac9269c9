#include "CShippedRules.h"

struct shipped_file shipped_file(long number) { return shipped_files[number]; }
