#include "CJPEG.h"

#include <setjmp.h>
#include <stdio.h>  /* jpeglib.h needs it and does not include it */
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>
#include <jerror.h>

_Static_assert(CJPEG_MESSAGE_CAPACITY >= JMSG_LENGTH_MAX, "libjpeg formats into the whole buffer");
_Static_assert(BITS_IN_JSAMPLE == 8, "samples are written as bytes");

/* A progressive file of a few bytes can ask for thousands of passes over the picture. */
enum { SCAN_LIMIT = 500 };

/* `manager` is first, so that libjpeg's pointer to it is a pointer to the whole. */
typedef struct {
  struct jpeg_error_mgr manager;
  jmp_buf jump;
  cjpeg_status status;
  char *message;
  int warnings;
  int ended_early; /* the bytes ran out, and libjpeg made up an end marker */
  char first_warning[CJPEG_MESSAGE_CAPACITY];
} error_handler;

static cjpeg_status status_of(int message_code) {
  switch (message_code) {
  case JWRN_JPEG_EOF:
  case JERR_INPUT_EOF:
    return CJPEG_TRUNCATED;
  case JERR_OUT_OF_MEMORY:
    return CJPEG_NO_MEMORY;
  case JERR_NO_BACKING_STORE:
    /* What exceeds `max_memory_to_use` would go to a temporary file. */
    return CJPEG_TOO_LARGE;
  case JERR_BAD_PRECISION:
  case JERR_SOF_UNSUPPORTED:
  case JERR_CONVERSION_NOTIMPL:
  case JERR_NOT_COMPILED:
  case JERR_FRACT_SAMPLE_NOTIMPL:
  case JERR_CCIR601_NOTIMPL:
    return CJPEG_UNSUPPORTED;
  default:
    return CJPEG_CORRUPT;
  }
}

static void on_error(j_common_ptr info) {
  error_handler *handler = (error_handler *)info->err;
  if (handler->ended_early) {
    /* Whatever else is wrong follows from that. */
    handler->status = CJPEG_TRUNCATED;
    memcpy(handler->message, handler->first_warning, CJPEG_MESSAGE_CAPACITY);
  } else {
    handler->status = status_of(info->err->msg_code);
    info->err->format_message(info, handler->message);
  }
  longjmp(handler->jump, 1);
}

/* Level -1 is a warning, anything else a trace. A warning is an error unless every pixel is there. */
static void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  error_handler *handler = (error_handler *)info->err;
  char *text = handler->first_warning;
  switch (info->err->msg_code) {
  case JWRN_JPEG_EOF:
    /* Harmless where it is only the end marker that is missing; if more is, worse follows. */
    handler->ended_early = 1;
    info->err->format_message(info, text);
    handler->warnings++;
    return;
  case JWRN_EXTRANEOUS_DATA:
    /* Between segments they hide nothing; before a restart marker the pixels may be shifted. */
    if (info->err->msg_parm.i[1] >= 0xD0 && info->err->msg_parm.i[1] <= 0xD7) break;
    /* fall through */
  case JWRN_ADOBE_XFORM:
  case JWRN_JFIF_MAJOR:
  case JWRN_NOT_SEQUENTIAL:
    if (handler->warnings++ == 0) info->err->format_message(info, text);
    return;
  default:
    break;
  }
  on_error(info);
}

static void handler_initialize(error_handler *handler, char *message) {
  jpeg_std_error(&handler->manager);
  handler->manager.error_exit = on_error;
  handler->manager.emit_message = on_message;
  handler->status = CJPEG_OK;
  handler->message = message;
  message[0] = '\0';
  handler->warnings = 0;
  handler->ended_early = 0;
  handler->first_warning[0] = '\0';
}

struct cjpeg_decoder {
  struct jpeg_decompress_struct info;
  error_handler errors;
  struct jpeg_progress_mgr progress;
  const uint8_t *bytes;
  size_t count;
  char message[CJPEG_MESSAGE_CAPACITY];
};

static void on_progress(j_common_ptr info) {
  if (((j_decompress_ptr)info)->input_scan_number > SCAN_LIMIT) {
    error_handler *handler = (error_handler *)info->err;
    handler->status = CJPEG_CORRUPT;
    snprintf(handler->message, CJPEG_MESSAGE_CAPACITY, "More than %d scans", (int)SCAN_LIMIT);
    longjmp(handler->jump, 1);
  }
}

cjpeg_decoder *cjpeg_decoder_create(const uint8_t *bytes, size_t count) {
  cjpeg_decoder *decoder = calloc(1, sizeof *decoder);
  if (decoder == NULL) return NULL;
  handler_initialize(&decoder->errors, decoder->message);
  decoder->bytes = bytes;
  decoder->count = count;
  return decoder;
}

cjpeg_status cjpeg_decoder_read_header(cjpeg_decoder *decoder, int *width, int *height) {
  struct jpeg_decompress_struct *info = &decoder->info;
  if (setjmp(decoder->errors.jump)) return decoder->errors.status;
  info->err = &decoder->errors.manager;
  jpeg_create_decompress(info);
  info->progress = &decoder->progress;
  decoder->progress.progress_monitor = on_progress;
  jpeg_mem_src(info, decoder->bytes, (unsigned long)decoder->count);
  jpeg_read_header(info, TRUE);
  *width = (int)info->image_width;
  *height = (int)info->image_height;
  return CJPEG_OK;
}

