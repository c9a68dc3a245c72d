#!/usr/bin/env bash
# Runs a program on several hosts, a rank on each: hosts.sh LOGS -n COUNT PROGRAM...
# The hosts are network namespaces joined by veth pairs and a bridge, 10.1.0.1 and up, with processes and shared
# memory of their own, lest MPI take them for one machine. All of it lives in namespaces of this script: it
# ends with the script, however that ends, and nothing of it is seen outside. What a rank says of errors is
# in LOGS/RANK, as a host that is cut off can tell nobody. `ip -n switch link set portN down` cuts off host N.
set -euo pipefail
if [ -z "${WGRAD_HOSTS_INSIDE:-}" ]; then
  WGRAD_HOSTS_INSIDE=1 exec unshare --net --mount --pid --fork --kill-child --mount-proc bash "$0" "$@"
fi
export WGRAD_HOSTS_LOGS=$1
count=$3
shift 3

mount -t tmpfs none /run
ip netns add switch
ip -n switch link add bridge type bridge
ip -n switch link set bridge up
list=
for ((i = 1; i <= count; i++)); do
  ip netns add "host$i"
  ip -n "host$i" link add eth0 type veth peer name "port$i" netns switch
  ip -n switch link set "port$i" master bridge up
  ip -n "host$i" address add "10.1.0.$i/24" dev eth0
  ip -n "host$i" link set lo up
  ip -n "host$i" link set eth0 up
  if [ -n "${WGRAD_HOSTS_RATE:-}" ]; then
    tc -n "host$i" qdisc add dev eth0 root tbf rate "$WGRAD_HOSTS_RATE" burst 64kb limit 32mb
  fi
  list+=${list:+,}10.1.0.$i
done

# Stands where ssh would: ssh -x ADDRESS COMMAND...
cat >/run/ssh <<'SSH'
#!/usr/bin/env bash
while [[ $1 == -* ]]; do shift; done
exec ip netns exec "host${1##*.}" unshare --ipc --uts --pid --fork --kill-child --mount-proc sh -c "${*:2}"
SSH
chmod +x /run/ssh

code=0
# shellcheck disable=SC2016
ip netns exec host1 mpirun.mpich -launcher ssh -launcher-exec /run/ssh -iface eth0 -hosts "$list" -n "$count" \
  bash -c 'exec "$@" 2>"$WGRAD_HOSTS_LOGS/$PMI_RANK"' rank "$@" </dev/null || code=$?
# A host that is cut off is not ended by mpirun, but by itself.
while grep -qsz '^PMI_RANK=' /proc/[0-9]*/environ; do sleep 0.1; done
exit "$code"
