#include "xai_winograd.h"

#include <string.h>

// Vectors pass between inlined functions only: no calling convention is involved.
#pragma clang diagnostic ignored "-Wpsabi"

#define ALWAYS inline __attribute__((always_inline)) TARGET
#define UNROLL _Pragma("clang loop unroll(full)")
#define MAX_ROWS 6
// Floats in a line of the caches.
#define LINE 16
// Blocks of a panel whose rows are multiplied MAX_ROWS at a time.
#define ROW_BLOCKS 3
// Rows that a product over rows sums in registers before it adds them to memory: with them, panels of
// both factors lie in the first cache.
#define RUN(lanes) (1024 / (lanes))
// Rows of a plain matrix that are multiplied together: some columns of them lie in the first cache.
#define PART 256

// Interpolation points 0, +-a, +-b. Measured on normal weights and rectified normal inputs of 64 to 512
// channels: the error's root mean square is less than half of that with the usual 1 and 2 (7e-7 of the
// output's at 64 channels), its maximum a quarter; sums in order without Winograd have half of it.
#define A1 0.625f
#define B1 1.5f
#define A2 (A1 * A1)
#define B2 (B1 * B1)

struct tiling {
  int64_t across, each;
};

struct place {
  int64_t image, y, x;
};

static inline struct tiling tiling(const struct xai_winograd_shape *s) {
  int64_t across = (s->width + 3) / 4;
  return (struct tiling){across, across * ((s->height + 3) / 4)};
}

static inline struct place place(const struct tiling *t, int64_t tile) {
  int64_t inside = tile % t->each;
  return (struct place){tile / t->each, inside / t->across, inside % t->across};
}

// How many column blocks, from one on, are multiplied together: 4, 2 or 1, aligned so that packing and
// products agree whatever range they are called for.
static inline int64_t group_width(int64_t block, int64_t blocks, int64_t most) {
  int64_t first = block / most * most, left = blocks - first;
  if (left >= most) return most;
  int64_t inside = block - first;
  if (left >= 2 && inside < 2) return 2;
  return 1;
}

// The first block of the group that a block belongs to.
static inline int64_t group_start(int64_t block, int64_t blocks, int64_t most) {
  int64_t start = block / most * most;
  while (start + group_width(start, blocks, most) <= block)
    start += group_width(start, blocks, most);
  return start;
}

// How the rows of 36 matrices lie in memory: in panels of some channel blocks, `capacity` rows each; the
// last panel may be narrower.
struct panels {
  int64_t width, capacity;
  int64_t matrix;  // floats from one matrix to the next
};

// Blocks of the panel that a block belongs to.
static inline int64_t panel_width(struct panels l, int64_t blocks, int64_t block) {
  int64_t first = block / l.width * l.width;
  return blocks - first < l.width ? blocks - first : l.width;
}

// Where row 0 of a block begins in its matrix, in vectors.
static inline int64_t panel_place(struct panels l, int64_t block) {
  return block / l.width * l.width * l.capacity + block % l.width;
}

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,fma")))
#define LANES 16
#define MAX_VECTORS 4
#define NAME(x) x##_avx512
#include "kernels.h"
#include "gradients.h"
#include "dense.h"
#undef TARGET
#undef LANES
#undef MAX_VECTORS
#undef NAME
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define MAX_VECTORS 2
#define NAME(x) x##_avx2
#include "kernels.h"
#include "gradients.h"
#include "dense.h"
#undef TARGET
#undef LANES
#undef MAX_VECTORS
#undef NAME
#endif
#define TARGET
#define LANES 8
#define MAX_VECTORS 2
#define NAME(x) x##_any
#include "kernels.h"
#include "gradients.h"
#include "dense.h"
#undef LANES
#undef MAX_VECTORS
#undef NAME

int xai_vectors_run(enum xai_vectors vectors) {
#if defined(__x86_64__)
  switch (vectors) {
    case xai_vectors_avx512:
      return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
             __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
             __builtin_cpu_supports("fma");
    case xai_vectors_avx2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case xai_vectors_any: return 1;
  }
#endif
  return vectors == xai_vectors_any;
}

int xai_vector_lanes(enum xai_vectors vectors) { return vectors == xai_vectors_avx512 ? 16 : 8; }

static int64_t most_vectors(enum xai_vectors vectors) {
  return vectors == xai_vectors_avx512 ? 4 : 2;
}

