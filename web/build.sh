#!/usr/bin/env bash
# Builds the front end into web/dist: style sheet, scripts, icons, type.
# Does nothing when dist is newer than all it is made of.
set -euo pipefail
cd "$(dirname "$0")/.."

dist=web/dist
work=web/node_modules/.cache/hdnd
esbuild=(go tool -modfile=tools/go.mod esbuild --log-level=warning --bundle --minify --legal-comments=none --target=chrome109,firefox115,safari15)

stale() {
  [ ! -f $dist/manifest.json ] ||
    [ -n "$(find web/build.sh web/package-lock.json web/icons.txt web/css web/ts web/scripts internal cmd \
      \( -name '*.go' -o -name '*.templ' -o -path 'web/*' \) ! -name '*_templ.go' ! -name '*_test.go' -type f \
      -newer $dist/manifest.json -print -quit)" ]
}

if ! stale; then
  exit 0
fi

if [ ! -d web/node_modules ] || [ web/package-lock.json -nt web/node_modules/.package-lock.json ]; then
  (cd web && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error)
fi

mkdir -p $work
new=$(mktemp -d "$work/dist.XXXXXX")
trap 'rm -rf "$new"' EXIT

node web/scripts/sprite.mjs web/icons.txt $work/icons.svg
node web/scripts/purge.mjs $work/tabler.css
sed 's/\[data-theme="dark"\]/[data-theme=""]/' web/css/dark.css >$work/dark-by-device.css

"${esbuild[@]}" --outdir="$new" --entry-names='[name]-[hash]' --asset-names='[name]-[hash]' \
  --loader:.woff2=file --public-path=/assets web/css/app.css
"${esbuild[@]}" --outdir="$new" --entry-names='[name]-[hash]' --format=iife web/ts/app.ts web/ts/worker.ts
node web/scripts/finish.mjs "$new" $work/icons.svg web/css/emblem.svg

mkdir -p "$new/type"
for style in Regular Bold Italic BoldItalic; do
  case $style in
  Regular) from=400Regular/Tinos_400Regular ;;
  Bold) from=700Bold/Tinos_700Bold ;;
  Italic) from=400Regular_Italic/Tinos_400Regular_Italic ;;
  BoldItalic) from=700Bold_Italic/Tinos_700Bold_Italic ;;
  esac
  cp "web/node_modules/@expo-google-fonts/tinos/$from.ttf" "$new/type/tinos-$(tr '[:upper:]' '[:lower:]' <<<"$style").ttf"
done

find $dist -mindepth 1 ! -name .gitkeep -delete
cp -r "$new"/. $dist/
touch $dist/manifest.json
