/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* Holds what the product says of every trace in tests/corpus against the reference reports in
 * tests/corpus/figures, field by field.
 */

#include "tests/support/corpus.h"

G_BEGIN_DECLS

typedef struct
{
  const char *name; /* of the trace */
  GanderIndex *index;
  JsonObject *report;
  gboolean loose; /* times may differ by 2 ns per interval: see test_agree_add () */
  guint n_wrong;
} TestAgree;

/* Adds a test per trace to the tests of the program, below @path. It calls @check, which compares
 * with the functions below, and fails if anything differs. @check is one function per program.
 *
 * Where a trace has very many threads Go's own order of events with equal times is an accident of
 * an unstable sort: ours is the documented one, and such a trace is loose. */
void test_agree_add (const char *path, void (*check) (TestAgree *test));

/* Runs all tests of the program and prints how many traces agree.
 *
 * Returns: what main () is to return. */
int test_agree_run (void);

/* Returns: a number of the report; one that is zero may be left out. */
gint64 test_agree_get (JsonObject *object, const char *name);

/* @where may be printed. @slack: what may differ if the trace is loose; 0 = nothing. */
void test_agree_int (TestAgree *test,
                     const char *where,
                     const char *what,
                     gint64 slack,
                     gint64 ours,
                     gint64 theirs);
void test_agree_text (TestAgree *test,
                      const char *where,
                      const char *what,
                      const char *ours,
                      const char *theirs);
void test_agree_double (TestAgree *test,
                        const char *where,
                        const char *what,
                        double slack,
                        double ours,
                        double theirs);

G_END_DECLS
