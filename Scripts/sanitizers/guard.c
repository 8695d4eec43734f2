// Finds reads and writes past the end of large pieces of memory, and of memory that was given back, at
// full speed and in any code: what oneDNN generates while it runs is invisible to the address
// sanitizer, but not to the processor. Every large piece ends where a page begins that nobody may
// touch, and its addresses are never used again (Perens 1987, Electric Fence).
//
// Preloaded: LD_PRELOAD=guard.so PROGRAM. GUARD_LEAST: bytes from which on a piece is large (4096).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

// The C library's own functions, for small pieces.
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *memory);

enum { PAGE = 4096, SHUT = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE };

// Addresses that are set aside; memory lies behind them only where pages are opened.
static const size_t reserve = (size_t)1 << 45;
static char *start;
static _Atomic size_t used;
static size_t least;

// Stands in the page before the first one of a piece.
struct record {
  size_t pages;
  size_t size;
};

__attribute__((constructor)) static void begin(void) {
  const char *text = getenv("GUARD_LEAST");
  least = text ? strtoul(text, 0, 10) : PAGE;
  if (least == 0) least = 1;
  void *space = mmap(0, reserve, PROT_NONE, SHUT, -1, 0);
  if (space == MAP_FAILED) abort();
  start = space;
}

static int is_guarded(const void *memory) {
  return start && (const char *)memory >= start && (const char *)memory < start + reserve;
}

static int is_large(size_t size) { return start && size >= least; }

static struct record *record(void *memory) {
  return (struct record *)((uintptr_t)memory / PAGE * PAGE - PAGE);
}

static void *take(size_t alignment, size_t size) {
  if (alignment < 16) alignment = 16;
  size_t align = alignment > PAGE ? alignment : PAGE;
  size_t pages = (size + PAGE - 1) / PAGE * PAGE;
  // The record's page, whatever the alignment skips, and the guard.
  size_t whole = PAGE + align + pages + PAGE;
  size_t place = atomic_fetch_add(&used, whole);
  if (place + whole > reserve) {
    errno = ENOMEM;
    return 0;
  }
  char *first = (char *)(((uintptr_t)start + place + PAGE + align - 1) / align * align);
  if (mprotect(first - PAGE, PAGE + pages, PROT_READ | PROT_WRITE) != 0) return 0;
  // As near to the guard as its own alignment allows.
  char *memory = first + (pages - size) / alignment * alignment;
  *record(memory) = (struct record){pages, size};
  return memory;
}

static void give_back(void *memory) {
  struct record *own = record(memory);
  mmap(own, PAGE + own->pages, PROT_NONE, SHUT | MAP_FIXED, -1, 0);
}

void *malloc(size_t size) { return is_large(size) ? take(16, size) : __libc_malloc(size); }

void free(void *memory) {
  int code = errno;
  if (is_guarded(memory))
    give_back(memory);
  else
    __libc_free(memory);
  errno = code;
}

void *calloc(size_t count, size_t size) {
  size_t bytes;
  if (__builtin_mul_overflow(count, size, &bytes)) {
    errno = ENOMEM;
    return 0;
  }
  return is_large(bytes) ? take(16, bytes) : __libc_calloc(count, size);
}

static size_t plain_size(void *memory) {
  static size_t (*original)(void *);
  if (!original) original = (size_t (*)(void *))dlsym(RTLD_NEXT, "malloc_usable_size");
  return original(memory);
}

size_t malloc_usable_size(void *memory) {
  return is_guarded(memory) ? record(memory)->size : memory ? plain_size(memory) : 0;
}

void *realloc(void *old, size_t size) {
  if (!is_guarded(old) && !is_large(size)) return __libc_realloc(old, size);
  void *moved = malloc(size);
  if (!moved || !old) return moved;
  size_t known = malloc_usable_size(old);
  memcpy(moved, old, known < size ? known : size);
  free(old);
  return moved;
}

void *memalign(size_t alignment, size_t size) {
  return is_large(size) ? take(alignment, size) : __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) { return memalign(alignment, size); }

int posix_memalign(void **result, size_t alignment, size_t size) {
  void *memory = memalign(alignment, size);
  if (!memory) return ENOMEM;
  *result = memory;
  return 0;
}
