/** IPv4 and IPv6 addresses of ACLs as bytes (IPAuthenticationProvider). */

/** 4 or 16 bytes; null for what is no address. */
export function parseIp(text: string): readonly number[] | null {
  return text.includes(':') ? parseV6(text) : parseV4(text);
}

/** As Java's parseInt takes it: '+1' and '007' are numbers. */
function parseV4(text: string): readonly number[] | null {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^[+-]?[0-9]+$/.test(part))) return null;
  const bytes = parts.map(Number);
  return bytes.every((byte) => byte >= 0 && byte <= 255) ? bytes : null;
}

/** Eight groups, of which one '::' stands for at least one; an embedded IPv4 address is not taken. */
function parseV6(text: string): readonly number[] | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const [front = [], back = []] = halves.map((half) => (half === '' ? [] : half.split(':')));
  const groups = [...front, ...back];
  const isWhole = halves.length === 1 ? groups.length === 8 : groups.length < 8;
  if (!isWhole || !groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return null;
  const zeros: string[] = Array.from({ length: 8 - groups.length }, () => '0');
  return [...front, ...zeros, ...back].flatMap((group) => {
    const value = parseInt(group, 16);
    return [value >> 8, value & 0xff];
  });
}

/** Do both begin with the same `bits`? Addresses of different length never do. */
export function samePrefix(a: readonly number[], b: readonly number[], bits: number): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0, left = bits; left > 0; i++, left -= 8) {
    const ignored = Math.max(0, 8 - left);
    if ((a[i] ?? 0) >> ignored !== (b[i] ?? 0) >> ignored) return false;
  }
  return true;
}
