#!/bin/sh
# Takes the archive from a folder that the job has. $file is set before this.
# shellcheck disable=SC2034,SC2154 # The other parts use and set them.
fetch() {
  [ -r "$file" ] || unread 'there is no such file, or it cannot be read'
  archive=$file
}
