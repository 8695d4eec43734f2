// The kernels, compiled once for each instruction set: LANES, NAME and a target attribute are defined
// by the file that includes this one.

typedef float NAME(vector) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef float NAME(line) __attribute__((vector_size(LANES * 4)));
typedef double NAME(doubles) __attribute__((vector_size(LANES * 8), aligned(8)));
typedef int NAME(mask) __attribute__((vector_size(LANES * 4), aligned(4)));
typedef uint8_t NAME(bytes) __attribute__((vector_size(LANES), aligned(1)));
#define V NAME(vector)
#define MASK NAME(mask)

static ALWAYS V NAME(load)(const float *p) { return *(const V *)p; }
static ALWAYS void NAME(store)(float *p, V v) { *(V *)p = v; }
// Lane by lane: adding x to a vector of zeros would be an addition for every factor.
static ALWAYS V NAME(splat)(float x) {
  V v;
  UNROLL for (int i = 0; i < LANES; i++) v[i] = x;
  return v;
}
// NaN stays: a failure must show.
static ALWAYS V NAME(rectified)(V v) { return (V)((MASK)v & ~(MASK)(v < 0)); }
static ALWAYS V NAME(chosen)(V v, MASK where) { return (V)((MASK)v & where); }
static ALWAYS MASK NAME(either)(MASK first, MASK second, MASK condition) {
  return (first & ~condition) | (second & condition);
}
static ALWAYS MASK NAME(numbers)(const uint8_t *p) {
  return __builtin_convertvector(*(const NAME(bytes) *)p, MASK);
}
static ALWAYS V NAME(gated)(V v, V gate) { return (V)((MASK)v & (MASK)(gate > 0)); }

// MARK: Product

// C[R][NB vectors] = A[R][inner] * B[inner][NB vectors], sums in order.
static ALWAYS void NAME(product)(
    const int R, const int NB, const float *a, int64_t a_stride, int64_t inner, const float *b,
    const float *bias, int relu, float *c, int64_t c_stride) {
  V sum[MAX_ROWS][MAX_VECTORS];
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) sum[r][j] = (V){0};
  for (int64_t i = 0; i < inner; i++) {
    V column[MAX_VECTORS];
    UNROLL for (int j = 0; j < NB; j++) column[j] = NAME(load)(b + (i * NB + j) * LANES);
    UNROLL for (int r = 0; r < R; r++) {
      V factor = NAME(splat)(a[r * a_stride + i]);
      UNROLL for (int j = 0; j < NB; j++) sum[r][j] += factor * column[j];
    }
  }
  UNROLL for (int r = 0; r < R; r++)
    UNROLL for (int j = 0; j < NB; j++) {
      V value = sum[r][j];
      if (bias) value += NAME(load)(bias + j * LANES);
      if (relu) value = NAME(rectified)(value);
      NAME(store)(c + r * c_stride + j * LANES, value);
    }
}

#define ROWS(R, NB)                                                                       \
  case R: NAME(product)(R, NB, a, a_stride, inner, b, bias, relu, c, c_stride); break;

// All rows of a group of NB column blocks.
#define GROUP(NB)                                                                         \
  TARGET static void NAME(group##NB)(                                                     \
      const float *a, int64_t a_stride, int64_t rows, int64_t inner, const float *b,      \
      const float *bias, int relu, float *c, int64_t c_stride) {                          \
    for (int64_t left = rows; left > 0; left -= MAX_ROWS) {                               \
      switch (left < MAX_ROWS ? left : MAX_ROWS) {                                        \
        ROWS(1, NB) ROWS(2, NB) ROWS(3, NB) ROWS(4, NB) ROWS(5, NB) ROWS(6, NB)           \
      }                                                                                   \
      a += MAX_ROWS * a_stride;                                                           \
      c += MAX_ROWS * c_stride;                                                           \
    }                                                                                     \
  }
GROUP(1)
GROUP(2)
#if MAX_VECTORS == 4
GROUP(4)
#endif
#undef GROUP
#undef ROWS

