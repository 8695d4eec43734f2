// Products with matrices that are read once, as weights in training: compiled after gradients.h, once
// for each instruction set.

// B[i][j] for `count` rows from i = 0 on and NB vectors of columns, where B[i][j] is
// source[j * stride + i]; columns beyond `columns` and rows beyond `rows` are 0.
static ALWAYS void NAME(turn)(
    const int NB, const float *source, int64_t stride, int64_t rows, int64_t columns, int64_t count,
    float *target) {
  for (int64_t i = 0; i < count; i += LANES)
    UNROLL for (int j = 0; j < NB; j++) {
      const float *corner = source + j * LANES * stride + i;
      float *out = target + (i * NB + j) * LANES;
      if (i + LANES > rows || (j + 1) * LANES > columns) {
        for (int64_t r = 0; r < LANES; r++)
          for (int64_t lane = 0; lane < LANES; lane++)
            out[r * NB * LANES + lane] =
                i + r < rows && j * LANES + lane < columns ? corner[lane * stride + r] : 0;
        continue;
      }
      V v[LANES];
      UNROLL for (int r = 0; r < LANES; r++) v[r] = NAME(load)(corner + r * stride);
      // Blocks of 1, 2, 4, ... on either side of the diagonal change places.
      UNROLL for (int size = 1; size < LANES; size *= 2)
        UNROLL for (int r = 0; r < LANES; r++) {
          if (r & size) continue;
          V upper = v[r], lower = v[r + size];
          UNROLL for (int lane = 0; lane < LANES; lane++)
            if (lane & size) {
              v[r][lane] = lower[lane - size];
              v[r + size][lane - size] = upper[lane];
            }
        }
      UNROLL for (int r = 0; r < LANES; r++) NAME(store)(out + r * NB * LANES, v[r]);
    }
}

// As `turn`, where B[i][j] is source[i * stride + j].
static ALWAYS void NAME(copy)(
    const int NB, const float *source, int64_t stride, int64_t rows, int64_t columns, int64_t count,
    float *target) {
  for (int64_t i = 0; i < count; i++, source += stride, target += NB * LANES) {
    if (i < rows && columns >= NB * LANES) {
      UNROLL for (int j = 0; j < NB; j++)
        NAME(store)(target + j * LANES, NAME(load)(source + j * LANES));
    } else {
      for (int64_t j = 0; j < NB * LANES; j++) target[j] = i < rows && j < columns ? source[j] : 0;
    }
  }
}

// C[R][NB vectors] += A[count][R]^T * B[count][NB vectors], from 0 at the start, plus bias at the end.
static ALWAYS void NAME(part)(
    const int R, const int NB, const float *a, int64_t count, const float *b, int is_first,
    const float *bias, float *c, int64_t c_stride) {
  V sum[MAX_ROWS][MAX_VECTORS];
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++)
      sum[r][j] = is_first ? (V){0} : NAME(load)(c + r * c_stride + j * LANES);
  for (int64_t i = 0; i < count; i++) {
    V row[MAX_VECTORS];
    UNROLL for (int j = 0; j < NB; j++) row[j] = NAME(load)(b + (i * NB + j) * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      V factor = NAME(splat)(a[i * R + r]);
      UNROLL for (int j = 0; j < NB; j++) sum[r][j] += factor * row[j];
    }
  }
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) {
      V value = sum[r][j];
      if (bias) value += NAME(load)(bias + j * LANES);
      NAME(store)(c + r * c_stride + j * LANES, value);
    }
}

#define ROWS(R, NB) \
  case R: NAME(part)(R, NB, factors, count, part, is_first, bias, target, c_stride); break;
// All rows times some rows and NB vectors of columns of a plain matrix.
#define PLAIN(NB)                                                                                 \
  TARGET static void NAME(plain##NB)(                                                             \
      const float *a, int64_t rows, const float *source, int64_t stride, int is_turned,           \
      int64_t inner, int64_t columns, int64_t count, float *part, int is_first, const float *bias, \
      float *c, int64_t c_stride) {                                                               \
    if (is_turned)                                                                                \
      NAME(turn)(NB, source, stride, inner, columns, count, part);                                \
    else                                                                                          \
      NAME(copy)(NB, source, stride, inner, columns, count, part);                                \
    int64_t groups = (rows + MAX_ROWS - 1) / MAX_ROWS;                                            \
    for (int64_t group = 0; group < groups; group++) {                                            \
      int64_t first = rows * group / groups, height = rows * (group + 1) / groups - first;        \
      const float *factors = a + first * count;                                                   \
      float *target = c + first * c_stride;                                                       \
      switch (height) {                                                                           \
        ROWS(1, NB) ROWS(2, NB) ROWS(3, NB) ROWS(4, NB) ROWS(5, NB) ROWS(6, NB)                   \
      }                                                                                           \
    }                                                                                             \
  }
PLAIN(1)
PLAIN(2)
#if MAX_VECTORS == 4
PLAIN(4)
#endif
#undef PLAIN
#undef ROWS

// Column blocks first ..< last of a product with a plain matrix, a part of its rows after the other.
TARGET static void NAME(multiply_plain)(
    const float *a, int64_t a_stride, int64_t rows, int64_t inner, const float *source,
    int64_t stride, int is_turned, int64_t source_rows, int64_t columns, int64_t first, int64_t last,
    const float *bias, float *c, int64_t c_stride, float *scratch) {
  int64_t blocks = (columns + LANES - 1) / LANES, groups = (rows + MAX_ROWS - 1) / MAX_ROWS;
  float *factors = scratch + PART * MAX_VECTORS * LANES;
  for (int64_t start = 0; start < inner; start += PART) {
    int64_t count = inner - start < PART ? inner - start : PART;
    // Rows side by side, as they are read.
    for (int64_t group = 0; group < groups; group++) {
      int64_t from = rows * group / groups, height = rows * (group + 1) / groups - from;
      float *target = factors + from * count;
      for (int64_t r = 0; r < height; r++)
        for (int64_t i = 0; i < count; i++)
          target[i * height + r] = a[(from + r) * a_stride + start + i];
    }
    for (int64_t block = first; block < last;) {
      int64_t width = group_width(block, blocks, MAX_VECTORS), column = block * LANES;
      const float *corner = source + (is_turned ? column * stride + start : start * stride + column);
      const float *shift = bias && start + count == inner ? bias + column : 0;
      switch (width) {
#define CASE(NB)                                                                                 \
  case NB:                                                                                       \
    NAME(plain##NB)(                                                                             \
        factors, rows, corner, stride, is_turned, source_rows - start, columns - column, count,  \
        scratch, start == 0, shift, c + column, c_stride);                                       \
    break;
        CASE(1)
        CASE(2)
#if MAX_VECTORS == 4
        CASE(4)
#endif
#undef CASE
      }
      block += width;
    }
  }
}

#undef V
#undef MASK
