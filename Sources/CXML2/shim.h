// Debian builds libxml2 with ICU, whose headers declare the same types as the ICU that Foundation carries; clang refuses
// a program that sees both. Nothing here needs those fields of libxml2's converters, so ICU is left out.
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/encoding.h>
#include <libxml/xmlerror.h>
#include <libxml/HTMLparser.h>
