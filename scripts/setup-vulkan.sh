#!/usr/bin/env bash
# Gives a Debian or Ubuntu machine without a GPU a software Vulkan driver (Mesa's lavapipe) that
# Dawn accepts. Does nothing where Dawn already finds an adapter; can be run again at any time.
# Needs the project's node_modules (npm ci): Dawn itself is what decides whether a driver will do.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
fail() {
  printf '%s\n' "$*" >&2
  exit 1
}

# Sets $probed to the adapter's line, or to why there is none (the probe's last line; Dawn's own
# warnings stand before it); returns the probe's exit code.
probed=''
probe() {
  local code=0
  probed=$(timeout 120 node scripts/probe-adapter.mjs 2>&1) || code=$?
  probed=${probed##*$'\n'}
  return "$code"
}

command -v node >/dev/null || fail 'Node.js 20 or newer is needed first: https://nodejs.org'

code=0
probe || code=$?
if [ "$code" -eq 0 ]; then
  say "Dawn finds an adapter, nothing to do: $probed"
  exit 0
fi
if [ "$code" -eq 2 ]; then
  fail "$probed
Run \`npm ci\` first (without --omit=dev), then this script again."
fi
say "No adapter yet: ${probed:-the probe ended with code $code and no word}"

case "$(uname -s)" in
  Linux) ;;
  Darwin) fail 'On macOS Dawn uses Metal and needs no driver: run it in a session that can see the GPU (a virtual machine without one cannot).' ;;
  *) fail "On Windows Dawn uses Direct3D 12: install the graphics driver of your GPU's vendor." ;;
esac

# shellcheck disable=SC1091
[ -r /etc/os-release ] && . /etc/os-release
family="${ID:-unknown} ${ID_LIKE:-}"
case " $family " in
  *' debian '* | *' ubuntu '*) ;;
  *' fedora '* | *' rhel '*) fail 'On Fedora: sudo dnf install mesa-vulkan-drivers vulkan-loader' ;;
  *' arch '*) fail 'On Arch: sudo pacman -S vulkan-swrast vulkan-icd-loader' ;;
  *' suse '* | *' opensuse '*) fail 'On openSUSE: sudo zypper install libvulkan_lvp libvulkan1' ;;
  *' alpine '*) fail 'On Alpine Dawn does not load (it is built for glibc): use a Debian or Ubuntu image.' ;;
  *) fail "This script knows Debian and Ubuntu only; install Mesa's software Vulkan driver (lavapipe, 25 or newer) and the Vulkan loader with your package manager." ;;
esac

root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail 'Installing packages needs root: run this script as root, or install sudo.'
  root=(sudo)
fi

# Does an apt source name this suite already?
has_suite() {
  # shellcheck disable=SC2016 # apt's own placeholders, not the shell's
  apt-get indextargets --format '$(CODENAME) $(SUITE) $(RELEASE)' 2>/dev/null |
    tr ' ' '\n' | grep -qx -- "$1"
}

# Prints a backports source in deb822 form with the mirror and the key that the machine's own
# sources use for bookworm, so that a mirror behind a firewall keeps working.
backports_source() {
  local file uri='' key='' line
  for file in /etc/apt/sources.list.d/*.sources; do
    [ -r "$file" ] || continue
    # One stanza per record; a stanza counts if it is enabled and names bookworm itself.
    line=$(awk -v RS='' '
      /(^|\n)Enabled:[ \t]*no/ { next }
      !/(^|\n)Types:[^\n]*deb([ \t\n]|$)/ { next }
      !/(^|\n)Suites:[^\n]*[ \t]bookworm([ \t\n]|$)/ { next }
      {
        uri = ""; key = ""
        n = split($0, lines, "\n")
        for (i = 1; i <= n; i++) {
          if (lines[i] ~ /^URIs:/) { split(lines[i], f, /[ \t]+/); uri = f[2] }
          if (lines[i] ~ /^Signed-By:[ \t]*\//) { split(lines[i], f, /[ \t]+/); key = f[2] }
        }
        if (uri != "") { print uri, key; exit }
      }' "$file")
    if [ -n "$line" ]; then
      read -r uri key <<<"$line"
      break
    fi
  done
  if [ -z "$uri" ]; then
    # deb [signed-by=/path arch=amd64] http://mirror/debian bookworm main
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
      [ -r "$file" ] || continue
      line=$(sed -nE 's/^[[:space:]]*deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+bookworm[[:space:]].*$/\2 \1/p' "$file" | head -n 1)
      [ -n "$line" ] || continue
      uri=${line%% *}
      key=$(printf '%s' "$line" | sed -nE 's/.*signed-by=([^] ]+).*/\1/p')
      break
    done
  fi
  uri=${uri:-http://deb.debian.org/debian}
  if [ -z "$key" ] && [ -r /usr/share/keyrings/debian-archive-keyring.gpg ]; then
    key=/usr/share/keyrings/debian-archive-keyring.gpg
  fi
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\n' "$uri"
  if [ -n "$key" ]; then printf 'Signed-By: %s\n' "$key"; fi
}

temporary=/etc/apt/sources.list.d/wgrad-bookworm-backports.sources
# shellcheck disable=SC2317 # called by the trap
cleanup() { [ ! -e "$temporary" ] || "${root[@]}" rm -f "$temporary"; }
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

packages=(mesa-vulkan-drivers libvulkan1)
options=(-y --no-install-recommends)
say "This will install ${packages[*]} with apt${root[0]:+ (through ${root[0]})}."
if [ "${VERSION_CODENAME:-}" = bookworm ] && [ "${ID:-}" = debian ]; then
  say "Dawn refuses Debian 12's own Mesa 22.3, so they come from bookworm-backports."
  options+=(-t bookworm-backports)
  if has_suite bookworm-backports; then
    say 'This machine has bookworm-backports among its apt sources already.'
  else
    source=$(backports_source)
    say "Until the end of this script apt gets one more source, $temporary:"
    printf '%s\n' "$source" | sed 's/^/    /'
    printf '%s\n' "$source" | "${root[@]}" tee "$temporary" >/dev/null
  fi
fi

say '> apt-get update'
# A stranger's broken source makes this fail without spoiling ours; the install below decides.
"${root[@]}" apt-get update -q || say 'apt-get update complained; trying to install all the same.'
say "> apt-get install ${options[*]} ${packages[*]}"
installed=yes
"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q "${options[@]}" "${packages[@]}" ||
  installed=no

if probe; then
  say "Dawn finds an adapter now: $probed"
  exit 0
fi
mesa=$(dpkg-query -W -f '${Version}' mesa-vulkan-drivers 2>/dev/null || true)
if [ "$installed" = no ]; then
  fail "apt could not install ${packages[*]} (see its message above), so Dawn still finds no adapter. A machine that cannot reach its apt mirror, or whose release carries no such package, needs a Vulkan driver by another road: Mesa 25 or newer with lavapipe is known to work."
fi
fail "apt installed Mesa ${mesa:-of unknown version}, but Dawn still finds no adapter; it said: $probed Older Mesa releases are refused (22.3 is, 25.0 is accepted): on an older distribution, move to Debian 12 or newer, or Ubuntu 24.04 or newer. If VK_ICD_FILENAMES or VK_DRIVER_FILES is set, unset it and try again."
