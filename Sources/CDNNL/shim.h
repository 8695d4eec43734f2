// The part of oneDNN that this project uses, as functions Swift can call.
//
// Why not the C API directly: memory descriptors are structs of 12-element arrays in version 2 (Swift
// imports them as tuples) and opaque pointers in version 3; DNNL_MEMORY_NONE and DNNL_RUNTIME_* are
// macros; operation descriptors exist only in version 2. What differs between versions is decided
// here, so Swift sees one interface.
#ifndef CDNNL_SHIM_H
#define CDNNL_SHIM_H

#include <dnnl.h>
#include <dnnl_debug.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// libgomp's entry points: oneDNN brings this thread pool, and our own loops run on it too, because a
// second pool in the process would fight for the cores.
void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
void omp_set_num_threads(int threads);
int omp_get_max_threads(void);
int omp_get_thread_limit(void);
void omp_set_dynamic(int may_be_fewer);
int omp_get_max_active_levels(void);
void omp_set_max_active_levels(int levels);
int omp_get_thread_num(void);
int omp_get_num_threads(void);
int omp_get_num_procs(void);

// Pieces of memory of at least so many bytes go back to the system when they are freed. By itself the C
// library raises this limit as a program runs, and keeps large pieces between smaller ones in use.
static inline void xai_return_freed_memory(int bytes) { mallopt(M_MMAP_THRESHOLD, bytes); }

enum xai_direction {
  xai_forward_inference = 0,
  xai_forward_training = 1,
  xai_backward_data = 2
};

// A square convolution with stride 1 and "same" padding.
struct xai_convolution_shape {
  int64_t batch, input_channels, output_channels, height, width, kernel;
  int32_t direction;      // enum xai_direction
  int32_t channel_block;  // 16 or 8: activations are nChw16c or nChw8c
  int32_t plain_input;    // the input is NCHW (an image) instead of blocked
  int32_t has_bias;
  int32_t relu;           // rectify the output (inference only)
  int32_t winograd;       // the library may choose Winograd's algorithm
};

// One prepared convolution: the primitive, its weights' packing and the memory handles.
struct xai_convolution {
  dnnl_primitive_t compute;
  dnnl_primitive_t pack;  // plain weights -> packed
  dnnl_memory_t input, output, packed, plain, bias, scratchpad;
  size_t packed_bytes, scratchpad_bytes;
  int64_t rows, row_floats, padded_row_floats;  // of the plain weights, and as the library sees them
  int32_t is_packed_plain;  // the primitive takes plain weights: nothing to pack
  const char *implementation;
};

static inline int xai_version_major(void) { return dnnl_version()->major; }
static inline int xai_version_minor(void) { return dnnl_version()->minor; }
static inline int xai_version_patch(void) { return dnnl_version()->patch; }

// Channels an AVX-512 register holds, or an AVX register.
static inline int xai_preferred_channel_block(void) {
  return (dnnl_get_effective_cpu_isa() & dnnl_cpu_isa_avx512_core) == dnnl_cpu_isa_avx512_core
             ? 16
             : 8;
}

#if DNNL_VERSION_MAJOR >= 3
typedef dnnl_memory_desc_t xai_desc;
typedef const_dnnl_memory_desc_t xai_const_desc;
#define XAI_CONST_PD const_dnnl_primitive_desc_t
static inline dnnl_status_t xai_desc_make(
    xai_desc *desc, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_create_with_tag(desc, rank, dims, dnnl_f32, tag);
}
static inline void xai_desc_free(xai_desc *desc) { dnnl_memory_desc_destroy(*desc); }
#define XAI_REF(desc) (desc)
static inline int xai_desc_equal(xai_const_desc a, xai_const_desc b) {
  return dnnl_memory_desc_equal(a, b);
}
#else
typedef dnnl_memory_desc_t xai_desc;
typedef const dnnl_memory_desc_t *xai_const_desc;
static inline dnnl_status_t xai_desc_make(
    xai_desc *desc, int rank, const dnnl_dims_t dims, dnnl_format_tag_t tag) {
  return dnnl_memory_desc_init_by_tag(desc, rank, dims, dnnl_f32, tag);
}
static inline void xai_desc_free(xai_desc *desc) { (void)desc; }
#define XAI_REF(desc) (&(desc))
static inline int xai_desc_equal(xai_const_desc a, xai_const_desc b) {
  return dnnl_memory_desc_equal(a, b);
}
#endif