#if defined(__x86_64__)
#define DISPATCH(function, ...)                                        \
  switch (vectors) {                                                   \
    case xai_vectors_avx512: function##_avx512(__VA_ARGS__); break;    \
    case xai_vectors_avx2: function##_avx2(__VA_ARGS__); break;        \
    case xai_vectors_any: function##_any(__VA_ARGS__);                 \
  }
#else
#define DISPATCH(function, ...)                                        \
  (void)vectors;                                                       \
  function##_any(__VA_ARGS__);
#endif

int64_t xai_winograd_tiles(const struct xai_winograd_shape *shape) {
  return shape->batch * tiling(shape).each;
}

int64_t xai_winograd_packed_count(
    enum xai_vectors vectors, int64_t input_blocks, int64_t output_blocks) {
  int64_t lanes = xai_vector_lanes(vectors);
  return 36 * input_blocks * output_blocks * lanes * lanes;
}

void xai_winograd_pack(
    enum xai_vectors vectors, const float *weights, const double *slopes, int64_t outputs,
    int64_t inputs, int32_t transposed, int64_t output_block, float *packed) {
  int64_t lanes = xai_vector_lanes(vectors), most = most_vectors(vectors);
  int64_t to = transposed ? inputs : outputs, from = transposed ? outputs : inputs;
  int64_t inner = (from + lanes - 1) / lanes * lanes, blocks = (to + lanes - 1) / lanes;
  int64_t start = group_start(output_block, blocks, most);
  int64_t width = group_width(start, blocks, most);
  int64_t to_stride = transposed ? 9 : inputs * 9, from_stride = transposed ? inputs * 9 : 9;
  DISPATCH(
      pack, weights, slopes, to, from, to_stride, from_stride, transposed, inner, output_block, width,
      inner * blocks * lanes, packed + (start * inner + output_block - start) * lanes)
}

void xai_winograd_input(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *input,
    const uint8_t *winners, int64_t first, int64_t last, float *v, int64_t capacity, int64_t row) {
  if (winners) {
    DISPATCH(pooled_input, shape, input, winners, first, last, v, capacity, row)
  } else {
    DISPATCH(input, shape, input, first, last, v, capacity, row)
  }
}

void xai_winograd_multiply(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *packed,
    int64_t matrix, int64_t rows, const float *v, float *m, int64_t capacity) {
  int64_t lanes = xai_vector_lanes(vectors);
  int64_t inner = shape->input_blocks * lanes, outer = shape->output_blocks * lanes;
  xai_matrix_multiply(
      vectors, v + matrix * capacity * inner, inner, rows, inner, packed + matrix * inner * outer,
      shape->output_blocks, 0, shape->output_blocks, 0, 0, m + matrix * capacity * outer, outer);
}

void xai_winograd_output(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape,
    const struct xai_winograd_epilogue *epilogue, const float *m, int64_t capacity, int64_t row,
    int64_t first, int64_t last, float *output) {
  DISPATCH(output, shape, epilogue, m, capacity, row, first, last, output)
#if defined(__x86_64__)
  // Stores past the caches are weakly ordered: without this, another thread could read old memory.
  if (epilogue->streams) __builtin_ia32_sfence();
#endif
}

void xai_winograd_run(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape,
    const struct xai_winograd_epilogue *epilogue, const float *input, const uint8_t *winners,
    const float *packed, int64_t first, int64_t last, float *v, float *m, int64_t capacity, float *output) {
  // Groups of equal size: each reads all the weights, and a small last one would for few tiles.
  int64_t groups = (last - first + capacity - 1) / capacity;
  for (int64_t group = 0; group < groups; group++) {
    int64_t tile = first + (last - first) * group / groups;
    int64_t end = first + (last - first) * (group + 1) / groups, rows = end - tile;
    int64_t next =
        group + 1 < groups ? first + (last - first) * (group + 2) / groups - end : 0;
    xai_winograd_input(vectors, shape, input, winners, tile, end, v, capacity, 0);
    for (int64_t matrix = 0; matrix < 36; matrix++) {
      // The memory has nothing to do while products are computed, and the transforms wait for it.
      int64_t from = rows * matrix / 36, to = rows * (matrix + 1) / 36;
      if (epilogue->gate) {
        DISPATCH(fetch_gate, shape, epilogue->gate, tile + from, tile + to)
      }
      from = next * matrix / 36, to = next * (matrix + 1) / 36;
      if (winners) {
        DISPATCH(fetch_windows, shape, input, winners, end + from, end + to)
      } else {
        DISPATCH(fetch_input, shape, input, end + from, end + to)
      }
      xai_winograd_multiply(vectors, shape, packed, matrix, rows, v, m, capacity);
    }
    xai_winograd_output(vectors, shape, epilogue, m, capacity, 0, tile, end, output);
  }
}