TARGET static void NAME(multiply)(
    const float *a, int64_t a_stride, int64_t rows, int64_t inner, const float *packed,
    int64_t blocks, int64_t first, int64_t last, const float *bias, int relu, float *c,
    int64_t c_stride) {
  for (int64_t block = first; block < last;) {
    int64_t width = group_width(block, blocks, MAX_VECTORS);
    const float *b = packed + block * inner * LANES;
    const float *shift = bias ? bias + block * LANES : 0;
    float *target = c + block * LANES;
    switch (width) {
#if MAX_VECTORS == 4
      case 4: NAME(group4)(a, a_stride, rows, inner, b, shift, relu, target, c_stride); break;
#endif
      case 2: NAME(group2)(a, a_stride, rows, inner, b, shift, relu, target, c_stride); break;
      default: NAME(group1)(a, a_stride, rows, inner, b, shift, relu, target, c_stride);
    }
    block += width;
  }
}

// MARK: Transforms

// B^T d for one row or column of 6, points 0, +-a, +-b and infinity.
static ALWAYS void NAME(input_line)(const V d[6], V out[6]) {
  V even_a = d[4] - B2 * d[2], odd_a = A1 * (d[3] - B2 * d[1]);
  V even_b = d[4] - A2 * d[2], odd_b = B1 * (d[3] - A2 * d[1]);
  out[0] = A2 * B2 * d[0] - (A2 + B2) * d[2] + d[4];
  out[1] = even_a + odd_a;
  out[2] = even_a - odd_a;
  out[3] = even_b + odd_b;
  out[4] = even_b - odd_b;
  out[5] = A2 * B2 * d[1] - (A2 + B2) * d[3] + d[5];
}

// A^T m for one row or column of 6.
static ALWAYS void NAME(output_line)(const V m[6], V out[4]) {
  V even_a = m[1] + m[2], odd_a = m[1] - m[2], even_b = m[3] + m[4], odd_b = m[3] - m[4];
  out[0] = m[0] + even_a + even_b;
  out[1] = A1 * odd_a + B1 * odd_b;
  out[2] = A2 * even_a + B2 * even_b;
  out[3] = A1 * A2 * odd_a + B1 * B2 * odd_b + m[5];
}

// B^T d B, from the rows of B^T d.
static ALWAYS void NAME(input_columns)(V rows[6][6], float *target, int64_t matrix) {
  UNROLL for (int j = 0; j < 6; j++) {
    V column[6], out[6];
    UNROLL for (int i = 0; i < 6; i++) column[i] = rows[i][j];
    NAME(input_line)(column, out);
    UNROLL for (int i = 0; i < 6; i++) NAME(store)(target + (i * 6 + j) * matrix, out[i]);
  }
}

// B^T d B of one tile of one block, whose plane begins at `source`.
static ALWAYS void NAME(input_tile)(
    const struct xai_winograd_shape *s, const float *source, struct place p, float *target,
    int64_t matrix) {
  int64_t top = 4 * p.y - 1, left = 4 * p.x - 1;
  V rows[6][6];
  for (int i = 0; i < 6; i++) {
    int64_t y = top + i;
    if (y < 0 || y >= s->height) {
      for (int j = 0; j < 6; j++) rows[i][j] = (V){0};
      continue;
    }
    const float *line = source + y * s->width * LANES;
    V d[6];
    if (left >= 0 && left + 6 <= s->width) {
      UNROLL for (int j = 0; j < 6; j++) d[j] = NAME(load)(line + (left + j) * LANES);
    } else {
      for (int64_t j = 0, x = left; j < 6; j++, x++)
        d[j] = x >= 0 && x < s->width ? NAME(load)(line + x * LANES) : (V){0};
    }
    NAME(input_line)(d, rows[i]);
  }
  NAME(input_columns)(rows, target, matrix);
}

TARGET static void NAME(input)(
    const struct xai_winograd_shape *s, const float *input, int64_t first, int64_t last, float *v,
    int64_t capacity, int64_t row) {
  struct tiling t = tiling(s);
  int64_t channels = s->input_blocks * LANES, plane = s->height * s->width;
  for (int64_t tile = first; tile < last; tile++, row++) {
    struct place p = place(&t, tile);
    for (int64_t block = 0; block < s->input_blocks; block++)
      NAME(input_tile)(
          s, input + (p.image * s->input_blocks + block) * plane * LANES, p,
          v + row * channels + block * LANES, capacity * channels);
  }
}

