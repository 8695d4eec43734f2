// Winograd's minimal filtering F(4x4, 3x3) (Lavin and Gray 2016), the matrix product under it, and the
// gradients by weights, for activations in channel blocks of one vector register (nChw16c with AVX-512,
// nChw8c else).
//
// Why C: Swift cannot compile single functions for AVX-512 or AVX2 and keep the package usable as a
// dependency; clang's vector extensions and its `target` attribute can. Why our own: oneDNN 3 dropped
// its Winograd kernels, and those of version 2 sum in an order that depends on the batch. Here an output
// depends on nothing but its own tile: same bytes at any batch size and number of threads.
//
// Callers split the index ranges between threads; no function allocates or keeps anything.
#ifndef XAI_WINOGRAD_H
#define XAI_WINOGRAD_H

#include <stdint.h>

// The instruction sets that the kernels are compiled for. Callers choose, once for all calls that share
// memory: the lanes must be the channel block of their activations.
enum xai_vectors { xai_vectors_any, xai_vectors_avx2, xai_vectors_avx512 };

// Whether this processor runs them.
int xai_vectors_run(enum xai_vectors vectors);

// Lanes of a vector: 16 with AVX-512, 8 else.
int xai_vector_lanes(enum xai_vectors vectors);

// A 3x3 convolution with stride 1 and "same" padding, channels counted in blocks.
struct xai_winograd_shape {
  int64_t batch, height, width;
  int64_t input_blocks, output_blocks;
};

// What becomes of an output y: bias, rectifier and 2x2 max pooling (forward), or a gate (backward).
struct xai_winograd_epilogue {
  const float *bias;  // [output_blocks * lanes], or null
  const float *gate;  // blocked as the output, or null: y passes where the gate is positive
  int32_t relu;       // negative y become 0
  int32_t pools;      // maxima of 2x2 windows are written alone; an odd last row or column is left out
  uint8_t *winners;   // blocked as the pooled output, or null: which of its window's four elements, in
                      // row-major order, each maximum is; of equal ones the first
  int32_t streams;    // the output is larger than the caches: written past them; needs 64-byte alignment
};

// Tiles of all images.
int64_t xai_winograd_tiles(const struct xai_winograd_shape *shape);

// Floats of packed weights: 36 products of input_blocks and output_blocks.
int64_t xai_winograd_packed_count(
    enum xai_vectors vectors, int64_t input_blocks, int64_t output_blocks);

// Packs one output block of the weights W [outputs, inputs, 3, 3]; with `transposed` those of the
// gradient by the input, whose outputs are the inputs of W. W's rows are multiplied by `slopes`
// [outputs] in double and rounded; null leaves them as they are.
void xai_winograd_pack(
    enum xai_vectors vectors, const float *weights, const double *slopes, int64_t outputs,
    int64_t inputs, int32_t transposed, int64_t output_block, float *packed);

// Transforms the input of tiles first ..< last into V [36][capacity][input_blocks * lanes], tile
// `first` at row 0 of it plus `row`. With `winners`, those that the epilogue of a pooling wrote, the
// input is a signal at that pooling's output, and each element goes to its winner; else it is null.
void xai_winograd_input(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *input,
    const uint8_t *winners, int64_t first, int64_t last, float *v, int64_t capacity, int64_t row);

// Multiplies rows of one of the 36 matrices: M [36][capacity][output_blocks * lanes].
void xai_winograd_multiply(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *packed,
    int64_t matrix, int64_t rows, const float *v, float *m, int64_t capacity);

// Transforms M back and writes the tiles first ..< last of the output.
void xai_winograd_output(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape,
    const struct xai_winograd_epilogue *epilogue, const float *m, int64_t capacity, int64_t row,
    int64_t first, int64_t last, float *output);

// All three phases for tiles first ..< last, at most `capacity` at a time; V and M belong to the caller's thread.
void xai_winograd_run(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape,
    const struct xai_winograd_epilogue *epilogue, const float *input, const uint8_t *winners,
    const float *packed, int64_t first, int64_t last, float *v, float *m, int64_t capacity, float *output);

// The gradient of a 3x3 convolution by an input of few channels, 1 to 4 (an image), summed directly:
// Winograd's products would compute a whole block. Sums run over the signal's channels in lanes.
int64_t xai_narrow_packed_count(enum xai_vectors vectors, int64_t input_blocks, int64_t channels);

// Packs W [outputs, channels, 3, 3]; `outputs` are the channels of the signal.
void xai_narrow_pack(
    enum xai_vectors vectors, const float *weights, int64_t outputs, int64_t channels,
    float *packed);

// Rows first ..< last of all images; the signal has the shape's input blocks, the output one block.
void xai_narrow_gradient(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t channels,
    const float *signal, const float *packed, int64_t first, int64_t last, float *output);

// The gradient of a 3x3 convolution by its weights, Winograd's algorithm transposed: with the transforms
// V of the input and W of the gradient by the output, 36 products W^T V over all tiles, transformed back.
// Sums run over tiles in order, in registers over short runs and then from run to run; where the 36
// matrices are small, each of some groups of tiles has its own, which are added in order at the end.
// Groups do not depend on the number of threads, and so the result does not.
int64_t xai_winograd_gradient_groups(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape);

// Tiles that are under way together.
int64_t xai_winograd_gradient_capacity(const struct xai_winograd_shape *shape);

