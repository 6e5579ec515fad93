#!/usr/bin/env bash
# bucket-is-empty.sh NAME REGION FORCE
# Terraform calls it before it removes a bucket. Fails, and so keeps the bucket, if it holds an object or AWS cannot be asked; FORCE = true
# does nothing at all.
set -euo pipefail

name=$1 region=$2 force=$3

if [ "$force" = true ]; then
  echo "bucket $name goes with what it holds: job_bucket_force_destroy is true"
  exit 0
fi
if ! command -v aws >/dev/null; then
  echo "bucket-is-empty.sh: the AWS CLI is not on PATH, so it is not known whether bucket $name is empty." >&2
  exit 1
fi
if ! said=$(aws s3api list-objects-v2 --bucket "$name" --region "$region" --max-keys 1 --query 'KeyCount' --output text 2>&1); then
  case $said in
    *NoSuchBucket*) exit 0 ;;
  esac
  echo "bucket-is-empty.sh: it is not known whether bucket $name is empty: $said" >&2
  exit 1
fi
# The figure is the last line: the AWS CLI may warn of something before it.
case $(tail -n 1 <<<"$said") in
  0) ;;
  [1-9]*)
    echo "bucket-is-empty.sh: bucket $name still holds objects." >&2
    exit 1
    ;;
  *)
    echo "bucket-is-empty.sh: it is not known whether bucket $name is empty: $said" >&2
    exit 1
    ;;
esac
