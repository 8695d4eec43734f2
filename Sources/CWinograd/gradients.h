// The gradients by weights: compiled after kernels.h, once for each instruction set.

// MARK: Products

// C[R][NB vectors] = sum over rows of A[row][R] * B[row][NB vectors], added to C where asked.
static ALWAYS void NAME(outer)(
    const int R, const int NB, const float *a, int64_t a_stride, const float *b, int64_t rows,
    int adds, float *c, int64_t c_stride) {
  V sum[MAX_ROWS][MAX_VECTORS];
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) sum[r][j] = (V){0};
  for (int64_t i = 0; i < rows; i++) {
    V row[MAX_VECTORS];
    UNROLL for (int j = 0; j < NB; j++) row[j] = NAME(load)(b + (i * NB + j) * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      V factor = NAME(splat)(a[i * a_stride + r]);
      UNROLL for (int j = 0; j < NB; j++) sum[r][j] += factor * row[j];
    }
  }
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) {
      float *target = c + r * c_stride + j * LANES;
      NAME(store)(target, adds ? NAME(load)(target) + sum[r][j] : sum[r][j]);
    }
}

#define ROWS(R, NB)                                                                       \
  case R: NAME(outer)(R, NB, a, a_stride, b, rows, adds, c, c_stride); break;
#define OUTER(NB)                                                                         \
  TARGET static void NAME(outer##NB)(                                                     \
      int64_t count, const float *a, int64_t a_stride, const float *b, int64_t rows, int adds, \
      float *c, int64_t c_stride) {                                                       \
    switch (count) {                                                                      \
      ROWS(1, NB) ROWS(2, NB) ROWS(3, NB) ROWS(4, NB) ROWS(5, NB) ROWS(6, NB)             \
    }                                                                                     \
  }
OUTER(1)
OUTER(2)
#if MAX_VECTORS == 4
OUTER(3)
OUTER(4)
#endif
#undef OUTER
#undef ROWS

// One panel of A^T B: A [rows] in panels of ROW_BLOCKS, B in panels of MAX_VECTORS blocks.
TARGET static void NAME(gram)(
    const float *a, int64_t a_blocks, const float *b, int64_t b_blocks, int64_t capacity,
    int64_t rows, int64_t panel, int adds, float *c, int64_t stride) {
  int64_t first = panel * ROW_BLOCKS;
  int64_t width = (a_blocks - first < ROW_BLOCKS ? a_blocks - first : ROW_BLOCKS) * LANES;
  int64_t groups = (width + MAX_ROWS - 1) / MAX_ROWS;
  a += first * capacity * LANES;
  c += first * LANES * stride;
  for (int64_t start = 0; start < rows; start += RUN(LANES)) {
    int64_t count = rows - start < RUN(LANES) ? rows - start : RUN(LANES);
    for (int64_t block = 0; block < b_blocks; block += MAX_VECTORS) {
      int64_t vectors = b_blocks - block < MAX_VECTORS ? b_blocks - block : MAX_VECTORS;
      const float *columns = b + (block * capacity + start * vectors) * LANES;
      for (int64_t group = 0; group < groups; group++) {
        int64_t from = width * group / groups, height = width * (group + 1) / groups - from;
        const float *factors = a + start * width + from;
        float *target = c + from * stride + block * LANES;
        int has_sums = adds || start;
        switch (vectors) {
#if MAX_VECTORS == 4
          case 4: NAME(outer4)(height, factors, width, columns, count, has_sums, target, stride); break;
          case 3: NAME(outer3)(height, factors, width, columns, count, has_sums, target, stride); break;
#endif
          case 2: NAME(outer2)(height, factors, width, columns, count, has_sums, target, stride); break;
          default: NAME(outer1)(height, factors, width, columns, count, has_sums, target, stride);
        }
      }
    }
  }
}

// MARK: Transforms

// A d for one row or column of 4.
static ALWAYS void NAME(signal_line)(const V d[4], V out[6]) {
  V even_a = d[0] + A2 * d[2], odd_a = A1 * (d[1] + A2 * d[3]);
  V even_b = d[0] + B2 * d[2], odd_b = B1 * (d[1] + B2 * d[3]);
  out[0] = d[0];
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = d[3];
}

// A d A^T of one tile of one block, whose plane begins at `source`.
static ALWAYS void NAME(signal_tile)(
    const struct xai_winograd_shape *s, const float *source, struct place p, float *target,
    int64_t matrix) {
  int64_t top = 4 * p.y, left = 4 * p.x;
  V rows[4][6];
  for (int i = 0; i < 4; i++) {
    if (top + i >= s->height) {
      for (int j = 0; j < 6; j++) rows[i][j] = (V){0};
      continue;
    }
    const float *line = source + ((top + i) * s->width + left) * LANES;
    V d[4];
    if (left + 4 <= s->width) {
      UNROLL for (int j = 0; j < 4; j++) d[j] = NAME(load)(line + j * LANES);
    } else {
      for (int j = 0; j < 4; j++) d[j] = left + j < s->width ? NAME(load)(line + j * LANES) : (V){0};
    }
    NAME(signal_line)(d, rows[i]);
  }
  UNROLL for (int j = 0; j < 6; j++) {
    V column[4], out[6];
    UNROLL for (int i = 0; i < 4; i++) column[i] = rows[i][j];
    NAME(signal_line)(column, out);
    UNROLL for (int i = 0; i < 6; i++) NAME(store)(target + (i * 6 + j) * matrix, out[i]);
  }
}

