#!/usr/bin/env bash
# Runs all tests. Installs what is missing first (Debian and Ubuntu); elsewhere it says what is missing.
# ./test.sh            all tests, and eng/try-images where podman is
# ./test.sh --filter X what `dotnet test` takes is passed on
set -uo pipefail
cd "$(dirname "$0")"

declare -A packages=([curl]=curl [redis-server]=redis-server [nginx]=nginx-light [caddy]=caddy [node]=nodejs [npm]=npm [chromium]=chromium)
missing=()
for command in "${!packages[@]}"; do
  command -v "$command" >/dev/null || missing+=("${packages[$command]}")
done
# Debian keeps PostgreSQL's server where no PATH looks, and PgBouncer where only root's does.
[[ -x /usr/sbin/pgbouncer ]] || command -v pgbouncer >/dev/null || missing+=(pgbouncer)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || command -v initdb >/dev/null || missing+=(postgresql)

if ((${#missing[@]})); then
  if command -v apt-get >/dev/null; then
    sudo=()
    ((EUID)) && sudo=(sudo)
    echo "Installing: ${missing[*]}"
    "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null || {
      echo "Could not install: ${missing[*]}" >&2
      exit 1
    }
  else
    echo "Please install first: ${missing[*]} (curl, redis-server, nginx, Caddy, PostgreSQL, PgBouncer, Chromium, Node.js 18 or newer with npm)" >&2
    exit 1
  fi
fi
command -v dotnet >/dev/null || { echo "Please install the .NET 10 SDK first." >&2; exit 1; }

# The packages of the page's tests and of the JavaScript clients. A registry may fail once; if it goes on failing, their tests say why.
for npm in tests/BrowserKit/npm tests/EndToEnd.Tests/npm tests/EndToEnd.Tests/npm/codex; do
  for try in 1 2 3; do
    [[ $npm/node_modules/.package-lock.json -nt $npm/package-lock.json ]] && break
    (cd "$npm" && npm ci --no-audit --no-fund) || echo "npm packages: try $try failed" >&2
  done
done

# The last lines below are read: they must be English, and in lines.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_UI_LANGUAGE=en
# Seconds until a test process must have answered; 90 by default, which a busy machine may need for the start alone.
export VSTEST_CONNECTION_TIMEOUT=300
# The tests start more than a hundred processes that live for seconds: none lives long enough to earn back what profiling its code costs.
export DOTNET_TieredPGO=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT

# What a script starts in the background ignores Ctrl-C, what nohup starts ignores a hangup, and so does all below it; then the tests that
# send these signals would wait in vain.
env=(env --default-signal=INT,HUP,TERM,QUIT)
"${env[@]}" true 2>/dev/null || env=()

# Built first, with all processors: "-m:1" below is for the tests alone. With arguments, which may name another configuration, it builds itself.
built=()
if (($# == 0)); then
  dotnet build OpenAIProxy.sln --tl:off --nologo -v quiet || { echo "0 passed, 0 failed"; exit 1; }
  built=(--no-build)
fi

# One test project at a time: the end-to-end tests want the machine for themselves. A run without progress for six minutes hangs: it is
# ended, and TestResults names the tests that were running.
"${env[@]}" dotnet test OpenAIProxy.sln "${built[@]}" -m:1 --tl:off --nologo --blame-hang-timeout 6m --blame-hang-dump-type none "$@" 2>&1 | tee "$log"
status=${PIPESTATUS[0]}

# The images, where an engine is; the tests above have built what is in them.
if (($# == 0)); then
  if command -v podman >/dev/null; then
    timeout -k 60 300 eng/try-images --no-build -c Debug
    tried=$?
    ((tried == 0 || tried == 77)) || status=1
  else
    echo "eng/try-images is left out: there is no podman."
  fi
fi

# One line a project: "Passed!  - Failed:     0, Passed:    12, Skipped:     0, Total:    12, …"
read -r passed failed < <(awk '
  /Failed: +[0-9]+, Passed: +[0-9]+/ {
    match($0, /Failed: +[0-9]+/); f += substr($0, RSTART + 7, RLENGTH - 7)
    match($0, /Passed: +[0-9]+/); p += substr($0, RSTART + 7, RLENGTH - 7)
  }
  END { print p + 0, f + 0 }' "$log")
if ((passed == 0 && status == 0)); then
  echo "No test ran." >&2
  status=1
fi
echo "$passed passed, $failed failed"
exit "$status"
