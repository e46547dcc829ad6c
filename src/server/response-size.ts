/** How long a reply or an event is on the wire, without its length in front: what ServerCnxn.serialize tells ServerStats. */
import { bytesLength } from '../base/bytes.ts';
import { utf8Length } from '../base/utf8.ts';
import type { Acl, Result, ServerPacket } from './protocol.ts';

const HEADER = 16;
const INT = 4;
const STAT = 68;

export function responseBytesOf(packet: Extract<ServerPacket, { type: 'REPLY' | 'EVENT' }>): number {
  if (packet.type === 'EVENT') return HEADER + 2 * INT + textBytes(packet.path);
  return HEADER + (packet.result === null ? 0 : resultBytes(packet.result));
}

function textBytes(text: string | null): number {
  return INT + (text === null ? 0 : utf8Length(text));
}

function textsBytes(texts: readonly string[]): number {
  let bytes = INT;
  for (const text of texts) bytes += textBytes(text);
  return bytes;
}

function aclBytes(acl: Acl): number {
  let bytes = INT;
  for (const { scheme, id } of acl) bytes += INT + textBytes(scheme) + textBytes(id);
  return bytes;
}

function resultBytes(result: Result): number {
  switch (result.op) {
    case 'create':
      return textBytes(result.path);
    case 'create2':
    case 'createContainer':
    case 'createTTL':
      return textBytes(result.path) + STAT;
    case 'sync':
      return textBytes(result.path);
    case 'exists':
    case 'setData':
    case 'setACL':
      return STAT;
    case 'getData':
    case 'reconfig':
      return INT + (result.data === null ? 0 : bytesLength(result.data)) + STAT;
    case 'getACL':
      return aclBytes(result.acl) + STAT;
    case 'getChildren':
      return textsBytes(result.children);
    case 'getChildren2':
      return textsBytes(result.children) + STAT;
    case 'getAllChildrenNumber':
    case 'addWatch':
      return INT;
    case 'getEphemerals':
      return textsBytes(result.ephemerals);
    case 'sasl':
      return INT + (result.token === null ? 0 : bytesLength(result.token));
    case 'whoAmI':
      return result.clientInfo.reduce((bytes, { scheme, user }) => bytes + textBytes(scheme) + textBytes(user), INT);
    case 'multi':
    case 'multiRead':
      return multiBytes(result.results);
    default:
      return 0;
  }
}

/** A MultiHeader before each, and one behind the last; an error is its code alone (MULTI-05). */
function multiBytes(results: readonly { readonly result: Result | null }[]): number {
  const header = INT + 1 + INT;
  return results.reduce((bytes, { result }) => bytes + header + (result === null ? INT : resultBytes(result)), header);
}
