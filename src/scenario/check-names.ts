/** Every name a scenario uses is known, every condition and selector can be read: checked before anything runs, in the order of the file. */
import { parseZxid } from '../base/zxid.ts';
import { nearest } from '../base/text.ts';
import { THREAD_NAMES } from '../ensemble/thread-names.ts';
import { NOTE_TYPES } from '../words/narrate.ts';
import { CONDITION_FORMS, parseCondition, STATES, type Condition, type Refs } from './condition.ts';
import type { Document, Expectation, NoteMatch } from './document.ts';
import { formatDuration } from './duration.ts';
import { InputError, unknownName, type Place } from './input-error.ts';
import { PACKET_NAMES } from './packet-names.ts';
import type { Scenario, ScriptLine } from './parse-scenario.ts';
import { createdPaths, isKnownPath } from './paths.ts';
import { choicesFor } from './result-match.ts';
import { NETWORK_VERBS, pairOf } from './network-lines.ts';
import { refsOfLine } from './script.ts';
import { parseRefs, ROLE_REFS } from './server-ref.ts';
import { isCountForm } from './verdict.ts';

export interface KnownNames {
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  /** The node of real clients, where there is one: it may be cut off, not killed. */
  readonly outside: readonly string[];
  readonly presets: readonly string[];
  readonly mutations: readonly string[];
  readonly properties: readonly string[];
}

/** What names are looked up in, and where the text being checked stands. */
interface Scope extends KnownNames {
  readonly bound: readonly string[];
  /** Those that the script creates; null when others may create any. */
  readonly paths: readonly string[] | null;
  readonly place: Place;
}

/** Throws the first InputError. `closed`: nobody but the script changes the tree. */
export function checkNames(scenario: Scenario, known: KnownNames, closed = true): void {
  const { document, lines, placeOf } = scenario;
  const scope: Scope = {
    ...known,
    bound: [],
    paths: closed ? createdPaths([...lines, ...scenario.schedule.filter((entry) => typeof entry !== 'string')]) : null,
    place: placeOf([]),
  };
  if (document.preset !== undefined) checkOne('preset', document.preset, known.presets, placeOf(['preset']));
  (document.mutations ?? []).forEach((id, i) => checkOne('mutation', id, known.mutations, placeOf(['mutations', i])));
  (document.check ?? []).forEach((id, i) => checkOne('property', id, known.properties, placeOf(['check', i])));
  checkEnsemble(document, scope, placeOf);
  const bound: string[] = [];
  let earliest = 0;
  for (const line of lines) {
    const here = { ...scope, bound, place: line.place };
    earliest = checkTime(line, earliest, document, here);
    checkLine(line, here);
    if (line.as !== undefined) bound.push(checkBinding(line.as, here));
  }
  for (const entry of scenario.schedule) if (typeof entry !== 'string') checkLine(entry, { ...scope, bound, place: entry.place });
  (document.explore?.on ?? []).forEach((name) => checkOne('server', name, known.servers, placeOf(['explore', 'on'])));
  (document.expect ?? []).forEach((each, i) =>
    checkExpectation(each, { ...scope, bound, place: placeOf(['expect', i]) }, (path) => placeOf(['expect', i, ...path])),
  );
}

type PlaceOf = Scenario['placeOf'];

function checkOne(what: string, name: string, known: readonly string[], place: Place): void {
  if (!known.includes(name)) throw new InputError(place, unknownName(what, name, known));
}

/** Servers, clients and roles share one space of names: a script could mean either. */
function checkEnsemble({ ensemble, clients }: Document, { servers, outside }: Scope, placeOf: PlaceOf): void {
  const listed = typeof ensemble?.servers === 'object' ? ensemble.servers : [];
  if (listed.length > 0 && ensemble?.observers !== undefined) {
    throw new InputError(
      placeOf(['ensemble', 'observers']),
      'found observers beside a list of servers, expected "observer: true" in that list',
    );
  }
  if (listed.length > 0 && listed.every(({ observer }) => observer === true)) {
    throw new InputError(placeOf(['ensemble', 'servers']), 'found observers only, expected a server that votes');
  }
  const taken = new Map<string, string>([
    ...ROLE_REFS.map((role): [string, string] => [role, 'role']),
    ...outside.map((name): [string, string] => [name, 'node']),
  ]);
  const sids = new Set<number>();
  servers.forEach((name, i) => claim(taken, name, 'server', placeOf(['ensemble', 'servers', i, 'name'])));
  listed.forEach(({ sid = 0 }, i) => {
    const own = sid === 0 ? i + 1 : sid;
    if (sids.has(own))
      throw new InputError(
        placeOf(['ensemble', 'servers', i, sid === 0 ? 'name' : 'sid']),
        `found sid ${own} a second time, expected another one`,
      );
    sids.add(own);
  });
  (clients ?? []).forEach((client, i) => {
    claim(taken, client.name, 'client', placeOf(['clients', i, 'name']));
    for (const name of client.servers ?? []) checkOne('server', name, servers, placeOf(['clients', i, 'servers']));
  });
}