static inline void xai_convolution_destroy(struct xai_convolution *c) {
  dnnl_memory_t memories[] = {c->input, c->output, c->packed, c->plain, c->bias, c->scratchpad};
  for (int i = 0; i < 6; i++)
    if (memories[i]) dnnl_memory_destroy(memories[i]);
  if (c->compute) dnnl_primitive_destroy(c->compute);
  if (c->pack) dnnl_primitive_destroy(c->pack);
  memset(c, 0, sizeof *c);
}

#define XAI_CHECK(call)                         \
  do {                                          \
    status = (call);                            \
    if (status != dnnl_success) goto cleanup;   \
  } while (0)

// The primitive descriptor of a direction; `hint` is the forward one for the backward directions.
static inline dnnl_status_t xai_convolution_desc(
    dnnl_primitive_desc_t *pd, dnnl_engine_t engine, const struct xai_convolution_shape *s,
    int direction, const_dnnl_primitive_desc_t hint, xai_desc *src, xai_desc *wei, xai_desc *bia,
    xai_desc *dst, const_dnnl_primitive_attr_t attr) {
  dnnl_alg_kind_t alg = s->winograd ? dnnl_convolution_auto : dnnl_convolution_direct;
  dnnl_dims_t strides = {1, 1};
  dnnl_dims_t pad = {s->kernel / 2, s->kernel / 2};
  int bias = s->has_bias && direction <= xai_forward_training;
#if DNNL_VERSION_MAJOR >= 3
  dnnl_dims_t dilation = {0, 0};
  switch (direction) {
    case xai_backward_data:
      return dnnl_convolution_backward_data_primitive_desc_create(
          pd, engine, alg, *src, *wei, *dst, strides, dilation, pad, pad, hint, attr);
    default:
      return dnnl_convolution_forward_primitive_desc_create(
          pd, engine,
          direction == xai_forward_inference ? dnnl_forward_inference : dnnl_forward_training, alg,
          *src, *wei, bias ? *bia : NULL, *dst, strides, dilation, pad, pad, attr);
  }
#else
  dnnl_convolution_desc_t desc;
  dnnl_status_t status;
  switch (direction) {
    case xai_backward_data:
      status = dnnl_convolution_backward_data_desc_init(&desc, alg, src, wei, dst, strides, pad, pad);
      break;
    default:
      status = dnnl_convolution_forward_desc_init(
          &desc, direction == xai_forward_inference ? dnnl_forward_inference : dnnl_forward_training,
          alg, src, wei, bias ? bia : NULL, dst, strides, pad, pad);
  }
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(pd, &desc, attr, engine, hint);
#endif
}

// Input channels as the library sees them. A block that is not full it takes for an image's channels, has
// no fast kernel for such a blocked input and falls back to one a thousand times slower; the block's
// other channels are zeros, so it may as well be told that there are as many as fill it.
static inline int64_t xai_filled_channels(const struct xai_convolution_shape *s) {
  return s->plain_input || s->input_channels >= s->channel_block ? s->input_channels
                                                                 : s->channel_block;
}

