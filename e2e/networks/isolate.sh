#!/bin/sh
# Runs a command in a network namespace of its own, from which nothing can leave: a loopback interface, and one that
# leads nowhere, since Firefox gathers no candidates on a machine that has loopback alone. Names are asked of this
# machine (serve-names.ts). Needs root.
set -eu
exec unshare --net --mount sh -euc '
  ip link set lo up
  ip link add callbox0 type veth peer name callbox1
  ip address add 10.99.0.1/24 dev callbox0
  ip link set callbox0 up
  ip link set callbox1 up
  ip route add default dev callbox0
  resolver=$(mktemp)
  echo "nameserver 127.0.0.1" >"$resolver"
  chmod a+r "$resolver"
  mount --bind "$resolver" /etc/resolv.conf
  rm "$resolver"
  CALLBOX_ISOLATED=1 exec "$@"
' isolate "$@"
