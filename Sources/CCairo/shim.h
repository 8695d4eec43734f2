// Cairo: lines, areas and type, as pixels and as PDF.
#pragma once
#include <cairo-pdf.h>
#include <cairo.h>