// Prepares a convolution; on failure everything made so far is freed and *out is zero.
static inline dnnl_status_t xai_convolution_create(
    struct xai_convolution *out, dnnl_engine_t engine, const struct xai_convolution_shape *s) {
  dnnl_status_t status = dnnl_success;
  dnnl_primitive_attr_t attr = NULL;
  dnnl_post_ops_t ops = NULL;
  dnnl_primitive_desc_t forward = NULL, pd = NULL, reorder = NULL;
  xai_desc src, wei, any, dst, bia;
  memset(&src, 0, sizeof src);
  memset(&wei, 0, sizeof wei);
  memset(&any, 0, sizeof any);
  memset(&dst, 0, sizeof dst);
  memset(&bia, 0, sizeof bia);
  memset(out, 0, sizeof *out);
  int64_t channels = xai_filled_channels(s);
  dnnl_dims_t src_dims = {s->batch, channels, s->height, s->width};
  dnnl_dims_t wei_dims = {s->output_channels, channels, s->kernel, s->kernel};
  dnnl_dims_t dst_dims = {s->batch, s->output_channels, s->height, s->width};
  dnnl_dims_t bia_dims = {s->output_channels};
  dnnl_format_tag_t blocked = s->channel_block == 16 ? dnnl_nChw16c : dnnl_nChw8c;

  XAI_CHECK(xai_desc_make(&src, 4, src_dims, s->plain_input ? dnnl_nchw : blocked));
  XAI_CHECK(xai_desc_make(&wei, 4, wei_dims, dnnl_oihw));
  XAI_CHECK(xai_desc_make(&any, 4, wei_dims, dnnl_format_tag_any));
  XAI_CHECK(xai_desc_make(&dst, 4, dst_dims, blocked));
  XAI_CHECK(xai_desc_make(&bia, 1, bia_dims, dnnl_a));
  XAI_CHECK(dnnl_primitive_attr_create(&attr));
  XAI_CHECK(dnnl_primitive_attr_set_scratchpad_mode(attr, dnnl_scratchpad_mode_user));
  if (s->direction >= xai_backward_data)
    XAI_CHECK(xai_convolution_desc(
        &forward, engine, s, xai_forward_training, NULL, &src, &any, &bia, &dst, attr));
  if (s->relu && s->direction == xai_forward_inference) {
    XAI_CHECK(dnnl_post_ops_create(&ops));
#if DNNL_VERSION_MAJOR >= 3
    XAI_CHECK(dnnl_post_ops_append_eltwise(ops, dnnl_eltwise_relu, 0.f, 0.f));
#else
    XAI_CHECK(dnnl_post_ops_append_eltwise(ops, 1.f, dnnl_eltwise_relu, 0.f, 0.f));
#endif
    XAI_CHECK(dnnl_primitive_attr_set_post_ops(attr, ops));
  }
  XAI_CHECK(xai_convolution_desc(
      &pd, engine, s, s->direction, forward, &src, &any, &bia, &dst, attr));
  XAI_CHECK(dnnl_primitive_create(&out->compute, pd));
  XAI_CHECK(dnnl_primitive_desc_query(pd, dnnl_query_impl_info_str, 0, (void *)&out->implementation));
  {
    xai_const_desc packed = dnnl_primitive_desc_query_md(pd, dnnl_query_weights_md, 0);
    xai_const_desc scratch = dnnl_primitive_desc_query_md(pd, dnnl_query_scratchpad_md, 0);
    out->packed_bytes = dnnl_memory_desc_get_size(packed);
    out->scratchpad_bytes = dnnl_memory_desc_get_size(scratch);
    out->rows = s->output_channels;
    out->row_floats = s->input_channels * s->kernel * s->kernel;
    out->padded_row_floats = channels * s->kernel * s->kernel;
    out->is_packed_plain =
        out->row_floats == out->padded_row_floats && xai_desc_equal(packed, XAI_REF(wei));
    XAI_CHECK(dnnl_memory_create(&out->input, XAI_REF(src), engine, DNNL_MEMORY_NONE));
    XAI_CHECK(dnnl_memory_create(&out->output, XAI_REF(dst), engine, DNNL_MEMORY_NONE));
    XAI_CHECK(dnnl_memory_create(&out->packed, packed, engine, DNNL_MEMORY_NONE));
    XAI_CHECK(dnnl_memory_create(&out->plain, XAI_REF(wei), engine, DNNL_MEMORY_NONE));
    XAI_CHECK(dnnl_memory_create(&out->bias, XAI_REF(bia), engine, DNNL_MEMORY_NONE));
    XAI_CHECK(dnnl_memory_create(&out->scratchpad, scratch, engine, DNNL_MEMORY_NONE));
    if (!out->is_packed_plain) {
      XAI_CHECK(dnnl_reorder_primitive_desc_create(
          &reorder, XAI_REF(wei), engine, packed, engine, NULL));
      XAI_CHECK(dnnl_primitive_create(&out->pack, reorder));
    }
  }
cleanup:
  if (reorder) dnnl_primitive_desc_destroy(reorder);
  if (pd) dnnl_primitive_desc_destroy(pd);
  if (forward) dnnl_primitive_desc_destroy(forward);
  if (ops) dnnl_post_ops_destroy(ops);
  if (attr) dnnl_primitive_attr_destroy(attr);
  xai_desc_free(&src);
  xai_desc_free(&wei);
  xai_desc_free(&any);
  xai_desc_free(&dst);
  xai_desc_free(&bia);
  if (status != dnnl_success) xai_convolution_destroy(out);
  return status;
}