int64_t xai_matrix_packed_count(enum xai_vectors vectors, int64_t inner, int64_t blocks) {
  return inner * blocks * xai_vector_lanes(vectors);
}

void xai_matrix_pack(
    enum xai_vectors vectors, const float *source, const double *row_slopes,
    const double *column_slopes, int64_t rows, int64_t columns, int64_t row_stride,
    int64_t column_stride, int64_t inner, int64_t blocks, int64_t block, float *packed) {
  int64_t lanes = xai_vector_lanes(vectors), most = most_vectors(vectors);
  int64_t start = group_start(block, blocks, most), width = group_width(start, blocks, most);
  float *target = packed + start * inner * lanes + (block - start) * lanes;
  for (int64_t i = 0; i < inner; i++, target += width * lanes) {
    for (int64_t lane = 0; lane < lanes; lane++) {
      int64_t j = block * lanes + lane;
      if (i >= rows || j >= columns) {
        target[lane] = 0;
        continue;
      }
      float element = source[i * row_stride + j * column_stride];
      if (row_slopes) element = (float)(row_slopes[i] * (double)element);
      if (column_slopes) element = (float)(column_slopes[j] * (double)element);
      target[lane] = element;
    }
  }
}

void xai_matrix_multiply(
    enum xai_vectors vectors, const float *a, int64_t a_stride, int64_t rows, int64_t inner,
    const float *packed, int64_t blocks, int64_t first_block, int64_t last_block,
    const float *bias, int32_t relu, float *c, int64_t c_stride) {
  DISPATCH(
      multiply, a, a_stride, rows, inner, packed, blocks, first_block, last_block, bias, relu, c,
      c_stride)
}

int64_t xai_matrix_plain_floats(enum xai_vectors vectors, int64_t rows) {
  return PART * (most_vectors(vectors) * xai_vector_lanes(vectors) + rows);
}

void xai_matrix_multiply_plain(
    enum xai_vectors vectors, const float *a, int64_t a_stride, int64_t rows, int64_t inner,
    const float *source, int64_t stride, int32_t is_turned, int64_t source_rows, int64_t columns,
    int64_t first_block, int64_t last_block, const float *bias, float *c, int64_t c_stride,
    float *scratch) {
  DISPATCH(
      multiply_plain, a, a_stride, rows, inner, source, stride, is_turned, source_rows, columns,
      first_block, last_block, bias, c, c_stride, scratch)
}

static int64_t panel_blocks(enum xai_vectors vectors, int32_t is_left) {
  return is_left ? ROW_BLOCKS : most_vectors(vectors);
}

int64_t xai_matrix_panels(enum xai_vectors vectors, int64_t blocks, int32_t is_left) {
  int64_t width = panel_blocks(vectors, is_left);
  return (blocks + width - 1) / width;
}

void xai_matrix_pack_panels(
    enum xai_vectors vectors, const float *source, int64_t rows, int64_t blocks, int32_t is_left,
    int64_t first, int64_t last, float *packed) {
  int64_t lanes = xai_vector_lanes(vectors), width = panel_blocks(vectors, is_left);
  for (int64_t panel = first; panel < last; panel++) {
    int64_t start = panel * width, count = blocks - start < width ? blocks - start : width;
    for (int64_t row = 0; row < rows; row++)
      memcpy(
          packed + (start * rows + row * count) * lanes, source + (row * blocks + start) * lanes,
          (size_t)(count * lanes) * sizeof(float));
  }
}

void xai_matrix_multiply_panels(
    enum xai_vectors vectors, const float *left, int64_t left_blocks, const float *right,
    int64_t right_blocks, int64_t rows, int64_t first, int64_t last, float *c, int64_t c_stride) {
  for (int64_t panel = first; panel < last; panel++) {
    DISPATCH(gram, left, left_blocks, right, right_blocks, rows, rows, panel, 0, c, c_stride)
  }
}