// Floats of the transforms of these tiles, and of the 36 sums of a group.
int64_t xai_winograd_gradient_floats(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape);
int64_t xai_winograd_gradient_sums(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape);

// All sums of a group, where there are several; the transforms belong to the caller's thread.
void xai_winograd_gradient_run(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t group,
    const float *input, const float *signal, float *transformed, float *sums);

// Where there is one group: transforms tiles first ..< last of both operands, tile `first` at row `row`.
void xai_winograd_gradient_transform(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *input,
    const float *signal, int64_t first, int64_t last, float *transformed, int64_t row);

// Products of some output channels in one of the 36 matrices.
int64_t xai_winograd_gradient_products(const struct xai_winograd_shape *shape);

// Sums products first ..< last over the first `rows` tiles, in addition to what is there where asked.
void xai_winograd_gradient_multiply(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, int64_t first, int64_t last,
    const float *transformed, int64_t rows, int32_t adds, float *sums);

// Transforms the sums of all groups back for output channels first ..< last of the gradient [outputs, inputs, 3, 3].
void xai_winograd_gradient_output(
    enum xai_vectors vectors, const struct xai_winograd_shape *shape, const float *sums,
    int64_t inputs, int64_t first, int64_t last, float *gradient);

// A square convolution of odd size with stride 1 and "same" padding, summed directly.
struct xai_direct_shape {
  int64_t channels, height, width, kernel;
  int64_t output_blocks;
  int32_t is_plain;  // the input is CHW (an image) instead of blocked
};

// Its gradient by the weights. Sums run over the pixels of some rows in registers, then over the rows of
// an image, then over images, in order. The input of an image is copied first, with a border of zeros.
int64_t xai_direct_padded_floats(enum xai_vectors vectors, const struct xai_direct_shape *shape);
void xai_direct_pad(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, const float *input,
    float *padded);

// Products of some elements of the kernels and some output channels.
int64_t xai_direct_products(enum xai_vectors vectors, const struct xai_direct_shape *shape);

// Sums products first ..< last over images that lie side by side, in addition to what is there where
// asked: [channels * kernel * kernel][output_blocks * lanes].
void xai_direct_multiply(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, int64_t first, int64_t last,
    const float *padded, const float *signal, int64_t images, int32_t adds, float *sums);

// Writes output channels first ..< last of the gradient [outputs, channels, kernel, kernel].
void xai_direct_output(
    enum xai_vectors vectors, const struct xai_direct_shape *shape, const float *sums, int64_t first,
    int64_t last, float *gradient);

// Floats of a packed matrix of `inner` rows and `blocks` column blocks.
int64_t xai_matrix_packed_count(enum xai_vectors vectors, int64_t inner, int64_t blocks);

// Packs one column block of B, where B[i][j] is source[i * row_stride + j * column_stride]; columns
// beyond `columns` and rows beyond `rows` up to `inner` are 0. B is multiplied in double and rounded:
// its columns by `column_slopes`, its rows by `row_slopes`; null leaves them as they are.
void xai_matrix_pack(
    enum xai_vectors vectors, const float *source, const double *row_slopes,
    const double *column_slopes, int64_t rows, int64_t columns, int64_t row_stride,
    int64_t column_stride, int64_t inner, int64_t blocks, int64_t block, float *packed);

// C[rows][first_block ..< last_block] = A[rows][inner] * packed, plus bias, then rectified where asked.
// Rows of A and C have the given strides; sums run over `inner` in order. Either
// bound of the blocks is a multiple of 4, or the end.
void xai_matrix_multiply(
    enum xai_vectors vectors, const float *a, int64_t a_stride, int64_t rows, int64_t inner,
    const float *packed, int64_t blocks, int64_t first_block, int64_t last_block,
    const float *bias, int32_t relu, float *c, int64_t c_stride);

// As `xai_matrix_multiply`, and to the same bytes, for a matrix that is read too rarely to be packed:
// B[i][j] is source[i * stride + j], or source[j * stride + i] where it is turned; `source_rows` and
// `columns` are its extents. `scratch` belongs to the caller's thread.
int64_t xai_matrix_plain_floats(enum xai_vectors vectors, int64_t rows);
void xai_matrix_multiply_plain(
    enum xai_vectors vectors, const float *a, int64_t a_stride, int64_t rows, int64_t inner,
    const float *source, int64_t stride, int32_t is_turned, int64_t source_rows, int64_t columns,
    int64_t first_block, int64_t last_block, const float *bias, float *c, int64_t c_stride,
    float *scratch);

// Products over rows, C = A^T B: both factors [rows][blocks * lanes] are packed into panels of columns,
// as many as they have for the left one (A) and the right one (B).
int64_t xai_matrix_panels(enum xai_vectors vectors, int64_t blocks, int32_t is_left);

// Packs panels first ..< last; there are rows * blocks * lanes floats in all.
void xai_matrix_pack_panels(
    enum xai_vectors vectors, const float *source, int64_t rows, int64_t blocks, int32_t is_left,
    int64_t first, int64_t last, float *packed);

// Multiplies panels first ..< last of the left factor; a panel's rows of C are whole blocks. Sums run over
// rows in order, in registers over short runs and then from run to run.
void xai_matrix_multiply_panels(
    enum xai_vectors vectors, const float *left, int64_t left_blocks, const float *right,
    int64_t right_blocks, int64_t rows, int64_t first, int64_t last, float *c, int64_t c_stride);

#endif
