/** Clients, observers and servers, and the settings that a file has instead of the usual ones. */
import { VERBS } from '../scenario/lines.ts';
import { smallestPart } from './delta-debugging.ts';
import {
  clientName,
  clientsOf,
  isValues,
  linesOf,
  listOf,
  mapTexts,
  namesOf,
  textOf,
  verbOf,
  withKey,
  withLines,
  type Values,
} from './shrink-document.ts';
import { accepts, acceptsOneOf, type Shrinking } from './shrinking.ts';

/** A client that has nothing to do, one whose work is not needed, and two whose work one can do. */
export function* fewerClients(shrinking: Shrinking): Generator<void> {
  for (let i = clientsOf(shrinking.best).length - 1; i >= 0; i--) {
    const { best } = shrinking;
    const clients = clientsOf(best);
    const client = clients[i];
    if (client === undefined) continue;
    const name = clientName(client);
    const rest = clients.filter((each) => each !== client);
    const others = rest.map(clientName);
    const left = withKey(best, 'clients', rest.length === 0 ? null : rest);
    const candidates = [
      withLines(left, without(linesOf(best), [name])),
      ...others.map((other) =>
        withLines(
          left,
          linesOf(best).map((line) => renamed(line, (text) => (text === name ? other : text))),
        ),
      ),
    ];
    yield* acceptsOneOf(shrinking, candidates);
  }
}

export function* fewerObservers(shrinking: Shrinking): Generator<void> {
  const ensemble = ensembleOf(shrinking.best);
  const voters = Number(textOf(ensemble['servers']) ?? '3');
  if (textOf(ensemble['observers']) === '0') yield* accepts(shrinking, withEnsemble(shrinking.best, 'observers', null));
  for (let count = Number(textOf(ensemble['observers']) ?? '0'); count > 0; count--) {
    const { best } = shrinking;
    const gone = `s${voters + count}`;
    const fewer = withEnsemble(best, 'observers', count === 1 ? null : String(count - 1));
    if (!(yield* accepts(shrinking, withLines(withoutServer(fewer, gone), without(linesOf(best), [gone]))))) return;
  }
}

/** Of five servers three may do: any three, with the names of the first three. */
export function* fewerServers(shrinking: Shrinking): Generator<void> {
  for (;;) {
    const { best } = shrinking;
    const ensemble = ensembleOf(best);
    const count = Number(textOf(ensemble['servers']) ?? '3');
    if (textOf(ensemble['servers']) === '3') yield* accepts(shrinking, withEnsemble(best, 'servers', null));
    if (!Number.isInteger(count) || count < 4 || 'observers' in ensemble) return;
    if (!(yield* acceptsOneOf(shrinking, fewerOf(best, count)))) return;
  }
}

function* fewerOf(document: Values, count: number): Generator<Values> {
  const all = Array.from({ length: count }, (_, i) => `s${i + 1}`);
  const gone = [...all.flatMap((a, i) => all.slice(i + 1).map((b) => [b, a])), ...all.map((a) => [a])];
  for (const names of gone.toReversed()) {
    const kept = all.filter((name) => !names.includes(name));
    if (kept.length < 3) continue;
    const rest = names.reduce(withoutServer, withLines(document, without(linesOf(document), names)));
    const rename = (text: string): string =>
      text.replace(/\bs\d+\b/g, (name) => (kept.includes(name) ? `s${kept.indexOf(name) + 1}` : name));
    const clients = clientsOf(rest).map((client) =>
      typeof client === 'string' ? client : { ...client, servers: mapTexts(client['servers'], rename) },
    );
    const sized = withEnsemble(
      withLines(
        rest,
        linesOf(rest).map((line) => renamed(line, rename)),
      ),
      'servers',
      kept.length === 3 ? null : String(kept.length),
    );
    yield clients.length === 0 ? sized : withKey(sized, 'clients', clients.map(dropAbsent));
  }
}

function dropAbsent(client: string | Values): string | Values {
  return typeof client === 'string' ? client : Object.fromEntries(Object.entries(client).filter(([, value]) => value !== undefined));
}