// Of four windows of a pooling side by side: their signals, and which of their elements each went to.
static ALWAYS void NAME(windows)(
    const float *signal, const uint8_t *winners, int64_t left, int64_t width, V signals[4],
    MASK numbers[4]) {
  if (left >= 0 && left + 4 <= width) {
    UNROLL for (int v = 0; v < 4; v++) {
      signals[v] = NAME(load)(signal + (left + v) * LANES);
      numbers[v] = NAME(numbers)(winners + (left + v) * LANES);
    }
  } else {
    for (int64_t v = 0, x = left; v < 4; v++, x++) {
      int is_inside = x >= 0 && x < width;
      signals[v] = is_inside ? NAME(load)(signal + x * LANES) : (V){0};
      numbers[v] = is_inside ? NAME(numbers)(winners + x * LANES) : (MASK){0};
    }
  }
}

// As `input`, for the signal of a 2x2 pooling's output: what the pooling would spread out is made here.
TARGET static void NAME(pooled_input)(
    const struct xai_winograd_shape *s, const float *signal, const uint8_t *winners, int64_t first,
    int64_t last, float *v, int64_t capacity, int64_t row) {
  struct tiling t = tiling(s);
  int64_t channels = s->input_blocks * LANES, height = s->height / 2, width = s->width / 2;
  for (int64_t tile = first; tile < last; tile++, row++) {
    struct place p = place(&t, tile);
    // The six rows and columns of a tile lie in four windows, the first and the last with one of two.
    int64_t top = 2 * p.y - 1, left = 2 * p.x - 1;
    for (int64_t block = 0; block < s->input_blocks; block++) {
      int64_t start = (p.image * s->input_blocks + block) * height * width;
      V rows[6][6];
      UNROLL for (int u = 0; u < 4; u++) {
        int64_t y = top + u;
        V signals[4] = {{0}};
        MASK numbers[4] = {{0}};
        if (y >= 0 && y < height) {
          int64_t line = (start + y * width) * LANES;
          NAME(windows)(signal + line, winners + line, left, width, signals, numbers);
        }
        UNROLL for (int i = 2 * u - 1; i <= 2 * u; i++) {
          if (i < 0 || i > 5) continue;
          V d[6];
          UNROLL for (int j = 0; j < 6; j++) {
            MASK own = (MASK){0} + ((i + 1) % 2 * 2 + (j + 1) % 2);
            d[j] = NAME(chosen)(signals[(j + 1) / 2], numbers[(j + 1) / 2] == own);
          }
          NAME(input_line)(d, rows[i]);
        }
      }
      NAME(input_columns)(rows, v + row * channels + block * LANES, capacity * channels);
    }
  }
}

// Writes the maxima of a tile's 2x2 windows; of equal values the first in row-major order wins.
static ALWAYS void NAME(pool_tile)(
    const struct xai_winograd_shape *s, const struct xai_winograd_epilogue *e, V values[4][4],
    const struct place *p, int64_t block, float *output) {
  int64_t height = s->height / 2, width = s->width / 2;
  int64_t start = (p->image * s->output_blocks + block) * height * width;
  UNROLL for (int i = 0; i < 2; i++)
    UNROLL for (int j = 0; j < 2; j++) {
      int64_t y = 2 * p->y + i, x = 2 * p->x + j;
      if (y >= height || x >= width) continue;
      V a = values[2 * i][2 * j], b = values[2 * i][2 * j + 1];
      V c = values[2 * i + 1][2 * j], d = values[2 * i + 1][2 * j + 1];
      MASK right = b > a, lower_right = d > c;
      V top = (V)NAME(either)((MASK)a, (MASK)b, right);
      V bottom = (V)NAME(either)((MASK)c, (MASK)d, lower_right);
      MASK lower = bottom > top;
      int64_t place = (start + y * width + x) * LANES;
      NAME(store)(output + place, (V)NAME(either)((MASK)top, (MASK)bottom, lower));
      if (e->winners)
        *(NAME(bytes) *)(e->winners + place) = __builtin_convertvector(
            NAME(either)(right & 1, (lower_right & 1) + 2, lower), NAME(bytes));
    }
}