function claim(taken: Map<string, string>, name: string, what: string, place: Place): void {
  const other = taken.get(name);
  if (other === what) throw new InputError(place, `found a second ${what} "${name}", expected another name`);
  if (other !== undefined) throw new InputError(place, `found ${what} "${name}", which has the name of a ${other}: expected another name`);
  taken.set(name, what);
}

function checkBinding(name: string, { servers, clients, place }: Scope): string {
  if (![...servers, ...clients, ...ROLE_REFS].includes(name)) return name;
  throw new InputError(place, `found "as: ${name}", which is the name of a server, a client or a role: expected a new name`);
}

/** Lines run one after the other, so that a time before that of an earlier line cannot be met. Returns the earliest time of the next one. */
function checkTime(line: ScriptLine, earliest: number, { until }: Document, { place }: Scope): number {
  const { at } = line;
  if (at === undefined) return earliest;
  if (at < earliest)
    throw new InputError(
      place,
      `found "at: ${formatDuration(at)}" after a line at ${formatDuration(earliest)}, expected a later time: lines run in order`,
    );
  if (until !== undefined && at > until)
    throw new InputError(place, `found "at: ${formatDuration(at)}", expected a time before ${formatDuration(until)}, when the run ends`);
  return at;
}

function isAboutNetwork({ verb }: ScriptLine): boolean {
  return NETWORK_VERBS.includes(verb);
}

function withOutside(scope: Scope): Scope {
  return scope.outside.length === 0 ? scope : { ...scope, clients: [...scope.clients, ...scope.outside] };
}

function checkLine(line: ScriptLine, scope: Scope): void {
  const { place } = scope;
  for (const { text, orClient } of refsOfLine(line)) checkRefs(text, isAboutNetwork(line) ? withOutside(scope) : scope, orClient);
  switch (line.verb) {
    case 'pick':
      if (line.as === undefined) throw new InputError(place, 'found pick without as, expected the name to give');
      return;
    case 'stall':
    case 'unstall':
      return checkOne('thread', line.value.thread, THREAD_NAMES, place);
    case 'partition':
      return checkGroups(line.value, place);
    case 'cut':
    case 'mend':
      for (const text of line.value) {
        if (pairOf(text) === null)
          throw new InputError(place, `found "${text}", expected two names and an arrow, such as s1 > s2 or s1 <> s2`);
      }
      return;
    case 'break':
      if (line.value.between.length !== 2)
        throw new InputError(place, `found ${line.value.between.length} of them, expected two names, such as s1 - s2`);
      return;
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      if (line.value.type !== undefined) checkOne('packet', line.value.type, PACKET_NAMES, place);
      if (line.value.zxid !== undefined && parseZxid(line.value.zxid) === null) {
        throw new InputError(place, `found "${line.value.zxid}", expected a zxid such as 1.2 or 0x100000002`);
      }
      if ((line.verb === 'delay') !== (line.value.by !== undefined))
        throw new InputError(
          place,
          line.verb === 'delay'
            ? 'the key "by" is missing, expected a duration'
            : `found "by" with ${line.verb}, expected it with delay only`,
        );
      return;
    case 'move':
      return checkOne('client', line.value.client, scope.clients, place);
    case 'disconnect':
    case 'open':
      return checkOne('client', line.value, scope.clients, place);
    case 'until':
      return checkCondition(line.value, scope);
    case 'check':
      for (const text of line.value) checkCondition(text, scope);
      return;
    case 'operation':
      for (const text of line.expect ?? []) {
        const choices = choicesFor(line.operation, text);
        if (choices !== null) throw new InputError(place, unknownName('result', text, choices));
      }
      break;
    default:
  }
}