// Transforms tiles first ..< last into panels. Tiles side by side come one after the other, block by
// block: their lines follow each other in memory.
#define PANELS(kind, blocks)                                                                     \
  TARGET static void NAME(kind##_panels)(                                                        \
      const struct xai_winograd_shape *s, const float *source, int64_t first, int64_t last,      \
      float *target, struct panels layout, int64_t row) {                                        \
    struct tiling t = tiling(s);                                                                 \
    int64_t plane = s->height * s->width;                                                        \
    for (int64_t tile = first; tile < last;) {                                                   \
      struct place p = place(&t, tile);                                                          \
      int64_t across = t.across - p.x < last - tile ? t.across - p.x : last - tile;              \
      for (int64_t block = 0; block < blocks; block++) {                                         \
        const float *start = source + (p.image * blocks + block) * plane * LANES;                \
        int64_t width = panel_width(layout, blocks, block) * LANES;                              \
        float *rows = target + panel_place(layout, block) * LANES + row * width;                 \
        for (int64_t i = 0; i < across; i++, rows += width) {                                    \
          struct place here = {p.image, p.y, p.x + i};                                           \
          if (block + 1 < blocks) NAME(fetch_tile)(s, start + plane * LANES, here);              \
          NAME(kind##_tile)(s, start, here, rows, layout.matrix);                                \
        }                                                                                        \
      }                                                                                          \
      tile += across;                                                                            \
      row += across;                                                                             \
    }                                                                                            \
  }

// Fetches the pixels of a tile in a plane.
static ALWAYS void NAME(fetch_tile)(
    const struct xai_winograd_shape *s, const float *source, struct place p) {
  int64_t bottom = 4 * p.y + 5 < s->height ? 4 * p.y + 5 : s->height;
  int64_t right = 4 * p.x + 4 < s->width ? 4 * p.x + 4 : s->width;
  for (int64_t y = 4 * p.y; y < bottom; y++)
    for (int64_t x = 4 * p.x; x < right; x += LINE / LANES)
      __builtin_prefetch(source + (y * s->width + x) * LANES, 0, 3);
}

PANELS(input, s->input_blocks)
PANELS(signal, s->output_blocks)
#undef PANELS

// G^T u for one row or column of 6.
static ALWAYS void NAME(gradient_line)(const NAME(doubles) u[6], NAME(doubles) out[3]) {
  const double a = A1, b = B1, a2 = a * a, b2 = b * b;
  const double na = 0.5 / (a2 * (a2 - b2)), nb = 0.5 / (b2 * (b2 - a2));
  NAME(doubles) even_a = na * (u[1] + u[2]), odd_a = na * (u[1] - u[2]);
  NAME(doubles) even_b = nb * (u[3] + u[4]), odd_b = nb * (u[3] - u[4]);
  out[0] = (1 / (a2 * b2)) * u[0] + (even_a + even_b);
  out[1] = a * odd_a + b * odd_b;
  out[2] = (a2 * even_a + b2 * even_b) + u[5];
}

// G^T u G, u summed over groups, for rows first ..< last of the weights [rows][channels][3][3].
TARGET static void NAME(gradient)(
    const float *sums, int64_t groups, int64_t matrix, int64_t blocks, int64_t channels,
    int64_t first, int64_t last, float *gradient) {
  for (int64_t row = first; row < last; row++)
    for (int64_t block = 0; block < blocks; block++) {
      const float *source = sums + (row * blocks + block) * LANES;
      NAME(doubles) rows[3][6];
      UNROLL for (int j = 0; j < 6; j++) {
        NAME(doubles) column[6], out[3];
        UNROLL for (int i = 0; i < 6; i++) {
          const float *u = source + (i * 6 + j) * matrix;
          column[i] = __builtin_convertvector(NAME(load)(u), NAME(doubles));
          for (int64_t group = 1; group < groups; group++)
            column[i] +=
                __builtin_convertvector(NAME(load)(u + group * 36 * matrix), NAME(doubles));
        }
        NAME(gradient_line)(column, out);
        UNROLL for (int i = 0; i < 3; i++) rows[i][j] = out[i];
      }
      float taps[9][LANES];
      UNROLL for (int i = 0; i < 3; i++) {
        NAME(doubles) out[3];
        NAME(gradient_line)(rows[i], out);
        UNROLL for (int j = 0; j < 3; j++)
          NAME(store)(taps[3 * i + j], __builtin_convertvector(out[j], V));
      }
      int64_t channel = block * LANES;
      int64_t lanes = channels - channel < LANES ? channels - channel : LANES;
      float *target = gradient + (row * channels + channel) * 9;
      for (int64_t lane = 0; lane < lanes; lane++)
        for (int tap = 0; tap < 9; tap++) target[lane * 9 + tap] = taps[tap][lane];
    }
}

// MARK: Direct sums

// R taps of NB blocks over `height` rows of an image, added to C where asked. Both point at the first
// row; the padded input has gaps between its rows.
static ALWAYS void NAME(taps)(
    const int R, const int NB, const struct xai_direct_shape *s, const float *padded,
    const int64_t *places, const float *signal, int64_t height, int adds, float *c,
    int64_t c_stride) {
  int64_t depth = s->is_plain ? 1 : LANES, plane = s->height * s->width * LANES;
  int64_t line = (s->width + s->kernel - 1) * depth;
  V sum[MAX_ROWS][MAX_VECTORS];
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) sum[r][j] = (V){0};
  for (int64_t y = 0; y < height; y++) {
    const float *a[MAX_ROWS];
    UNROLL for (int r = 0; r < R; r++) a[r] = padded + places[r] + y * line;
    const float *b = signal + y * s->width * LANES;
    for (int64_t x = 0; x < s->width; x++) {
      V row[MAX_VECTORS];
      UNROLL for (int j = 0; j < NB; j++) row[j] = NAME(load)(b + j * plane + x * LANES);
      UNROLL for (int r = 0; r < R; r++) {
        V factor = NAME(splat)(a[r][x * depth]);
        UNROLL for (int j = 0; j < NB; j++) sum[r][j] += factor * row[j];
      }
    }
  }
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) {
      float *target = c + r * c_stride + j * LANES;
      NAME(store)(target, adds ? NAME(load)(target) + sum[r][j] : sum[r][j]);
    }
}