TARGET static void NAME(output)(
    const struct xai_winograd_shape *s, const struct xai_winograd_epilogue *e, const float *m,
    int64_t capacity, int64_t row, int64_t first, int64_t last, float *output) {
  struct tiling t = tiling(s);
  int64_t channels = s->output_blocks * LANES, plane = s->height * s->width;
  for (int64_t tile = first; tile < last; tile++, row++) {
    struct place p = place(&t, tile);
    int64_t top = 4 * p.y, left = 4 * p.x;
    int height = (int)(s->height - top < 4 ? s->height - top : 4);
    int width = (int)(s->width - left < 4 ? s->width - left : 4);
    for (int64_t block = 0; block < s->output_blocks; block++) {
      const float *source = m + row * channels + block * LANES;
      V columns[4][6];
      UNROLL for (int j = 0; j < 6; j++) {
        V column[6], out[4];
        UNROLL for (int i = 0; i < 6; i++)
          column[i] = NAME(load)(source + (i * 6 + j) * capacity * channels);
        NAME(output_line)(column, out);
        UNROLL for (int i = 0; i < 4; i++) columns[i][j] = out[i];
      }
      V shift = e->bias ? NAME(load)(e->bias + block * LANES) : (V){0};
      if (e->pools) {
        V values[4][4];
        UNROLL for (int i = 0; i < 4; i++) {
          NAME(output_line)(columns[i], values[i]);
          UNROLL for (int j = 0; j < 4; j++) {
            values[i][j] += shift;
            if (e->relu) values[i][j] = NAME(rectified)(values[i][j]);
          }
        }
        NAME(pool_tile)(s, e, values, &p, block, output);
        continue;
      }
      int64_t place = ((p.image * s->output_blocks + block) * plane + top * s->width + left) * LANES;
      for (int i = 0; i < height; i++, place += s->width * LANES) {
        V line[4];
        NAME(output_line)(columns[i], line);
        for (int j = 0; j < width; j++) {
          V value = line[j] + shift;
          if (e->relu) value = NAME(rectified)(value);
          if (e->gate) value = NAME(gated)(value, NAME(load)(e->gate + place + j * LANES));
          float *pixel = output + place + j * LANES;
          // What no cache could hold is written past it: nobody fetches the lines first.
          if (e->streams)
            __builtin_nontemporal_store(value, (NAME(line) *)pixel);
          else
            NAME(store)(pixel, value);
        }
      }
    }
  }
}

// MARK: Fetching ahead

// Fetches the inputs of some tiles that tiles before them did not read.
TARGET static void NAME(fetch_input)(
    const struct xai_winograd_shape *s, const float *input, int64_t first, int64_t last) {
  struct tiling t = tiling(s);
  int64_t plane = s->height * s->width;
  for (int64_t tile = first; tile < last; tile++) {
    struct place p = place(&t, tile);
    int64_t left = 4 * p.x + 1, right = left + 4 < s->width ? left + 4 : s->width;
    int64_t top = p.y ? 4 * p.y + 1 : 0;
    int64_t bottom = 4 * p.y + 5 < s->height ? 4 * p.y + 5 : s->height;
    for (int64_t block = 0; block < s->input_blocks; block++) {
      const float *source = input + (p.image * s->input_blocks + block) * plane * LANES;
      for (int64_t y = top; y < bottom; y++)
        for (int64_t x = left; x < right; x += LINE / LANES)
          __builtin_prefetch(source + (y * s->width + x) * LANES, 0, 2);
    }
  }
}

// As `fetch_input`, for the signal of a pooling's output.
TARGET static void NAME(fetch_windows)(
    const struct xai_winograd_shape *s, const float *signal, const uint8_t *winners, int64_t first,
    int64_t last) {
  struct tiling t = tiling(s);
  int64_t height = s->height / 2, width = s->width / 2;
  for (int64_t tile = first; tile < last; tile++) {
    struct place p = place(&t, tile);
    int64_t left = 2 * p.x + 1, right = left + 2 < width ? left + 2 : width;
    int64_t top = p.y ? 2 * p.y + 1 : 0;
    int64_t bottom = 2 * p.y + 3 < height ? 2 * p.y + 3 : height;
    for (int64_t block = 0; block < s->input_blocks; block++) {
      int64_t start = (p.image * s->input_blocks + block) * height * width;
      for (int64_t y = top; y < bottom; y++)
        for (int64_t x = left; x < right; x++) {
          __builtin_prefetch(signal + (start + y * width + x) * LANES, 0, 2);
          __builtin_prefetch(winners + (start + y * width + x) * LANES, 0, 2);
        }
    }
  }
}

