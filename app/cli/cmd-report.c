/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cli/commands.h"
#include "app/cli/report.h"

static const struct
{
  const char *id;
  gboolean (*write) (const GanderReport *report, GanderOutput *output, GError **error);
} formats[] = {
  { "json", gander_report_write_json },
};

gboolean
gander_command_report (GanderCall *call, GError **error)
{
  g_autoptr (GanderIndex) index = gander_call_load (call, call->files[0], error);
  g_autoptr (GanderScope) scope = NULL;
  g_autoptr (GanderOutput) output = NULL;
  GanderReport report = { .index = index, .cancellable = call->cancellable };

  if (index == NULL)
    return FALSE;
  scope = gander_scope_new (index, 0, gander_index_get_facts (index)->duration);
  report.scope = scope;
  output = gander_call_open_output (call, error);
  if (output == NULL)
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (formats); i++)
    if (g_str_equal (call->format, formats[i].id) && !formats[i].write (&report, output, error))
      return FALSE;
  return gander_output_close (output, error);
}
