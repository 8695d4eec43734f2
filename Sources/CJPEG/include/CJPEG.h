/* Bytes in, pixels and a status out: libjpeg with its setjmp/longjmp kept inside.
 *
 * libjpeg reports errors by a callback that must not return, and Swift can neither call setjmp nor
 * be jumped over. Every function here returns normally. Nothing is shared between decoders, so
 * several threads may each use their own. */
#ifndef CJPEG_H
#define CJPEG_H

#include <stddef.h>
#include <stdint.h>

typedef enum {
  CJPEG_OK = 0,
  CJPEG_CORRUPT,    /* not a JPEG file, or its data contradict themselves */
  CJPEG_TRUNCATED,  /* the data end before the picture does */
  CJPEG_UNSUPPORTED, /* a JPEG variant that libjpeg cannot read: 12 bit, lossless, hierarchical */
  CJPEG_NO_MEMORY,
  CJPEG_TOO_LARGE, /* the coefficients do not fit into the caller's limit of memory */
} cjpeg_status;

enum { CJPEG_MESSAGE_CAPACITY = 200 };

typedef struct cjpeg_decoder cjpeg_decoder;

/* Begins to decode `count` bytes, which must stay where they are until the decoder is destroyed.
 * Null when memory is exhausted. */
cjpeg_decoder *cjpeg_decoder_create(const uint8_t *bytes, size_t count);

/* Reads up to the first scan and reports the extents of the stored picture; allocates nothing that
 * depends on them. */
cjpeg_status cjpeg_decoder_read_header(cjpeg_decoder *decoder, int *width, int *height);

/* After the header: asks for the picture at 1 / denominator (1, 2, 4 or 8) of its extents, and reports
 * the extents that it then has. */
cjpeg_status cjpeg_decoder_set_scale(
  cjpeg_decoder *decoder, int denominator, int *width, int *height);

/* After the header: writes width * height * 3 bytes, rows from top to bottom, R G B. Any warning
 * that means lost pixels is an error. `memory_limit` bounds what libjpeg may allocate for a picture
 * whose coefficients it has to keep; where that is not enough, nothing is allocated. */
cjpeg_status cjpeg_decoder_read_rgb(
  cjpeg_decoder *decoder, uint8_t *rgb, size_t capacity, size_t memory_limit);

/* libjpeg's words for the last status that was not CJPEG_OK; lives as long as the decoder. */
const char *cjpeg_decoder_message(const cjpeg_decoder *decoder);

/* How many warnings lost no pixel. */
int cjpeg_decoder_warnings(const cjpeg_decoder *decoder);

/* libjpeg's words for the first of them; for a missing end, for that. */
const char *cjpeg_decoder_first_warning(const cjpeg_decoder *decoder);

void cjpeg_decoder_destroy(cjpeg_decoder *decoder);

/* Compresses RGB pixels into a buffer of the caller and tells how many bytes were written.
 * `full_chroma` keeps colour at full resolution (4:4:4), otherwise it is halved (4:2:0).
 * `message` has CJPEG_MESSAGE_CAPACITY bytes. */
cjpeg_status cjpeg_encode(
  const uint8_t *rgb, int width, int height, int quality, int full_chroma, uint8_t *output,
  size_t capacity, size_t *written, char *message);

#endif
