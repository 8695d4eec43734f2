#ifndef CPNG_SHIM_H
#define CPNG_SHIM_H

/* Only the simplified png_image functions may be called: they keep setjmp inside libpng. */
#include <png.h>

#endif