// Fetches the gates of some tiles' outputs.
TARGET static void NAME(fetch_gate)(
    const struct xai_winograd_shape *s, const float *gate, int64_t first, int64_t last) {
  struct tiling t = tiling(s);
  int64_t plane = s->height * s->width;
  for (int64_t tile = first; tile < last; tile++) {
    struct place p = place(&t, tile);
    int64_t right = 4 * p.x + 4 < s->width ? 4 * p.x + 4 : s->width;
    int64_t bottom = 4 * p.y + 4 < s->height ? 4 * p.y + 4 : s->height;
    for (int64_t block = 0; block < s->output_blocks; block++) {
      const float *source = gate + (p.image * s->output_blocks + block) * plane * LANES;
      for (int64_t y = 4 * p.y; y < bottom; y++)
        for (int64_t x = 4 * p.x; x < right; x += LINE / LANES)
          __builtin_prefetch(source + (y * s->width + x) * LANES, 0, 2);
    }
  }
}

// MARK: Weights

// G g for one row or column of 3.
static ALWAYS void NAME(weight_line)(const NAME(doubles) g[3], NAME(doubles) out[6]) {
  const double a = A1, b = B1, a2 = a * a, b2 = b * b;
  const double na = 0.5 / (a2 * (a2 - b2)), nb = 0.5 / (b2 * (b2 - a2));
  NAME(doubles) even_a = g[0] + a2 * g[2], odd_a = a * g[1];
  NAME(doubles) even_b = g[0] + b2 * g[2], odd_b = b * g[1];
  out[0] = g[0] * (1 / (a2 * b2));
  out[1] = (even_a + odd_a) * na;
  out[2] = (even_a - odd_a) * na;
  out[3] = (even_b + odd_b) * nb;
  out[4] = (even_b - odd_b) * nb;
  out[5] = g[2];
}

// Packs one output block, `width` blocks wide in its group, of weights whose elements lie at
// weights[o * to_stride + i * from_stride + k], times the slope of the row of W. In double: packed once,
// read often.
TARGET static void NAME(pack)(
    const float *weights, const double *slopes, int64_t to, int64_t from, int64_t to_stride, int64_t from_stride,
    int turned, int64_t inner, int64_t block, int64_t width, int64_t matrix, float *packed) {
  for (int64_t i = 0; i < inner; i++, packed += width * LANES) {
    float g[9][LANES] = {{0}};
    if (i < from)
      for (int64_t lane = 0; lane < LANES && block * LANES + lane < to; lane++) {
        const float *source = weights + (block * LANES + lane) * to_stride + i * from_stride;
        // The gradient runs through the kernel turned by 180 degrees.
        for (int k = 0; k < 9; k++) g[k][lane] = source[turned ? 8 - k : k];
        if (!slopes) continue;
        double slope = slopes[turned ? i : block * LANES + lane];
        for (int k = 0; k < 9; k++) g[k][lane] = (float)(slope * (double)g[k][lane]);
      }
    NAME(doubles) rows[3][6];
    UNROLL for (int y = 0; y < 3; y++) {
      NAME(doubles) line[3];
      UNROLL for (int x = 0; x < 3; x++)
        line[x] = __builtin_convertvector(NAME(load)(g[3 * y + x]), NAME(doubles));
      NAME(weight_line)(line, rows[y]);
    }
    for (int x = 0; x < 6; x++) {
      NAME(doubles) column[3] = {rows[0][x], rows[1][x], rows[2][x]}, out[6];
      NAME(weight_line)(column, out);
      UNROLL for (int y = 0; y < 6; y++)
        NAME(store)(packed + (y * 6 + x) * matrix, __builtin_convertvector(out[y], V));
    }
  }
}

// MARK: Gradient by few channels

