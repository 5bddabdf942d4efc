/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* What an assertion came to, in the forms that people, tests and CI services read. */

#include "app/cli/cli-call.h"

G_BEGIN_DECLS

typedef enum
{
  GANDER_ASSERT_PASSED,
  GANDER_ASSERT_FAILED,
  GANDER_ASSERT_NOT_KNOWN, /* it asks for what the trace does not have */
} GanderAssertResult;

/* A figure as it was measured. */
typedef struct
{
  char *name;
  GanderValue value;
  gboolean known;
  const char *meaning; /* untranslated, or NULL */
} GanderAssertFigure;

typedef struct
{
  const char *text; /* (unowned) */
  GanderAssertResult result;
  GArray *figures; /* of guint: which of the outcome's figures it names */
} GanderAssertCondition;

typedef struct
{
  const GanderIndex *index; /* NULL: nothing but a list of names */
  const char *path;
  GanderTime begin;
  GanderTime end;
  GArray *conditions; /* of GanderAssertCondition */
  GArray *figures;    /* of GanderAssertFigure */
} GanderAssertOutcome;

/* Returns: how many conditions did not pass. */
guint gander_assert_count_failed (const GanderAssertOutcome *self);

/* Writes @self in the format of @call. */
void gander_assert_write (const GanderAssertOutcome *self, GanderCall *call, GanderOutput *output);

G_END_DECLS
