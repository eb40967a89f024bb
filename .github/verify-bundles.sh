#!/usr/bin/env bash
# Refuses bundles that this repository's bundles.yml did not build of this very commit. Needs gh and GH_TOKEN.
set -euo pipefail
shopt -s nullglob

bundles=(dist/functions/*.zip)
if [ ${#bundles[@]} -eq 0 ]; then
  echo "dist/functions: there are no bundles to verify" >&2
  exit 1
fi
for bundle in "${bundles[@]}"; do
  gh attestation verify "$bundle" --repo "$GITHUB_REPOSITORY" --source-digest "$GITHUB_SHA" \
    --signer-workflow "$GITHUB_REPOSITORY/.github/workflows/bundles.yml"
done
