#!/bin/sh
# Reads an object of S3 with what the image has. $bucket, $key (encoded as in a URL) and $region are set before this, and begin.sh has what
# it uses. Requests are signed here (Signature Version 4), so that no link expires while the job waits. The secret key is on no command
# line; curl and Python read the headers from their input, so that wget alone has the session's token among its arguments.
# shellcheck disable=SC2154 # Set by whoever puts the parts together.

# get URL FILE HEADER...
get() {
  url=$1 file=$2
  shift 2
  if has curl; then
    said=$(printf 'header = "%s"\n' "$@" |
      curl -sSfK - --connect-timeout 9 --speed-limit 1 --speed-time 60 -D "$folder/head" -o "$file" "$url" 2>&1) &&
      said=$(sed -n '/^HTTP[^ ]* 3/p' "$folder/head") && [ -z "$said" ]
  elif has wget; then
    for header; do shift; set -- "$@" --header "$header"; done
    said=$(LC_ALL=C wget -S -t 1 -T 60 -O "$file" "$@" "$url" 2>&1) &&
      # BusyBox succeeds with a redirection to nowhere, and with a body that ends early.
      case $said$line in
        (*'HTTP/1.'?' 3'*) false ;;
        (*ontent-?ength:' '"$(wc -c <"$file")$line"*) ;;
        (*ontent-?ength:*) said='the answer ended early'; false ;;
      esac
  else
    # A body that ends early is no error of Python's: what is missing stands in the answer's length.
    said=$(printf '%s\n' "$@" | python3 -c 'import shutil,sys,urllib.request as u
h=dict(l.strip().split(": ",1) for l in sys.stdin)
try: r=u.urlopen(u.Request(sys.argv[1],headers=h),timeout=60)
except u.HTTPError as e: sys.exit(str(e.headers)+str(e))
shutil.copyfileobj(r,open(sys.argv[2],"wb"))
if r.length: sys.exit("the answer ended early")' "$url" "$file" 2>&1)
  fi
}

# again: waits before another try. A refusal is final, by the status where curl, BusyBox, and GNU wget and Python have it.
again() {
  case $(why). in (*'rror: 40'[0-9][!0-9]* | *'HTTP/1.'?' 40'[0-9][!0-9]* | *E[Rr][Rr][Oo][Rr]' 40'[0-9]:*) failed ;; esac
  tries=$((tries + 1))
  [ $tries -lt 4 ] || failed
  sleep $tries
}

# octal HEX MASK: in $bytes each byte of HEX, with MASK applied, as printf takes it.
octal() {
  bytes='' hex=$1
  while [ "$hex" ]; do
    rest=${hex#??}
    n=$((0x${hex%"$rest"} ^ $2))
    bytes=$bytes\\0$((n / 64))$((n / 8 % 8))$((n % 8)) hex=$rest
  done
}

# hmac KEY TEXT: HMAC-SHA256 in hexadecimal digits; so is the key, of at most 64 bytes. (RFC 2104)
hmac() {
  long=$1
  while [ ${#long} -lt 128 ]; do long=${long}00; done
  octal "$long" 54
  inner=$(printf '%b%s' "$bytes" "$2" | sha)
  octal "$long" 92
  outer=$bytes
  octal "$inner" 0
  printf %b "$outer$bytes" | sha
}

field() { tr -d ' \r\n' <"$folder/keys" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }

keys() {
  id=$AWS_ACCESS_KEY_ID secret=$AWS_SECRET_ACCESS_KEY token=$AWS_SESSION_TOKEN
  [ -z "$id" ] || return 0
  url=${AWS_CONTAINER_CREDENTIALS_RELATIVE_URI:+http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI}
  url=${url:-$AWS_CONTAINER_CREDENTIALS_FULL_URI}
  [ "$url" ] || unread 'the job has no credentials'
  export no_proxy="$no_proxy,169.254.170.2"
  tries=0
  set -- 'Accept: */*' ${AWS_CONTAINER_AUTHORIZATION_TOKEN:+"Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN"}
  until get "$url" "$folder/keys" "$@"; do again; done
  id=$(field AccessKeyId) secret=$(field SecretAccessKey) token=$(field Token)
  rm "$folder/keys"
}

# signed: one request for the archive, from $region.
signed() {
  now=$(date -u +%Y%m%dT%H%M%SZ)
  endpoint=${AWS_ENDPOINT_URL_S3:-$AWS_ENDPOINT_URL} host=s3.$region.amazonaws.com
  case $region in (cn-*) host=$host.cn ;; esac
  # The certificate of S3 does not cover a name with dots before it.
  case $endpoint/$bucket in
    (http*) url=${endpoint%/}/$bucket/$key ;;
    (*.*) url=https://$host/$bucket/$key ;;
    (*) url=https://$bucket.$host/$key ;;
  esac
  path=${url#*://}
  host=${path%%/*}
  scope=${now%T*}/$region/s3/aws4_request names="host;x-amz-content-sha256;x-amz-date${token:+;x-amz-security-token}"
  request=$(printf 'GET\n/%s\n\nhost:%s\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:%s\n%s\n%s\nUNSIGNED-PAYLOAD' \
    "${path#*/}" "$host" "$now" "${token:+x-amz-security-token:$token$line}" "$names" | sha)
  sign=$(printf %s "AWS4$secret" | od -An -v -tx1 | tr -d ' \n')
  for text in "${now%T*}" "$region" s3 aws4_request "AWS4-HMAC-SHA256$line$now$line$scope$line$request"; do
    sign=$(hmac "$sign" "$text")
  done
  get "$url" "$archive" "Authorization: AWS4-HMAC-SHA256 Credential=$id/$scope, SignedHeaders=$names, Signature=$sign" \
    'X-Amz-Content-Sha256: UNSIGNED-PAYLOAD' "X-Amz-Date: $now" ${token:+"X-Amz-Security-Token: $token"}
}

fetch() {
  region=${AWS_REGION:-${AWS_DEFAULT_REGION:-$region}}
  if has aws; then
    said=$(AWS_DEFAULT_REGION=$region aws s3 cp --only-show-errors "$REFRAG_CODE" "$archive" 2>&1) || failed
    return
  fi
  has curl || has wget || has python3 || no '@NoTool@'
  keys
  tries=0
  until signed; do
    # S3 names the region of a bucket that is elsewhere.
    there=$({ cat "$folder/head"; echo "$said"; } 2>/dev/null |
      sed -n 's/^ *[Xx]-[Aa]mz-[Bb]ucket-[Rr]egion: *\([a-z0-9-]*\).*/\1/p')
    if [ "${there:-$region}" != "$region" ]; then
      region=$there
      continue
    fi
    again
  done
}
