const ipv4 = /\b(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}\b/g;
/** Three groups or more: a time of day has two. */
const ipv6 = /(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?![\w:])/gi;

function shortenIpv6(address: string): string {
  const [head = ''] = address.split('::');
  const groups = head.split(':').filter(Boolean).slice(0, 3);
  return groups.length === 0 ? '::x' : `${groups.join(':')}::x`;
}

/** Cuts every address in a text down to the network it belongs to, so that it no longer names one person. */
export function shortenAddresses(text: string): string {
  return text
    .replace(ipv6, (address) => (/[0-9a-f]/i.test(address) ? shortenIpv6(address) : address))
    .replace(ipv4, '$1.x');
}
