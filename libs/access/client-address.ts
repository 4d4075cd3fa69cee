import { isIP } from 'node:net';

/** The eight groups of an IPv6 address. */
const groupsOf = (address: string): readonly number[] => {
  const [head = '', tail] = address.replace(/%.*$/, '').split('::');
  const numbers = (part: string | undefined): number[] =>
    (part ?? '').split(':').filter((group) => group !== '').flatMap((group) => {
      if (!group.includes('.')) return [Number.parseInt(group, 16)];
      const [a = 0, b = 0, c = 0, d = 0] = group.split('.').map(Number);
      return [a * 256 + b, c * 256 + d];
    });
  const [first, last] = [numbers(head), numbers(tail)];
  return tail === undefined ? first : [...first, ...Array.from({ length: 8 - first.length - last.length }, () => 0), ...last];
};

const plain = (address: string): string => {
  if (isIP(address) !== 6) return address;
  const groups = groupsOf(address);
  const [high = 0, low = 0] = groups.slice(6);
  // An IPv4 address in the dress of IPv6 (::ffff:192.0.2.1).
  return groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff ? `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}` : address;
};

const prefix = (address: string, groups: number): string => groupsOf(address).slice(0, groups).map((group) => group.toString(16)).join(':');

/** Who counts as one where requests are counted: an IPv4 address, or the network of 64 bits that one client has for itself in IPv6. */
export const clientOf = (address: string): string => {
  const own = plain(address);
  return isIP(own) === 6 ? `${prefix(own, 4)}::/64` : own;
};

/** The network of an address, so that it names no one machine: 24 bits of IPv4, 48 of IPv6. */
export const networkOf = (address: string): string => {
  const own = plain(address);
  switch (isIP(own)) {
    case 4:
      return `${own.split('.').slice(0, 3).join('.')}.0/24`;
    case 6:
      return `${prefix(own, 3)}::/48`;
    default:
      return 'unknown';
  }
};