int64_t xai_narrow_packed_count(enum xai_vectors vectors, int64_t input_blocks, int64_t channels) {
  return input_blocks * 9 * channels * xai_vector_lanes(vectors);
}

void xai_narrow_pack(
    enum xai_vectors vectors, const float *weights, int64_t outputs, int64_t channels,
    float *packed) {
  int64_t lanes = xai_vector_lanes(vectors);
  for (int64_t block = 0; block * lanes < outputs; block++)
    for (int64_t tap = 0; tap < 9; tap++)
      for (int64_t c = 0; c < channels; c++)
        for (int64_t lane = 0; lane < lanes; lane++, packed++) {
          int64_t k = block * lanes + lane;
          *packed = k < outputs ? weights[(k * channels + c) * 9 + 8 - tap] : 0;
        }
}

void xai_narrow_gradient(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t channels,
    const float *signal, const float *packed, int64_t first, int64_t last, float *output) {
  DISPATCH(narrow, shape, channels, signal, packed, first, last, output)
}

// MARK: Gradients by weights

// Matrices that lie a power of two apart would all want the same places of the caches.
static int64_t spread(int64_t floats) { return floats + LINE; }

int64_t xai_winograd_gradient_capacity(const struct xai_winograd_shape *shape) {
  // Even, so that rows of panels begin where lines of the caches do.
  int64_t tiles = xai_winograd_tiles(shape), most = 128;
  return tiles < most ? (tiles + 1) / 2 * 2 : most;
}

static struct panels input_layout(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  int64_t capacity = xai_winograd_gradient_capacity(shape);
  int64_t floats = capacity * shape->input_blocks * xai_vector_lanes(vectors);
  return (struct panels){most_vectors(vectors), capacity, spread(floats)};
}

static struct panels signal_layout(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  int64_t capacity = xai_winograd_gradient_capacity(shape);
  int64_t floats = capacity * shape->output_blocks * xai_vector_lanes(vectors);
  return (struct panels){ROW_BLOCKS, capacity, spread(floats)};
}

static int64_t sums_matrix(enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  int64_t lanes = xai_vector_lanes(vectors);
  return spread(shape->input_blocks * shape->output_blocks * lanes * lanes);
}

int64_t xai_winograd_gradient_floats(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  return 36 * (input_layout(vectors, shape).matrix + signal_layout(vectors, shape).matrix);
}

int64_t xai_winograd_gradient_sums(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  return 36 * sums_matrix(vectors, shape);
}

int64_t xai_winograd_gradient_groups(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape) {
  int64_t bytes = xai_winograd_gradient_sums(vectors, shape) * (int64_t)sizeof(float);
  int64_t groups = (24 << 20) / bytes, tiles = xai_winograd_tiles(shape) / 128;
  if (groups > 16) groups = 16;
  if (groups > tiles) groups = tiles;
  return groups < 4 ? 1 : groups;
}

int64_t xai_winograd_gradient_products(const struct xai_winograd_shape *shape) {
  return 36 * ((shape->output_blocks + ROW_BLOCKS - 1) / ROW_BLOCKS);
}

void xai_winograd_gradient_transform(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *input,
    const float *signal, int64_t first, int64_t last, float *transformed, int64_t row) {
  struct panels inputs = input_layout(vectors, shape), signals = signal_layout(vectors, shape);
  DISPATCH(input_panels, shape, input, first, last, transformed, inputs, row)
  DISPATCH(signal_panels, shape, signal, first, last, transformed + 36 * inputs.matrix, signals, row)
}

void xai_winograd_gradient_multiply(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t first, int64_t last,
    const float *transformed, int64_t rows, int32_t adds, float *sums) {
  struct panels inputs = input_layout(vectors, shape), signals = signal_layout(vectors, shape);
  int64_t matrix = sums_matrix(vectors, shape);
  int64_t stride = shape->input_blocks * xai_vector_lanes(vectors);
  int64_t panels = xai_winograd_gradient_products(shape) / 36;
  for (int64_t product = first; product < last; product++) {
    int64_t index = product / panels, panel = product % panels;
    const float *v = transformed + index * inputs.matrix;
    const float *w = transformed + 36 * inputs.matrix + index * signals.matrix;
    DISPATCH(
        gram, w, shape->output_blocks, v, shape->input_blocks, inputs.capacity, rows, panel, adds,
        sums + index * matrix, stride)
  }
}

