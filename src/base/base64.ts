/* Base64 with padding, as RFC 4648 has it: zkCli's `-b`, and later digest ids. */
import { byteAt, bytesLength, bytesOfArray, type Bytes } from './bytes.ts';

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function base64OfBytes(bytes: Bytes): string {
  const length = bytesLength(bytes);
  let text = '';
  for (let i = 0; i < length; i += 3) {
    const left = length - i;
    const three = byteAt(bytes, i) * 65536 + (left > 1 ? byteAt(bytes, i + 1) * 256 : 0) + (left > 2 ? byteAt(bytes, i + 2) : 0);
    text += digits.charAt(three >>> 18) + digits.charAt((three >>> 12) & 63);
    text += left > 1 ? digits.charAt((three >>> 6) & 63) : '=';
    text += left > 2 ? digits.charAt(three & 63) : '=';
  }
  return text;
}

/** Null when `text` is not base64 with padding, or has bits beyond its last byte. */
export function bytesOfBase64(text: string): Bytes | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const bytes: number[] = [];
  for (let i = 0; i < text.length; i += 4) {
    const padding = text[i + 2] === '=' ? 2 : text[i + 3] === '=' ? 1 : 0;
    let four = 0;
    for (let j = 0; j < 4; j++) four = four * 64 + (j < 4 - padding ? digits.indexOf(text.charAt(i + j)) : 0);
    if (padding > 0 && four % (padding === 2 ? 65536 : 256) !== 0) return null;
    bytes.push(four >>> 16);
    if (padding < 2) bytes.push((four >>> 8) & 255);
    if (padding < 1) bytes.push(four & 255);
  }
  return bytesOfArray(bytes);
}
