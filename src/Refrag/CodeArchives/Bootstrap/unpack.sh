#!/bin/sh
# What stands behind `fetch`: nothing is unpacked before the archive is known to be the one that was submitted. Prints the folder.
# shellcheck disable=SC2034,SC2154 # The other parts set and use them.
unzip() {
  if has gzip; then gzip -dc "$archive"; else
    python3 -c 'import gzip,shutil,sys;shutil.copyfileobj(gzip.open(sys.argv[1]),sys.stdout.buffer)' "$archive"
  fi
}
untar() {
  if has tar; then tar -xf -; else
    python3 -c 'import sys,tarfile;tarfile.open(fileobj=sys.stdin.buffer,mode="r|").extractall()'
  fi
}
has python3 || { has gzip && has tar; } || no '@NoTar@'
has sha256sum || has shasum || no '@NoHash@'
fetch
found=$(unzip 2>/dev/null | sha)
[ "$found" = "$REFRAG_CODE_SHA256" ] || no "@Damaged@"
said=$({ mkdir "$folder/code" && cd "$folder/code" && unzip | untar; } 2>&1) || unwritten
rm -f "$folder/archive" "$folder/head"
echo "$folder/code"
