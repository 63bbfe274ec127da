#!/usr/bin/env bash
# Installs the named Debian packages that are missing. As another user than
# root it asks sudo.
set -euo pipefail
missing=()
for p in "$@"; do
  case $p in
    postgresql) command -v pg_ctl >/dev/null || ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || missing+=("$p") ;;
    chromium) command -v chromium >/dev/null || missing+=("$p") ;;
    poppler-utils) command -v pdftotext >/dev/null || missing+=("$p") ;;
    tesseract-ocr) command -v tesseract >/dev/null || missing+=("$p") ;;
    tesseract-ocr-vie) tesseract --list-langs 2>/dev/null | grep -qx vie || missing+=("$p") ;;
    *) command -v "$p" >/dev/null || missing+=("$p") ;;
  esac
done
[ ${#missing[@]} -eq 0 ] && exit 0
sudo=
[ "$(id -u)" -eq 0 ] || sudo=sudo
echo "Installing: ${missing[*]}"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
$sudo apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