cjpeg_status cjpeg_decoder_set_scale(
  cjpeg_decoder *decoder, int denominator, int *width, int *height) {
  struct jpeg_decompress_struct *info = &decoder->info;
  if (setjmp(decoder->errors.jump)) return decoder->errors.status;
  info->scale_num = 1;
  info->scale_denom = (unsigned int)denominator;
  jpeg_calc_output_dimensions(info);
  *width = (int)info->output_width;
  *height = (int)info->output_height;
  return CJPEG_OK;
}

/* Whether every coefficient of every component was sent, where the end marker cannot vouch for it. */
static int is_complete(j_decompress_ptr info) {
  /* The arithmetic decoder reads on in zeros without a word. */
  if (info->arith_code) return 0;
  for (int component = 0; component < info->num_components; component++) {
    if (info->comp_info[component].quant_table == NULL) return 0; /* in no scan */
    if (!info->progressive_mode) continue;
    for (int coefficient = 0; coefficient < DCTSIZE2; coefficient++)
      if (info->coef_bits[component][coefficient] != 0) return 0;
  }
  return 1;
}

/* Programs store C, M, Y, K inverted, 255 is no ink, with Adobe's marker or without. */
static void convert_cmyk(const uint8_t *cmyk, uint8_t *rgb, size_t width) {
  for (size_t x = 0; x < width; x++, cmyk += 4, rgb += 3)
    for (int channel = 0; channel < 3; channel++)
      rgb[channel] = (uint8_t)((cmyk[channel] * cmyk[3] + 127) / 255);
}

cjpeg_status cjpeg_decoder_read_rgb(
  cjpeg_decoder *decoder, uint8_t *rgb, size_t capacity, size_t memory_limit) {
  struct jpeg_decompress_struct *info = &decoder->info;
  if (setjmp(decoder->errors.jump)) return decoder->errors.status;

  const int four_channels = info->num_components == 4;
  info->out_color_space = four_channels ? JCS_CMYK : JCS_RGB;
  info->dct_method = JDCT_ISLOW;
  info->do_fancy_upsampling = TRUE;
  info->mem->max_memory_to_use = (long)memory_limit;
  jpeg_start_decompress(info);

  const size_t stride = (size_t)info->output_width * 3;
  if (capacity / stride < info->output_height) ERREXIT(info, JERR_BUFFER_SIZE);
  JSAMPARRAY inks = NULL;
  if (four_channels)
    inks = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
  while (info->output_scanline < info->output_height) {
    JSAMPROW row = rgb + stride * info->output_scanline;
    if (four_channels) {
      jpeg_read_scanlines(info, inks, 1);
      convert_cmyk(inks[0], row, info->output_width);
    } else {
      jpeg_read_scanlines(info, &row, 1);
    }
  }
  const int was_complete = is_complete(info);
  /* Reads on to the end marker. */
  jpeg_finish_decompress(info);
  if (decoder->errors.ended_early && !was_complete) {
    memcpy(decoder->message, decoder->errors.first_warning, CJPEG_MESSAGE_CAPACITY);
    return CJPEG_TRUNCATED;
  }
  return CJPEG_OK;
}

int cjpeg_decoder_warnings(const cjpeg_decoder *decoder) { return decoder->errors.warnings; }

const char *cjpeg_decoder_first_warning(const cjpeg_decoder *decoder) {
  return decoder->errors.first_warning;
}

const char *cjpeg_decoder_message(const cjpeg_decoder *decoder) { return decoder->message; }

void cjpeg_decoder_destroy(cjpeg_decoder *decoder) {
  if (decoder == NULL) return;
  jpeg_destroy_decompress(&decoder->info);
  free(decoder);
}

/* The memory destination of libjpeg grows by malloc and leaks when compression fails. */
static void begin_output(j_compress_ptr info) { (void)info; }
static void end_output(j_compress_ptr info) { (void)info; }
static boolean on_full_output(j_compress_ptr info) {
  ERREXIT(info, JERR_BUFFER_SIZE);
  return FALSE;
}

cjpeg_status cjpeg_encode(
  const uint8_t *rgb, int width, int height, int quality, int full_chroma, uint8_t *output,
  size_t capacity, size_t *written, char *message) {
  struct jpeg_compress_struct info;
  struct jpeg_destination_mgr destination;
  error_handler errors;
  memset(&info, 0, sizeof info);
  handler_initialize(&errors, message);
  if (setjmp(errors.jump)) {
    jpeg_destroy_compress(&info);
    return errors.status;
  }
  info.err = &errors.manager;
  jpeg_create_compress(&info);

  destination.next_output_byte = output;
  destination.free_in_buffer = capacity;
  destination.init_destination = begin_output;
  destination.empty_output_buffer = on_full_output;
  destination.term_destination = end_output;
  info.dest = &destination;

  info.image_width = (JDIMENSION)width;
  info.image_height = (JDIMENSION)height;
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  info.dct_method = JDCT_ISLOW;
  info.optimize_coding = TRUE;
  if (full_chroma) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;

  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    JSAMPROW row = (JSAMPROW)(rgb + (size_t)width * 3 * info.next_scanline);
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  *written = capacity - destination.free_in_buffer;
  jpeg_destroy_compress(&info);
  return CJPEG_OK;
}