function checkGroups(groups: readonly (readonly string[])[], place: Place): void {
  const all = groups.flat();
  const twice = all.find((name, i) => all.indexOf(name) !== i);
  if (twice !== undefined) throw new InputError(place, `found ${twice} in two groups, expected each in one`);
}

function checkRefs(text: string, scope: Scope, orClient: boolean): void {
  const refs = parseRefs(text);
  if (refs === null) throw new InputError(scope.place, `found "${text}", expected names such as s1, leader or all except s1`);
  checkNamesOf(refs, scope, orClient ? 'server or client' : 'server', orClient ? scope.clients : []);
}

function checkNamesOf(refs: Refs, { servers, bound, place }: Scope, what: string, others: readonly string[]): void {
  const names = [...servers, ...others, ...ROLE_REFS, ...bound];
  for (const { name, except } of refs) for (const each of [name, ...except]) checkOne(what, each, names, place);
}

function checkCondition(text: string, scope: Scope): void {
  const condition = parseCondition(text);
  if (condition === null) throw new InputError(scope.place, unreadableText(text, scope));
  if ('servers' in condition) checkNamesOf(condition.servers, scope, 'server', []);
  if ('client' in condition) checkOne('client', condition.client, scope.clients, scope.place);
  checkOperands(condition, scope);
}

function checkOperands(condition: Condition, scope: Scope): void {
  const { place } = scope;
  switch (condition.is) {
    case 'same':
      // Whatever is no state is taken for the name of a server.
      return checkNamesOf(condition.others, { ...scope, servers: [...STATES, ...scope.servers] }, 'state or server', []);
    case 'in-flight':
      checkOne('packet', condition.packet, PACKET_NAMES, place);
      for (const refs of [condition.from, condition.to]) checkNamesOf(refs, scope, 'server or client', scope.clients);
      return;
    case 'did':
      return checkOne('thread', condition.thread, THREAD_NAMES, place);
    case 'noted':
      checkNote(condition.match, scope);
      return checkNamesOf(condition.nodes, scope, 'server or client', scope.clients);
    case 'node':
      if (condition.exists && scope.paths !== null && !isKnownPath(condition.path, scope.paths))
        throw new InputError(place, unknownName('path', condition.path, scope.paths));
      break;
    default:
  }
}

/** The nearest form, when only a word of it is wrong. */
function unreadableText(text: string, { servers, clients }: Scope): string {
  const forms = CONDITION_FORMS.filter((each) => !/[A-Z]/.test(each));
  const near = nearest(text, [...forms, ...servers.map((name) => `${name} serving`), ...clients.map((name) => `${name} is connected`)]);
  return `found "${text}", expected a condition${near === null ? '' : `; did you mean "${near}"?`}\n  ${CONDITION_FORMS.join('\n  ')}`;
}

function checkNote(match: NoteMatch, scope: Scope): void {
  const { note, at } = match;
  if (note === undefined) throw new InputError(scope.place, 'the key "note" is missing, expected the type of a note');
  checkOne('note', note, NOTE_TYPES, scope.place);
  if (at !== undefined) checkRefs(at, scope, true);
}

function checkExpectation(expectation: Expectation, scope: Scope, placeOf: PlaceOf): void {
  if ('violates' in expectation) for (const id of expectation.violates) checkOne('property', id, scope.properties, placeOf(['violates']));
  if ('holds' in expectation) for (const id of expectation.holds) checkOne('property', id, scope.properties, placeOf(['holds']));
  if ('state' in expectation) checkCondition(expectation.state, { ...scope, place: placeOf(['state']) });
  if ('order' in expectation) expectation.order.forEach((match, i) => checkNote(match, { ...scope, place: placeOf(['order', i, 'note']) }));
  if ('trace' in expectation) {
    checkNote(expectation.trace, { ...scope, place: placeOf(['trace', 'note']) });
    const { times } = expectation;
    if (times !== undefined && !isCountForm(times))
      throw new InputError(placeOf(['times']), `found "${times}", expected a number of times, such as 2, 2+ or 2..4`);
  }
}