/** Settings that need not be said; those of one part together at first. */
export function* fewerSettings(shrinking: Shrinking): Generator<void> {
  for (const part of ['ensemble', 'network']) {
    const { best } = shrinking;
    const given = best[part];
    if (!isValues(given)) continue;
    const fixed = Object.entries(given).filter(([key]) => key === 'servers' || key === 'observers');
    const settings = Object.entries(given).filter(([key]) => key !== 'servers' && key !== 'observers');
    yield* smallestPart(settings, (kept) => {
      const entries = [...fixed, ...kept];
      return accepts(shrinking, withKey(best, part, entries.length === 0 ? null : Object.fromEntries(entries)));
    });
  }
  const names = clientsOf(shrinking.best).map(clientName);
  if (names.length > 0) yield* accepts(shrinking, withKey(shrinking.best, 'clients', names));
  for (let i = 0; i < clientsOf(shrinking.best).length; i++) yield* fewerOfClient(shrinking, i);
}

function* fewerOfClient(shrinking: Shrinking, i: number): Generator<void> {
  const { best } = shrinking;
  const client = clientsOf(best)[i];
  if (!isValues(client)) return;
  const settings = Object.entries(client).filter(([key]) => key !== 'name');
  yield* smallestPart(settings, (kept) => {
    const smaller = kept.length === 0 ? clientName(client) : { name: clientName(client), ...Object.fromEntries(kept) };
    return accepts(shrinking, withKey(best, 'clients', clientsOf(best).with(i, smaller)));
  });
}

function ensembleOf(document: Values): Values {
  const { ensemble } = document;
  return isValues(ensemble) ? ensemble : {};
}

function withEnsemble(document: Values, key: string, value: string | null): Values {
  const ensemble = withKey(ensembleOf(document), key, value);
  return withKey(document, 'ensemble', Object.keys(ensemble).length === 0 ? null : ensemble);
}

/** No client is told of the server any more. */
function withoutServer(document: Values, name: string): Values {
  const clients = clientsOf(document).map((client) => {
    if (typeof client === 'string') return client;
    const servers = namesOf(client['servers']).filter((each) => each !== name);
    return withKey(client, 'servers', servers.length === 0 ? null : servers.join(', '));
  });
  return clients.length === 0 ? document : withKey(document, 'clients', clients);
}

/** Lines without these servers or clients; what was about them alone is gone. */
function without(lines: readonly Values[], names: readonly string[]): Values[] {
  return lines.flatMap((line) => {
    const verb = verbOf(line);
    if (names.includes(verb)) return [];
    const value = strip(line[verb], names);
    return value === null ? [] : [{ ...line, [verb]: value }];
  });
}

/** Null for what is about nobody any more. */
function strip(value: unknown, names: readonly string[]): unknown {
  if (typeof value === 'string') {
    const kept = namesOf(value).filter((each) => !names.includes(each));
    if (kept.length === namesOf(value).length) return value.split(/[\s<>]+/).some((each) => names.includes(each)) ? null : value;
    return kept.length === 0 ? null : kept.join(', ');
  }
  if (Array.isArray(value)) {
    const kept = listOf(value)
      .map((each) => strip(each, names))
      .filter((each) => each !== null);
    return kept.length === 0 ? null : kept;
  }
  if (!isValues(value)) return value;
  const entries = Object.entries(value).map(([key, each]) => [key, strip(each, names)] as const);
  return entries.some(([, each]) => each === null) ? null : Object.fromEntries(entries);
}

/** Names of servers or clients in a line; an operation's words are its own. */
function renamed(line: Values, rename: (text: string) => string): Values {
  const verb = verbOf(line);
  return Object.fromEntries(
    Object.entries(line).map(([key, value]) =>
      key === verb ? [rename(key), isOperation(verb) ? value : mapTexts(value, rename)] : [key, value],
    ),
  );
}

/** No verb is like a client's name, so that whatever is no verb with names in it is a client. */
function isOperation(verb: string): boolean {
  return !VERBS.includes(verb);
}
