#!/usr/bin/env bash
# Write requirements.lock and, for each extra named, requirements-EXTRA.lock with what the extra needs on top. All locks agree on
# versions, have hashes, and hold for every system and every Python from 3.11 on.
set -euo pipefail
compile() {
    "${UV:-uv}" pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
        --no-strip-extras "$@"
}
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cat requirements*.lock > "$folder/all" # so that versions stay as they are where they can
compile --all-extras --output-file "$folder/all"
compile --constraint "$folder/all" --output-file requirements.lock
for extra in "$@"; do
    compile --constraint "$folder/all" --extra "$extra" --output-file "$folder/$extra"
    awk 'NR == FNR { base[$0]; next } /^[^ ]/ { is_new = !($0 in base) } is_new' requirements.lock "$folder/$extra" \
        > "requirements-$extra.lock"
done
