/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

/* A blocking profile for other programs: pprof, flame graphs, speedscope. All formats have the same
 * stacks with the same times.
 */

#include "analysis/analysis.h"
#include "app/cli/cli-output.h"

G_BEGIN_DECLS

/* What stands for a stack that is not known. */
#define GANDER_PROFILE_NO_STACK "(no stack)"

typedef struct
{
  const GanderIndex *index;
  const GanderProfile *profile;
  const guint8 *keep; /* (nullable) a 1 for each record that is wanted */
  GanderTime begin;   /* what the profile is about */
  GanderTime end;
  gboolean at_least;             /* the trace is damaged: something is missing */
  const GanderTimesStyle *times; /* for people */
} GanderProfileView;

/* The gzip-compressed protocol buffer of pprof: sample types contentions/count and
 * delay/nanoseconds, like go tool trace's, and labels. */
void gander_profile_write_pprof (const GanderProfileView *self, GanderOutput *output);

/* A flame graph, callers above what they call. */
void gander_profile_write_svg (const GanderProfileView *self, GanderOutput *output);

/* "root;…;leaf nanoseconds", a line per stack of functions. */
void gander_profile_write_folded (const GanderProfileView *self, GanderOutput *output);

/* The file format of speedscope: times, and numbers of waits as a second profile. */
void gander_profile_write_speedscope (const GanderProfileView *self, GanderOutput *output);

/* Appends "3,942 waits, 83.88ms in all, 2 still open when the trace ended". */
void gander_profile_append_sum (const GanderProfileView *self, GString *out);

/* Returns: (transfer full) a duration for people. */
char *gander_profile_format_duration (const GanderProfileView *self,
                                      GanderTime duration) G_GNUC_WARN_UNUSED_RESULT;

/* For people: the stacks whole, a line per frame. */
void gander_profile_write_stacks (const GanderProfileView *self, GanderOutput *output);

G_END_DECLS
