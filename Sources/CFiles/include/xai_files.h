#ifndef XAI_FILES_H
#define XAI_FILES_H

// Calls that the C library declares only under _GNU_SOURCE, which Swift does not set.

/// Writes what is held of the file system of an open file or folder to the disk; 0, or -1 and errno.
int xai_syncfs(int descriptor);

/// Exchanges the names of two files or folders in one step; 0, or -1 and errno.
int xai_exchange(const char *left, const char *right);

#endif
