#!/bin/sh
# Two namespaces joined by veth: the relay in wk-srv, the load in wk-gen. GRO off, so that packets stay packets.
set -e
case "$1" in
  up)
    ip netns add wk-srv
    ip netns add wk-gen
    ip link add veth0 netns wk-srv type veth peer name veth0 netns wk-gen
    for side in srv:1 gen:2; do
      ns=wk-${side%:*}
      ip -n "$ns" addr add "10.99.0.${side#*:}/24" dev veth0
      ip -n "$ns" link set veth0 up
      ip -n "$ns" link set lo up
      ip netns exec "$ns" ethtool -K veth0 gro off >/dev/null 2>&1 || true
    done
    ;;
  down)
    ip netns del wk-srv
    ip netns del wk-gen
    ;;
esac
