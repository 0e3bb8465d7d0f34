#!/bin/sh
# Runs a command in a network namespace of its own, from which nothing can leave: a loopback interface, and one that
# leads nowhere, since Firefox gathers no candidates on a machine that has loopback alone. Names are asked of this
# machine (serve-names.ts). The processes and named namespaces of the command are its own too: when it ends, however it
# ends, so does everything it has started, and every network it has made is gone. Needs root.
set -eu
exec unshare --net --mount --pid --fork --kill-child --mount-proc sh -euc '
  ip link set lo up
  ip link add callbox0 type veth peer name callbox1
  ip address add 10.99.0.1/24 dev callbox0
  ip link set callbox0 up
  ip link set callbox1 up
  ip route add default dev callbox0
  # In a run within a run, it is so already.
  if [ "${CALLBOX_ISOLATED:-}" != 1 ]; then
    resolver=$(mktemp)
    echo "nameserver 127.0.0.1" >"$resolver"
    chmod a+r "$resolver"
    mount --bind "$resolver" /etc/resolv.conf
    rm "$resolver"
  fi
  mkdir -p /run/netns
  mount -t tmpfs callbox /run/netns
  # The first process of a process namespace ignores the signals that it does not handle, and what a shell runs in the
  # background ignores Ctrl-C: both come through as the signal to end.
  CALLBOX_ISOLATED=1 "$@" &
  child=$!
  trap "kill -TERM $child" INT TERM
  status=0
  wait $child || status=$?
  # Above 128, it may be the wait that a signal has ended, and not the command.
  while kill -0 $child 2>/dev/null; do status=0; wait $child || status=$?; done
  exit $status
' isolate "$@"
