#!/usr/bin/env bash
# Checks the GPU side with the programs beside it. Needs an NVIDIA driver and NVRTC (a CUDA toolkit, or the PyPI wheel
# nvidia-cuda-nvrtc); a C++ compiler and compute-sanitizer are used if they are there. Writes report.md beside it and prints it.
# Exit status: 0 all checks passed, 77 something was skipped for want of a card or NVRTC, 1 a check failed.
set -uo pipefail
cd "$(dirname "$0")"
# Nothing of an earlier run is loaded, and nothing is left behind in the user's cache.
BUFFER_RUNTIME_CACHE=$(mktemp -d)
export BUFFER_RUNTIME_CACHE
trap 'rm -rf "$BUFFER_RUNTIME_CACHE"' EXIT
status=0
report=report.md

note() { printf '%s\n' "$*" >> "$report"; }
skip() {
    printf 'SKIPPED %s\n' "$*" >&2
    note "Skipped: $*."
    note ""
    [ $status -eq 0 ] && status=77
}
fail() {
    printf 'FAILED %s\n' "$*" >&2
    note "**Failed: $*.**"
    note ""
    status=1
}

# The wheel's library lies where the loader does not look: in the site-packages of whichever Python has it.
locate_nvrtc() {
    [ -n "${BUFFER_RUNTIME_NVRTC:-}" ] && return
    local python found
    for python in "${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/python}" python3 python; do
        [ -n "$python" ] && command -v "$python" > /dev/null || continue
        found=$("$python" - 2> /dev/null <<'PY'
import glob, os, site, sys
roots = site.getsitepackages() + [site.getusersitepackages()] + sys.path
for root in dict.fromkeys(roots):
    for package in ("cu13", "cuda_nvrtc", "cu12"):
        for path in sorted(glob.glob(os.path.join(root, "nvidia", package, "lib", "libnvrtc.so.*"))):
            if ".alt." not in path:
                print(path)
                sys.exit()
PY
        )
        if [ -n "$found" ]; then
            export BUFFER_RUNTIME_NVRTC=$found
            return
        fi
    done
}

# Runs a program, keeps its messages, puts its table into the report.
tabulate() {
    local what=$1 code
    shift
    "$@" > output.txt 2> messages.txt
    code=$?
    cat messages.txt >&2
    case $code in
        0) cat output.txt >> "$report"; note "" ;;
        77) cat output.txt >> "$report"; note ""; skip "$what: $(head -n 1 messages.txt)" ;;
        *) fail "$what: $(tail -n 1 messages.txt)" ;;
    esac
    return $code
}

locate_nvrtc
: > "$report"
note "Revision $(cat revision), $(uname -m), NVRTC: ${BUFFER_RUNTIME_NVRTC:-as the loader finds it}."
card=$(nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv,noheader 2> /dev/null | head -n 1)
note "Card: ${card:-none that nvidia-smi shows}."
note ""

tabulate "CPU and GPU give equal bits" bin/gpu_parity check reference
parity=$?

if [ $parity -eq 0 ]; then
    if command -v compute-sanitizer > /dev/null; then
        for tool in memcheck racecheck; do
            if compute-sanitizer --tool "$tool" --error-exitcode 9 bin/gpu_parity quick reference > output.txt 2>&1; then
                note "compute-sanitizer $tool: no findings."
            else
                tail -n 40 output.txt >&2
                fail "compute-sanitizer $tool: $(grep 'ERROR SUMMARY\|RACECHECK SUMMARY' output.txt | tail -n 1)"
            fi
        done
        note ""
    else
        skip "memcheck and racecheck: compute-sanitizer is not installed"
    fi
    for example in thomas mandelbrot; do
        if "bin/$example" > output.txt 2>&1; then
            note "Example \`$example\`: $(grep -h 'bit-identical\|different' output.txt | tail -n 1)."
        else
            cat output.txt >&2
            fail "example $example"
        fi
    done
    note ""
fi

for test in tests/*; do
    if "$test" > output.txt 2>&1; then
        note "\`$(basename "$test")\`: $(grep 'test result' output.txt)"
        grep SKIPPED output.txt >&2
    else
        tail -n 40 output.txt >&2
        fail "$test"
    fi
done
note ""

rm -f output.txt messages.txt
cat "$report"
exit $status
