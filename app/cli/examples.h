/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* The traces that come with Gander. */

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct
{
  const char *id;       /* what gander-cli sample calls it */
  const char *name;     /* of the file */
  const char *title;    /* untranslated, marked */
  const char *subtitle; /* what there is to see; untranslated, marked */
} GanderExample;

/* Returns: (transfer none) (array length=n) all examples, the one to begin with first. */
const GanderExample *gander_examples_get (guint *n);

/* Returns: (transfer full) (nullable) the file of @example: from the folder in the environment
 * variable GANDER_DATA_DIR, where Gander was installed, or where it was built. NULL when it is in
 * none of them. */
GFile *gander_example_find (const GanderExample *example);

/* Returns: (transfer none) (nullable) the example with this id. */
const GanderExample *gander_example_get (const char *id);

/* Returns: whether @file is one of them. */
gboolean gander_example_is (GFile *file);

G_END_DECLS
