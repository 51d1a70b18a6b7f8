#!/bin/bash
# Exit code 0 when the product answers that it is ready; for images, which bring no HTTP client.
#   healthcheck.sh [PATH]    /readyz by default, /healthz for whether the process lives
set -euo pipefail

# Bash's own TCP; a time limit belongs to whoever calls.
exec 3<>"/dev/tcp/127.0.0.1/${PORT:-10000}"
printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "${1:-/readyz}" >&3
read -r _ status _ <&3
if [[ $status != 200 ]]; then
  echo "answered with $status" >&2
  exit 1
fi