#define SHUFFLE(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
#if LANES == 16
static ALWAYS V NAME(mix1)(V a, V b) {
  return SHUFFLE(a, b, 0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30) +
         SHUFFLE(a, b, 1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31);
}
static ALWAYS V NAME(mix2)(V a, V b) {
  return SHUFFLE(a, b, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
         SHUFFLE(a, b, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
}
static ALWAYS V NAME(mix4)(V a, V b) {
  return SHUFFLE(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27) +
         SHUFFLE(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
}
static ALWAYS V NAME(mix8)(V a, V b) {
  return SHUFFLE(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
         SHUFFLE(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
}
#else
static ALWAYS V NAME(mix1)(V a, V b) {
  return SHUFFLE(a, b, 0, 8, 2, 10, 4, 12, 6, 14) + SHUFFLE(a, b, 1, 9, 3, 11, 5, 13, 7, 15);
}
static ALWAYS V NAME(mix2)(V a, V b) {
  return SHUFFLE(a, b, 0, 1, 8, 9, 4, 5, 12, 13) + SHUFFLE(a, b, 2, 3, 10, 11, 6, 7, 14, 15);
}
static ALWAYS V NAME(mix4)(V a, V b) {
  return SHUFFLE(a, b, 0, 1, 2, 3, 8, 9, 10, 11) + SHUFFLE(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
}
#endif

// Lane i of the result is the sum of all lanes of v[i]; every sum in the same order.
static ALWAYS V NAME(lane_sums)(V v[LANES]) {
  UNROLL for (int i = 0; i < LANES / 2; i++) v[i] = NAME(mix1)(v[2 * i], v[2 * i + 1]);
  UNROLL for (int i = 0; i < LANES / 4; i++) v[i] = NAME(mix2)(v[2 * i], v[2 * i + 1]);
  UNROLL for (int i = 0; i < LANES / 8; i++) v[i] = NAME(mix4)(v[2 * i], v[2 * i + 1]);
#if LANES == 16
  v[0] = NAME(mix8)(v[0], v[1]);
#endif
  return v[0];
}

// C channels of P neighbouring pixels of a row.
static ALWAYS void NAME(narrow_pixels)(
    const int C, const int P, const struct xai_winograd_shape *s, const float *signal, int64_t y,
    int64_t x, const float *packed, float *output) {
  int64_t plane = s->height * s->width;
  V sum[LANES];
  UNROLL for (int i = 0; i < LANES; i++) sum[i] = (V){0};
  for (int64_t block = 0; block < s->input_blocks; block++) {
    const float *source = signal + block * plane * LANES;
    for (int64_t row = 0; row < 3; row++, packed += 3 * C * LANES) {
      int64_t top = y + row - 1;
      if (top < 0 || top >= s->height) continue;
      const float *line = source + (top * s->width + x) * LANES;
      UNROLL for (int j = 0; j < P + 2; j++) {
        if ((j == 0 && x == 0) || (j == P + 1 && x + P == s->width)) continue;
        V value = NAME(load)(line + (j - 1) * LANES);
        UNROLL for (int tap = 0; tap < 3; tap++) {
          int pixel = j - tap;
          if (pixel < 0 || pixel >= P) continue;
          UNROLL for (int c = 0; c < C; c++)
            sum[pixel * C + c] += value * NAME(load)(packed + (tap * C + c) * LANES);
        }
      }
    }
    // The row that the next row of pixels is the first to read.
    if (y + 2 < s->height)
      UNROLL for (int j = 0; j < P; j += LINE / LANES)
        __builtin_prefetch(source + ((y + 2) * s->width + x + j) * LANES, 0, 3);
  }
  float sums[LANES];
  NAME(store)(sums, NAME(lane_sums)(sum));
  UNROLL for (int pixel = 0; pixel < P; pixel++) {
    V value = (V){0};
    UNROLL for (int c = 0; c < C; c++) value[c] = sums[pixel * C + c];
    NAME(store)(output + (y * s->width + x + pixel) * LANES, value);
  }
}

// Most pixels at a time: a sum in each lane, and registers for half of them at least.
#define PIXELS(C) ((LANES / (C)) < 8 ? (LANES / (C)) : 8)
#define NARROW(C)                                                                               \
  case C:                                                                                       \
    if (s->width >= PIXELS(C))                                                                  \
      for (int64_t x = 0; x < s->width; x += PIXELS(C))                                         \
        /* The last ones once more, rather than one by one: each depends on its own sums alone. */ \
        NAME(narrow_pixels)(                                                                    \
            C, PIXELS(C), s, source, y,                                                         \
            x + PIXELS(C) <= s->width ? x : s->width - PIXELS(C), packed, target);              \
    else                                                                                        \
      for (int64_t x = 0; x < s->width; x++)                                                    \
        NAME(narrow_pixels)(C, 1, s, source, y, x, packed, target);                             \
    break;

TARGET static void NAME(narrow)(
    const struct xai_winograd_shape *s, int64_t channels, const float *signal, const float *packed,
    int64_t first, int64_t last, float *output) {
  int64_t plane = s->height * s->width;
  for (int64_t row = first; row < last; row++) {
    int64_t image = row / s->height, y = row % s->height;
    const float *source = signal + image * s->input_blocks * plane * LANES;
    float *target = output + image * plane * LANES;
    switch (channels) { NARROW(1) NARROW(2) NARROW(3) NARROW(4) }
  }
}
#undef NARROW
#undef PIXELS
#undef SHUFFLE
