// The records of replies, as the transcript tells them.

import { codeName } from './error-codes.ts';
import { readBool, readBuffer, readInt, readLong, readText, readVector, type Reader } from './jute.ts';
import { dataName, type Names, sessionName, told, zxidName } from './names.ts';
import type { Fields, Json } from './request.ts';

export function readStat(r: Reader, names: Names): Fields {
  const [czxid, mzxid] = [readLong(r), readLong(r)];
  readLong(r); // ctime and mtime
  readLong(r);
  const [version, cversion, aversion] = [readInt(r), readInt(r), readInt(r)];
  const owner = sessionName(names, readLong(r));
  const [dataLength, numChildren] = [readInt(r), readInt(r)];
  const [c, m, p] = [czxid, mzxid, readLong(r)].map((zxid) => zxidName(names, zxid));
  return { czxid: c!, mzxid: m!, pzxid: p!, version, cversion, aversion, owner, dataLength, numChildren };
}

/** The order of children is that of a hash set [TREE-23]. */
export function readChildren(r: Reader, names: Names): Fields {
  return {
    children:
      readVector(r, readText)
        ?.map((name) => told(names, name))
        .sort(byText) ?? null,
  };
}

export function readData(r: Reader, names: Names): Fields {
  return { data: dataName(names, readBuffer(r)), stat: readStat(r, names) };
}

export function byText(a: string | null, b: string | null): number {
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

/** One result a line, each as its type says [MULTI-05]; the end header [MULTI-07] is told only when it is another. */
export function readResults(r: Reader, names: Names): Fields {
  const results: Json[] = [];
  for (;;) {
    const [type, done, err] = [readInt(r), readBool(r), readInt(r)];
    if (done) return type === -1 && err === -1 ? { results } : { results, end: [type, err] };
    const code = err === 0 ? {} : { err: codeName(err) };
    results.push({ type, ...code, ...readResult(type, r, names) });
  }
}

function readResult(type: number, r: Reader, names: Names): Fields {
  switch (type) {
    case -1:
      return { error: codeName(readInt(r)) };
    case 1:
      return { path: told(names, readText(r)) };
    case 4:
      return readData(r, names);
    case 5:
      return { stat: readStat(r, names) };
    case 8:
      return readChildren(r, names);
    case 15:
    case 19:
    case 21:
      return { path: told(names, readText(r)), stat: readStat(r, names) };
    default: // delete and check are nothing but their header
      return {};
  }
}
