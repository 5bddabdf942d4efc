# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# What ./run and ./check share: find what is missing, install it or say how, configure once, build.
# They set $root, the source tree, read this file, and then take their arguments apart.

exit_unavailable=69 # EX_UNAVAILABLE of sysexits.h: something is not installed

yes=no
build=$root/build
window=yes

# What the build needs. command:package, and pkg-config module:package:oldest version.
commands='cc:gcc meson:meson ninja:ninja-build pkg-config:pkg-config python3:python3
  protoc-c:protobuf-c-compiler'
libraries='glib-2.0:libglib2.0-dev:2.74 gio-unix-2.0:libglib2.0-dev:2.74 libzstd:libzstd-dev:1.5
  json-glib-1.0:libjson-glib-dev:1.6 libprotobuf-c:libprotobuf-c-dev:1.4
  cairo:libcairo2-dev:1.16 pangocairo:libpango1.0-dev:1.50'
# Without a font, pictures have no text.
packages='libc6-dev fonts-dejavu-core'

window_commands='glib-compile-resources:libglib2.0-dev-bin xmllint:libxml2-utils msgfmt:gettext
  desktop-file-validate:desktop-file-utils appstreamcli:appstream'
window_libraries='gtk4:libgtk-4-dev:4.8 libadwaita-1:libadwaita-1-dev:1.2'
window_packages='adwaita-icon-theme'

# What the tests of the window need besides; without it they are skipped.
display_commands='Xvfb:xvfb dbus-run-session:dbus-daemon xdotool:xdotool'
display_packages='at-spi2-core python3-gi gir1.2-atspi-2.0'

say ()
{
  printf '%s\n' "$*" >&2
}

fail ()
{
  code=$1
  shift
  say "${0##*/}: $*"
  exit "$code"
}

has ()
{
  command -v "$1" >/dev/null 2>&1
}

# Where there is no dpkg nothing is known about packages, and nothing is asked for.
has_package ()
{
  has dpkg-query || return 0
  [ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# missing COMMANDS LIBRARIES PACKAGES: the packages that are not there, each with a space after it.
missing ()
{
  for entry in $1; do
    has "${entry%%:*}" || printf '%s ' "${entry#*:}"
  done
  for entry in $2; do
    module=${entry%%:*}
    rest=${entry#*:}
    if ! has pkg-config || ! pkg-config --atleast-version="${rest#*:}" "$module"; then
      printf '%s ' "${rest%%:*}"
    fi
  done
  for entry in $3; do
    has_package "$entry" || printf '%s ' "$entry"
  done
}

missing_for_build ()
{
  missing "$commands" "$libraries" "$packages"
  [ "$window" = no ] || missing "$window_commands" "$window_libraries" "$window_packages"
}

missing_for_display ()
{
  [ "$window" = no ] || missing "$display_commands" '' "$display_packages"
}

# How to become root: nothing for root, sudo when the person agrees, else failure.
as_root ()
{
  if [ "$(id -u)" = 0 ]; then
    return 0
  fi
  has sudo || return 1
  if [ "$yes" = no ]; then
    [ -t 0 ] || return 1
    printf 'Install it now with sudo? [y/N] ' >&2
    read -r answer || return 1
    case $answer in [yY]*) ;; *) return 1 ;; esac
  fi
  sudo=sudo
}

# install_packages NAMES: true when they were installed.
install_packages ()
{
  say "Missing: $*"
  has apt-get || return 1
  say "  apt-get install --no-install-recommends $*"
  sudo=
  as_root || return 1
  say "Installing them; this can take a few minutes."
  $sudo apt-get -qq update >&2 || return 1
  $sudo env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq -y --no-install-recommends -o Dpkg::Use-Pty=0 install "$@" >/dev/null
}

# Ask for everything at once, but insist only on what the build needs.
# $1: 'tests' when the tests of the window are to run too.
require_packages ()
{
  absent=$(missing_for_build)
  [ "$1" = tests ] && absent=$absent$(missing_for_display)
  [ -n "$absent" ] || return 0

  # The names are ours and hold no blanks: splitting them is the point.
  # shellcheck disable=SC2046,SC2086
  install_packages $(printf '%s\n' $absent | sort -u) || true
  [ -z "$(missing_for_build)" ] ||
    fail $exit_unavailable "install what is missing (as root, or with --yes), then try again"
}

# build_all [-Dname=value]...: configure once, or again when an option is given, and build.
build_all ()
{
  if [ ! -f "$build/build.ninja" ]; then
    LC_ALL=C.UTF-8 meson setup "$@" "$build" "$root" >&2
  elif [ $# -gt 0 ]; then
    LC_ALL=C.UTF-8 meson configure "$@" "$build" >&2
  fi
  # On a terminal ninja shows one line that counts; in a log it says only what went wrong.
  if [ -t 2 ]; then
    LC_ALL=C.UTF-8 ninja -C "$build" >&2
  else
    LC_ALL=C.UTF-8 ninja --quiet -C "$build" >&2
  fi
}
