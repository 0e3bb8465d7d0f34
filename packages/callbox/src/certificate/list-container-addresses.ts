import { networkInterfaces, type NetworkInterfaceInfo } from 'node:os';

/** Bridges and cables that programs for containers and virtual machines make, by the names they give them. */
const containerInterface = /^(?:docker|br-|veth|virbr|lxcbr|lxdbr|podman|cni|flannel|cali|tunl|kube)/;

/**
 * Lists the addresses that this machine has for its own containers and virtual machines. They come and go with those, and
 * nobody elsewhere can reach them: none is worth a certificate.
 */
export function listContainerAddresses(
  interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces(),
): readonly string[] {
  return Object.entries(interfaces)
    .filter(([name]) => containerInterface.test(name))
    .flatMap(([, entries]) => (entries ?? []).map(({ address }) => address));
}
