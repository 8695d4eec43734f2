#include "xai_program.h"

#include <string.h>
#include <unistd.h>

// The scripts that make programs for others link a stronger one beside it (Scripts/support/program.bash).
__attribute__((weak)) const char *xai_commit(void) { return ""; }

const char *xai_missing_instructions(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("sse4.1")) return "SSE4.1";
#endif
  return "";
}

static void say(const char *text) {
  // Nowhere is left to say that this did not work.
  if (write(STDERR_FILENO, text, strlen(text)) < 0) return;
}

// EX_UNAVAILABLE of sysexits.h.
enum { unavailable = 69 };

static void look_at_processor(int count, char **words, char **environment) {
  (void)environment;
  const char *missing = xai_missing_instructions();
  if (!*missing) return;
  const char *name = count > 0 ? strrchr(words[0], '/') : NULL;
  say(name ? name + 1 : count > 0 ? words[0] : "swift-xai");
  say(": this processor has no ");
  say(missing);
  say(", which oneDNN needs; x86-64 processors have it since 2008 (Intel) and 2011 (AMD). Use another "
      "machine, or give a virtual one the processor of its host.\n");
  _exit(unavailable);
}

// Before the initializers of any library: oneDNN may be compiled for such a processor as a whole, and
// would end with an illegal instruction instead of a sentence.
__attribute__((section(".preinit_array"), used)) static void (*const first)(int, char **, char **) =
    look_at_processor;