#define ROWS(R, NB) \
  case R: NAME(taps)(R, NB, s, padded, places, signal, height, adds, c, c_stride); break;
#define TAPS(NB)                                                                                \
  TARGET static void NAME(taps##NB)(                                                            \
      int64_t count, const struct xai_direct_shape *s, const float *padded,                     \
      const int64_t *places, const float *signal, int64_t height, int adds, float *c,           \
      int64_t c_stride) {                                                                       \
    switch (count) {                                                                            \
      ROWS(1, NB) ROWS(2, NB) ROWS(3, NB) ROWS(4, NB) ROWS(5, NB) ROWS(6, NB)                   \
    }                                                                                           \
  }
TAPS(1)
TAPS(2)
#if MAX_VECTORS == 4
TAPS(3)
TAPS(4)
#endif
#undef TAPS
#undef ROWS

// Groups first ..< last of taps of a panel of MAX_VECTORS blocks, of one image.
TARGET static void NAME(direct)(
    const struct xai_direct_shape *s, const float *padded, const float *signal, int64_t panel,
    int64_t first, int64_t last, int adds, float *sums) {
  int64_t depth = s->is_plain ? 1 : LANES, line = s->width + s->kernel - 1;
  int64_t rows = s->channels * s->kernel * s->kernel, groups = (rows + MAX_ROWS - 1) / MAX_ROWS;
  int64_t stride = s->output_blocks * LANES, block = panel * MAX_VECTORS;
  int64_t vectors = s->output_blocks - block < MAX_VECTORS ? s->output_blocks - block : MAX_VECTORS;
  int64_t most = s->width < 256 ? 256 / s->width : 1;
  for (int64_t y = 0; y < s->height; y += most) {
    int64_t height = s->height - y < most ? s->height - y : most;
    const float *source = signal + (block * s->height + y) * s->width * LANES;
    for (int64_t group = first; group < last; group++) {
      int64_t start = rows * group / groups, count = rows * (group + 1) / groups - start;
      int64_t places[MAX_ROWS];
      for (int64_t r = 0; r < count; r++) {
        int64_t tap = (start + r) % (s->kernel * s->kernel);
        int64_t channel = (start + r) / (s->kernel * s->kernel);
        int64_t top = channel / depth * (s->height + s->kernel - 1) + y + tap / s->kernel;
        places[r] = (top * line + tap % s->kernel) * depth + channel % depth;
      }
      float *target = sums + start * stride + block * LANES;
      int has_sums = adds || y;
      switch (vectors) {
#if MAX_VECTORS == 4
        case 4: NAME(taps4)(count, s, padded, places, source, height, has_sums, target, stride); break;
        case 3: NAME(taps3)(count, s, padded, places, source, height, has_sums, target, stride); break;
#endif
        case 2: NAME(taps2)(count, s, padded, places, source, height, has_sums, target, stride); break;
        default: NAME(taps1)(count, s, padded, places, source, height, has_sums, target, stride);
      }
    }
  }
}
