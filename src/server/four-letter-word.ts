/**
 * Four-letter words: what an operator asks on the client port with the first four bytes of a connection (ADM-01). Each answer is a pure
 * function of the server's memory at that moment, but for the two that set numbers back.
 */
import { peek } from '../base/parts.ts';
import { int64Decimal } from '../base/int64.ts';
import type { ServerContext } from './context.ts';
import { digestText } from './digest.ts';
import { confText, dirsText, enviText } from './four-letter-conf.ts';
import { dumpText } from './four-letter-dump.ts';
import { mntrText } from './four-letter-mntr.ts';
import { consText, srvrText, statText } from './four-letter-stat.ts';
import { wchcText, wchpText, wchsText } from './four-letter-watches.ts';
import { zxidHexText } from './java-text.ts';
import { resetConnectionStats, resetServerStats } from './server-stats.ts';
import { servingChain } from './server-view.ts';
import type { RequestProcessors } from './thread-state.ts';

/** ZooTrace's mask of log categories, by default. Nothing here is logged by it. */
export const TRACE_MASK = 306;

const NOT_SERVING = 'This ZooKeeper instance is not currently serving requests';

const WORDS = [
  'conf',
  'cons',
  'crst',
  'dirs',
  'dump',
  'envi',
  'gtmk',
  'ruok',
  'stmk',
  'srvr',
  'srst',
  'stat',
  'wchc',
  'wchp',
  'wchs',
  'mntr',
  'isro',
  'hash',
] as const;
type Word = (typeof WORDS)[number];

function isWord(word: string): word is Word {
  const words: readonly string[] = WORDS;
  return words.includes(word);
}

/** The answer; null for what is no word, or cannot be answered: the connection is closed without a byte (ADM-24). */
export function fourLetterWordText(ctx: ServerContext, word: string, asking: number): string | null {
  if (!isWord(word)) return null;
  if (!isEnabled(ctx, word)) return `${word} is not executed because it is not in the whitelist.\n`;
  switch (word) {
    case 'ruok':
      return 'imok';
    case 'envi':
      return enviText(ctx);
    case 'gtmk':
      return String(TRACE_MASK);
    case 'stmk':
      return null; // its mask has not come with it
    case 'isro':
      return servingChain(ctx) === null ? 'null' : 'rw';
    default: {
      const chain = servingChain(ctx);
      if (chain !== null) return servingText(ctx, chain, word, asking);
      return word === 'hash' ? NOT_SERVING : `${NOT_SERVING}\n`; // ADM-21
    }
  }
}

/** CFG-56. */
function isEnabled(ctx: ServerContext, word: Word): boolean {
  const enabled = ctx.config.fourLetterWhitelist.split(',').map((each) => each.trim());
  return enabled.includes('*') || enabled.includes(word);
}

function servingText(ctx: ServerContext, chain: Readonly<RequestProcessors>, word: Word, asking: number): string {
  switch (word) {
    case 'srvr':
      return srvrText(ctx, chain);
    case 'stat':
      return statText(ctx, chain, asking);
    case 'cons':
      return consText(ctx, asking);
    case 'mntr':
      return mntrText(ctx, chain);
    case 'dump':
      return dumpText(ctx, chain);
    case 'conf':
      return confText(ctx);
    case 'dirs':
      return dirsText(ctx);
    case 'wchs':
      return wchsText(ctx);
    case 'wchc':
      return wchcText(ctx);
    case 'wchp':
      return wchpText(ctx);
    case 'hash':
      return hashText(ctx);
    case 'crst':
      resetConnectionStats(ctx.parts, ctx.refs.stats);
      return 'Connection stats reset.\n';
    case 'srst':
      resetServerStats(ctx.parts, ctx.refs.stats);
      return 'Server stats reset.\n';
    default:
      return '';
  }
}

/** DIG-07. */
function hashText(ctx: ServerContext): string {
  const { digests } = peek(ctx.parts, ctx.refs.stats);
  return digests.map(({ zxid, digest }) => `${zxidHexText(zxid)}: ${int64Decimal(digestText(digest))}\n`).join('');
}
