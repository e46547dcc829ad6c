/** Every name a scenario uses is known, every condition and selector can be read: checked before anything runs. */
import { parseZxid } from '../base/zxid.ts';
import { THREAD_NAMES } from '../ensemble/thread-names.ts';
import { CONDITION_FORMS, namesIn, parseCondition } from './condition.ts';
import { modifiers, verbs, type Expectation } from './document.ts';
import { InputError, unknownName, type Place } from './input-error.ts';
import type { Scenario, ScriptLine } from './parse-scenario.ts';
import { DIRECTION } from './script.ts';
import { NOTE_TYPES } from '../words/narrate.ts';
import { ROLE_REFS } from './server-ref.ts';

export interface KnownNames {
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  readonly presets: readonly string[];
  readonly mutations: readonly string[];
  readonly properties: readonly string[];
}

/** Throws the first InputError in the order of the file. */
export function checkNames(scenario: Scenario, known: KnownNames): void {
  const { document, lines, placeOf } = scenario;
  checkUnique(scenario, known);
  if (document.preset !== undefined && !known.presets.includes(document.preset)) throw new InputError(placeOf(['preset']), unknownName('preset', document.preset, known.presets));
  for (const id of document.mutations ?? []) {
    if (!known.mutations.includes(id)) throw new InputError(placeOf(['mutations']), unknownName('mutation', id, known.mutations));
  }
  (document.clients ?? []).forEach((client, i) => {
    for (const server of 'servers' in client ? (client.servers ?? []) : []) {
      if (!known.servers.includes(server)) throw new InputError(placeOf(['clients', i, 'servers']), unknownName('server', server, known.servers));
    }
  });
  const bound: string[] = [];
  for (const line of lines) {
    checkLine(line, known, bound);
    if (line.as !== undefined) bound.push(line.as);
  }
  (document.expect ?? []).forEach((expectation, i) => checkExpectation(expectation, known, bound, placeOf(['expect', i])));
}

/** Servers, clients and verbs share one space of names: a script line could mean either. */
function checkUnique({ document, placeOf }: Scenario, known: KnownNames): void {
  const given = document.ensemble?.servers;
  const servers = typeof given === 'object' ? given : [];
  servers.forEach(({ name, sid }, i) => {
    const place = placeOf(['ensemble', 'servers', i]);
    if (ROLE_REFS.includes(name)) throw new InputError(place, `server "${name}" has the name of a role`);
    if (known.servers.indexOf(name) < i) throw new InputError(place, `found a second server "${name}", expected another name`);
    const same = sid === undefined ? -1 : servers.findIndex((other, j) => (other.sid ?? j + 1) === sid);
    if (same !== -1 && same !== i) throw new InputError(place, `found sid ${sid} a second time, expected another one`);
  });
  if (servers.length > 0 && servers.every(({ observer }) => observer === true)) throw new InputError(placeOf(['ensemble', 'servers']), 'found observers only, expected a server that votes');
  known.clients.forEach((name, i) => {
    const place = placeOf(['clients', i]);
    if (known.servers.includes(name) || ROLE_REFS.includes(name)) throw new InputError(place, `client "${name}" has the name of a server or a role`);
    if (name in verbs || name in modifiers) throw new InputError(place, `client "${name}" has the name of a verb or a modifier`);
    if (known.clients.indexOf(name) < i) throw new InputError(place, `found a second client "${name}", expected another name`);
  });
}

function checkLine(line: ScriptLine, known: KnownNames, bound: readonly string[]): void {
  const servers = (refs: readonly string[]): void => {
    for (const ref of refs) checkRef(ref, known, bound, line.place, false);
  };
  const nodes = (refs: readonly string[]): void => {
    for (const ref of refs) checkRef(ref, known, bound, line.place, true);
  };
  switch (line.verb) {
    case 'start':
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume':
      nodes(line.value);
      return;
    case 'stall':
    case 'unstall':
      nodes(line.value.server.split(',').map((ref) => ref.trim()));
      if (!THREAD_NAMES.includes(line.value.thread)) throw new InputError(line.place, unknownName('thread', line.value.thread, THREAD_NAMES));
      return;
    case 'power-loss':
    case 'disk':
    case 'tear-tail':
      servers(line.value.server.split(',').map((ref) => ref.trim()));
      return;
    case 'partition':
      for (const group of line.value) nodes(group);
      return;
    case 'cut':
    case 'mend':
      for (const text of line.value) {
        const match = DIRECTION.exec(text);
        if (match === null) throw new InputError(line.place, `found "${text}", expected two names and an arrow, such as s1 > s2 or s1 <> s2`);
        nodes([match[1] ?? '', match[3] ?? '']);
      }
      return;
    case 'break':
      if (line.value.between.length !== 2) throw new InputError(line.place, 'expected two names, such as s1 - s2');
      nodes(line.value.between);
      return;
    case 'link':
      nodes([line.value.from, line.value.to]);
      return;
    case 'drop':
    case 'hold':
    case 'release':
    case 'duplicate':
    case 'delay':
      nodes([line.value.from, line.value.to].filter((ref) => ref !== undefined));
      if (line.value.zxid !== undefined) checkZxid(line.value.zxid, line.place);
      return;
    case 'move':
      checkClient(line.value.client, known, line.place);
      servers([line.value.to]);
      return;
    case 'disconnect':
    case 'open':
      checkClient(line.value, known, line.place);
      return;
    case 'until':
      checkCondition(line.value, known, bound, line.place);
      return;
    case 'check':
      for (const text of line.value) checkCondition(text, known, bound, line.place);
      break;
    default:
  }
}

function checkRef(ref: string, known: KnownNames, bound: readonly string[], place: Place, orClient: boolean): void {
  for (const part of ref.split(',').map((text) => text.trim())) {
    const names = [...known.servers, ...(orClient ? known.clients : []), ...ROLE_REFS, ...bound];
    if (!names.includes(part)) throw new InputError(place, unknownName(orClient ? 'server or client' : 'server', part, names));
  }
}

function checkClient(name: string, known: KnownNames, place: Place): void {
  if (!known.clients.includes(name)) throw new InputError(place, unknownName('client', name, known.clients));
}

function checkZxid(text: string, place: Place): void {
  if (parseZxid(text) === null) throw new InputError(place, `found "${text}", expected a zxid such as 1.2 or 0x100000002`);
}

function checkCondition(text: string, known: KnownNames, bound: readonly string[], place: Place): void {
  const condition = parseCondition(text);
  if (condition === null) throw new InputError(place, `found "${text}", expected a condition:\n  ${CONDITION_FORMS.join('\n  ')}`);
  const { servers, clients } = namesIn(condition);
  if (condition.is === 'noted' && !NOTE_TYPES.includes(condition.note)) throw new InputError(place, unknownName('note', condition.note, NOTE_TYPES));
  for (const ref of servers) checkRef(ref, known, bound, place, condition.is === 'in-flight' || condition.is === 'noted');
  for (const name of clients) checkClient(name, known, place);
}

function checkExpectation(expectation: Expectation, known: KnownNames, bound: readonly string[], place: Place): void {
  const properties = 'violates' in expectation ? expectation.violates : 'holds' in expectation ? expectation.holds : [];
  for (const id of properties) if (!known.properties.includes(id)) throw new InputError(place, unknownName('property', id, known.properties));
  if ('state' in expectation) checkCondition(expectation.state, known, bound, place);
}
