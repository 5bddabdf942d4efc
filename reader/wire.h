/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Codes of the wire format, from events.def. */

#include <glib.h>

G_BEGIN_DECLS

enum
{
#define EVENT(code, NAME, name, since, arguments, handler) GANDER_WIRE_##NAME = code,
#include "reader/events.def"
#undef EVENT
};

/* Limits of the format; a claim beyond them is damage. */
#define GANDER_BATCH_MAX     65536
#define GANDER_STRING_MAX    1024
#define GANDER_FRAMES_MAX    128
#define GANDER_ARGUMENTS_MAX 4 /* besides dt */

G_END_DECLS
