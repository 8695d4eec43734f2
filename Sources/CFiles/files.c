#define _GNU_SOURCE
#include "xai_files.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

int xai_syncfs(int descriptor) { return syncfs(descriptor); }

int xai_exchange(const char *left, const char *right) {
  return renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE);
}