// Whether two convolutions want weights packed alike: same shape, same layout.
static inline int xai_convolution_packs_like(
    const struct xai_convolution *a, const struct xai_convolution *b) {
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t first, second;
#else
  const dnnl_memory_desc_t *first, *second;
#endif
  return dnnl_memory_get_memory_desc(a->packed, &first) == dnnl_success &&
         dnnl_memory_get_memory_desc(b->packed, &second) == dnnl_success &&
         dnnl_memory_desc_equal(first, second);
}

// Runs a prepared convolution. `input`, `output`: activations or their gradients by position in the
// forward pass; `weights`: packed. `bias` may be null when the shape has none.
static inline dnnl_status_t xai_convolution_execute(
    const struct xai_convolution *c, dnnl_stream_t stream, int direction, void *input, void *weights,
    void *bias, void *output, void *scratchpad) {
  dnnl_status_t status;
  dnnl_exec_arg_t args[5];
  int count = 0;
  int data = direction == xai_backward_data;
  XAI_CHECK(dnnl_memory_set_data_handle(c->input, input));
  XAI_CHECK(dnnl_memory_set_data_handle(c->packed, weights));
  XAI_CHECK(dnnl_memory_set_data_handle(c->output, output));
  XAI_CHECK(dnnl_memory_set_data_handle(c->scratchpad, scratchpad));
  args[count++] = (dnnl_exec_arg_t){data ? DNNL_ARG_DIFF_SRC : DNNL_ARG_SRC, c->input};
  args[count++] = (dnnl_exec_arg_t){DNNL_ARG_WEIGHTS, c->packed};
  args[count++] = (dnnl_exec_arg_t){data ? DNNL_ARG_DIFF_DST : DNNL_ARG_DST, c->output};
  args[count++] = (dnnl_exec_arg_t){DNNL_ARG_SCRATCHPAD, c->scratchpad};
  if (bias) {
    XAI_CHECK(dnnl_memory_set_data_handle(c->bias, bias));
    args[count++] = (dnnl_exec_arg_t){DNNL_ARG_BIAS, c->bias};
  }
  status = dnnl_primitive_execute(c->compute, stream, count, args);
cleanup:
  return status;
}

// Copies weights from the plain (oihw) to the packed layout.
static inline dnnl_status_t xai_convolution_pack(
    const struct xai_convolution *c, dnnl_stream_t stream, void *plain, void *packed) {
  dnnl_status_t status = dnnl_success;
  if (c->row_floats != c->padded_row_floats) {
    // By way of plain weights with the channels that the library sees.
    struct xai_convolution padded = *c;
    padded.row_floats = c->padded_row_floats;
    float *all = calloc((size_t)(c->rows * c->padded_row_floats), sizeof(float));
    if (!all) return dnnl_out_of_memory;
    for (int64_t row = 0; row < c->rows; row++)
      memcpy(
          all + row * c->padded_row_floats, (float *)plain + row * c->row_floats,
          (size_t)c->row_floats * sizeof(float));
    status = xai_convolution_pack(&padded, stream, all, packed);
    free(all);
    return status;
  }
  XAI_CHECK(dnnl_memory_set_data_handle(c->plain, plain));
  XAI_CHECK(dnnl_memory_set_data_handle(c->packed, packed));
  dnnl_exec_arg_t args[] = {{DNNL_ARG_FROM, c->plain}, {DNNL_ARG_TO, c->packed}};
  status = dnnl_primitive_execute(c->pack, stream, 2, args);
cleanup:
  return status;
}

#undef XAI_CHECK
#undef XAI_REF
#endif
