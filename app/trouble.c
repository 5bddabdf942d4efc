/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/trouble.h"

#include "reader/reader.h"

#include <glib/gi18n.h>

#define ANY_CODE (-1)
/* How the reader begins what the title says already. */
#define NOT_A_TRACE "not a Go execution trace: "

/* The first row that fits an error is its text; the last fits all. */
typedef struct
{
  GQuark (*domain) (void); /* NULL fits every domain */
  int code;
  const char *icon;
  const char *title;       /* with one %s, the file's name */
  const char *description; /* NULL: what the error says, as a sentence */
} TroubleText;

static const TroubleText trouble_texts[] = {
  { gander_reader_error_quark,
    GANDER_READER_ERROR_NOT_A_TRACE,
    "dialog-question-symbolic",
    N_ ("%s is not an execution trace"),
    NULL },
  { gander_reader_error_quark,
    GANDER_READER_ERROR_EMPTY,
    "dialog-warning-symbolic",
    N_ ("%s is empty"),
    N_ ("Was trace.Stop called before the program ended?") },
  { gander_reader_error_quark,
    GANDER_READER_ERROR_UNSUPPORTED_VERSION,
    "dialog-warning-symbolic",
    N_ ("%s is in a format that Gander cannot read"),
    NULL },
  { gander_reader_error_quark,
    GANDER_READER_ERROR_NOTHING_READABLE,
    "dialog-warning-symbolic",
    N_ ("Nothing in %s can be read"),
    N_ ("It begins like an execution trace, but not one event in it is whole. It was not changed; "
        "if there is another copy, try that one.") },
  { gander_reader_error_quark,
    GANDER_READER_ERROR_TOO_LARGE,
    "dialog-warning-symbolic",
    N_ ("%s is too large"),
    NULL },
  { g_file_error_quark,
    G_FILE_ERROR_NOENT,
    "dialog-warning-symbolic",
    N_ ("%s is not there"),
    N_ ("The file may have been moved, renamed or deleted.") },
  { g_file_error_quark,
    G_FILE_ERROR_ACCES,
    "dialog-password-symbolic",
    N_ ("%s may not be read"),
    N_ ("The file's permissions do not allow you to read it.") },
  { g_file_error_quark,
    G_FILE_ERROR_ISDIR,
    "folder-symbolic",
    N_ ("%s is a folder"),
    N_ ("Choose a trace inside it.") },
  { g_file_error_quark,
    G_FILE_ERROR_NOSPC,
    "drive-harddisk-symbolic",
    N_ ("There is not enough room to open %s"),
    N_ ("Reading a trace needs room for its index on the disk.") },
  { g_io_error_quark,
    G_IO_ERROR_NOT_FOUND,
    "dialog-warning-symbolic",
    N_ ("%s is not there"),
    N_ ("The file may have been moved, renamed or deleted.") },
  { g_io_error_quark,
    G_IO_ERROR_PERMISSION_DENIED,
    "dialog-password-symbolic",
    N_ ("%s may not be read"),
    N_ ("The file's permissions do not allow you to read it.") },
  { g_io_error_quark,
    G_IO_ERROR_IS_DIRECTORY,
    "folder-symbolic",
    N_ ("%s is a folder"),
    N_ ("Choose a trace inside it.") },
  { g_io_error_quark,
    G_IO_ERROR_NO_SPACE,
    "drive-harddisk-symbolic",
    N_ ("There is not enough room to open %s"),
    N_ ("Reading a trace needs room for its index on the disk.") },
  { g_io_error_quark,
    G_IO_ERROR_NOT_SUPPORTED,
    "network-server-symbolic",
    N_ ("%s is not on this computer"),
    N_ ("Copy the file to this computer and open the copy.") },
  { NULL, ANY_CODE, "dialog-warning-symbolic", N_ ("%s could not be opened"), NULL },
};

static const TroubleText *
find_text (const GError *error)
{
  for (guint i = 0; i + 1 < G_N_ELEMENTS (trouble_texts); i++)
    if (error->domain == trouble_texts[i].domain () && error->code == trouble_texts[i].code)
      return &trouble_texts[i];
  return &trouble_texts[G_N_ELEMENTS (trouble_texts) - 1];
}

/* "byte 12: the words" -> "The words." */
static char *
make_sentence (const char *message)
{
  g_autofree char *head = NULL;
  const char *rest = message;
  const char *tail;
  gunichar last;

  if (g_str_has_prefix (message, "byte "))
    {
      const char *colon = strstr (message, ": ");

      if (colon != NULL)
        rest = colon + strlen (": ");
    }
  if (g_str_has_prefix (rest, NOT_A_TRACE))
    rest += strlen (NOT_A_TRACE);
  if (*rest == '\0')
    return g_strdup ("");

  head = g_utf8_strup (rest, g_utf8_next_char (rest) - rest);
  tail = g_utf8_next_char (rest);
  last = g_utf8_get_char (g_utf8_prev_char (rest + strlen (rest)));
  return g_strconcat (head, tail, g_unichar_ispunct (last) && last != ')' ? "" : ".", NULL);
}

static char *
insert_name (const char *title, const char *name)
{
  GString *text = g_string_new (title);

  g_string_replace (text, "%s", name, 1);
  return g_string_free (text, FALSE);
}

void
gander_trouble_init (GanderTrouble *self, GFile *file, const GError *error)
{
  const TroubleText *text = find_text (error);
  g_autofree char *base = g_file_get_basename (file);
  g_autofree char *name = g_filename_display_name (base);
  g_autofree char *place = g_file_get_parse_name (file);
  g_autofree char *message = g_utf8_make_valid (error->message, -1);

  *self = (GanderTrouble){
    .icon = text->icon,
    .title = insert_name (_ (text->title), name),
    .description =
        text->description != NULL ? g_strdup (_ (text->description)) : make_sentence (message),
    .details = g_strdup_printf ("%s\n%s (%s %d)\nGander %s",
                                place,
                                message,
                                g_quark_to_string (error->domain),
                                error->code,
                                GANDER_VERSION),
  };
}

void
gander_trouble_clear (GanderTrouble *self)
{
  g_free (self->title);
  g_free (self->description);
  g_free (self->details);
  *self = (GanderTrouble){ 0 };
}