void xai_winograd_gradient_run(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t group,
    const float *input, const float *signal, float *transformed, float *sums) {
  int64_t groups = xai_winograd_gradient_groups(vectors, shape);
  int64_t capacity = xai_winograd_gradient_capacity(shape), tiles = xai_winograd_tiles(shape);
  int64_t start = tiles * group / groups, count = tiles * (group + 1) / groups - start;
  int64_t parts = (count + capacity - 1) / capacity;
  for (int64_t part = 0; part < parts; part++) {
    int64_t first = start + count * part / parts, last = start + count * (part + 1) / parts;
    xai_winograd_gradient_transform(vectors, shape, input, signal, first, last, transformed, 0);
    xai_winograd_gradient_multiply(
        vectors, shape, 0, xai_winograd_gradient_products(shape), transformed, last - first,
        part > 0, sums);
  }
}

void xai_winograd_gradient_output(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *sums,
    int64_t inputs, int64_t first, int64_t last, float *gradient) {
  int64_t groups = xai_winograd_gradient_groups(vectors, shape);
  DISPATCH(
      gradient, sums, groups, sums_matrix(vectors, shape), shape->input_blocks, inputs, first, last,
      gradient)
}

static int64_t direct_depth(enum xai_vectors vectors, const struct xai_direct_shape *shape) {
  return shape->is_plain ? 1 : xai_vector_lanes(vectors);
}

// Planes of an image: of channels, or of blocks of them.
static int64_t direct_planes(enum xai_vectors vectors, const struct xai_direct_shape *shape) {
  int64_t depth = direct_depth(vectors, shape);
  return (shape->channels + depth - 1) / depth;
}

static int64_t direct_groups(const struct xai_direct_shape *shape) {
  return (shape->channels * shape->kernel * shape->kernel + MAX_ROWS - 1) / MAX_ROWS;
}

int64_t xai_direct_padded_floats(enum xai_vectors vectors, const struct xai_direct_shape *shape) {
  int64_t border = shape->kernel - 1;
  return direct_planes(vectors, shape) * (shape->height + border) * (shape->width + border) *
         direct_depth(vectors, shape);
}

void xai_direct_pad(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, const float *input, float *padded) {
  int64_t border = shape->kernel / 2, depth = direct_depth(vectors, shape);
  int64_t line = (shape->width + 2 * border) * depth, row = shape->width * depth;
  for (int64_t plane = 0; plane < direct_planes(vectors, shape); plane++)
    for (int64_t y = -border; y < shape->height + border; y++, padded += line) {
      memset(padded, 0, (size_t)line * sizeof(float));
      if (y < 0 || y >= shape->height) continue;
      memcpy(padded + border * depth, input, (size_t)row * sizeof(float));
      input += row;
    }
}

int64_t xai_direct_products(enum xai_vectors vectors, const struct xai_direct_shape *shape) {
  int64_t most = most_vectors(vectors);
  return (shape->output_blocks + most - 1) / most * direct_groups(shape);
}

void xai_direct_multiply(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, int64_t first, int64_t last,
    const float *padded, const float *signal, int64_t images, int32_t adds, float *sums) {
  int64_t groups = direct_groups(shape);
  int64_t image_floats = xai_direct_padded_floats(vectors, shape);
  int64_t signal_floats =
      shape->output_blocks * shape->height * shape->width * xai_vector_lanes(vectors);
  for (int64_t image = 0; image < images; image++)
    for (int64_t panel = first / groups; panel * groups < last; panel++) {
      int64_t from = first - panel * groups, to = last - panel * groups;
      DISPATCH(
          direct, shape, padded + image * image_floats, signal + image * signal_floats, panel,
          from > 0 ? from : 0, to < groups ? to : groups, adds || image, sums)
    }
}

void xai_direct_output(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, const float *sums, int64_t first,
    int64_t last, float *gradient) {
  int64_t rows = shape->channels * shape->kernel * shape->kernel;
  int64_t stride = shape->output_blocks * xai_vector_lanes(vectors);
  for (int64_t row = 0; row < rows; row++)
    for (int64_t output = first; output < last; output++)
      gradient[output * rows + row] = sums[row * stride + output];
}
