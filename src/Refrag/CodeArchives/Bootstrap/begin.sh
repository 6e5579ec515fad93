#!/bin/sh
# What stands before `fetch`, which brings the archive to $archive.
# shellcheck disable=SC2016,SC2034,SC2154 # The other parts set and use them; $ is for sed.
below=${TMPDIR:-/tmp} folder='' line='
'
# A job that is ended meanwhile leaves no half of an archive.
trap 'rm -rf "$folder"; exit 143' TERM
has() { command -v "$1" >/dev/null 2>&1; }
no() {
  echo "refrag: $1" >&2
  rm -rf "$folder"
  exit 2
}
# The line of $said with the reason. It is in no file: the disk may be full.
why() { printf '%s\n' "$said" | sed -n -e '/No space/{p;q;}' -e '/Wrote only/{p;q;}' -e '/^Giving up/!{/[^ ]/h;}' -e '${g;p;}'; }
unread() { no "@NotFetched@"; }
unwritten() { no "@NotUnpacked@"; }
failed() {
  case $(why) in (*'No space'* | *'ailure writing'* | *'ailed writing'* | *'annot write'* | *'hort write'*) unwritten ;; esac
  unread "$(why)"
}
sha() { if has sha256sum; then sha256sum; else shasum -a 256; fi | cut -c 1-64; }
said=$(mktemp -d "$below/refrag-code-XXXXXX" 2>&1) || unwritten
folder=$said archive=$said/archive
