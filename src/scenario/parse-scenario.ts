/** Text to scenario: every mistake becomes one InputError with its line and column. */
import { CommandError } from '../client/command-error.ts';
import type { Submission } from '../client/items.ts';
import { parseOperation } from '../client/zkcli.ts';
import { documentSchema, plainHead, type Document, type PlainHead } from './document.ts';
import { InputError, unknownName, type Place } from './input-error.ts';
import { MODIFIERS, modifierSchema, modifiersOf, OPERATION_MODIFIERS, verbLine, verbLines, VERBS, type VerbLine } from './lines.ts';
import { foundText, schemaError, valueAt } from './schema-error.ts';
import { readYaml, type Path, type YamlText } from './yaml-text.ts';

interface Modifiers {
  readonly at?: number | undefined;
  readonly within?: number | undefined;
  readonly as?: string | undefined;
  readonly expect?: readonly string[] | undefined;
  readonly async?: boolean | undefined;
}

/** `place` is where its verb's value stands in the file, `text` the line as a person would say it: `kill: leader`. */
interface Written {
  readonly place: Place;
  readonly text: string;
}

interface OperationLine {
  readonly verb: 'operation';
  readonly client: string;
  readonly operation: Submission;
}

/** A line of the script, checked. */
export type ScriptLine = Modifiers & Written & (VerbLine | OperationLine);

/** The name of an event, or a line to do. */
export type ScheduleEntry = string | ScriptLine;

export interface Scenario {
  readonly file: string;
  readonly source: string;
  readonly document: Document;
  readonly lines: readonly ScriptLine[];
  readonly schedule: readonly ScheduleEntry[];
  /** Where a value of the document stands. */
  readonly placeOf: (path: Path) => Place;
  readonly keyPlaceOf: (path: Path) => Place;
}

export function parseScenario(source: string, file: string): Scenario {
  return scenarioOf(readYaml(source, file), source, file);
}

/** The scenario of a file with these values, each scalar as its text: for whoever makes many and reads none. Its places are no places. */
export function scenarioOfPlain(plain: unknown, file: string): Scenario {
  const nowhere: Place = { file, line: 0, column: 0 };
  const placeOf = (): Place => nowhere;
  return scenarioOf({ plain, placeOf, keyPlaceOf: placeOf, placeInside: placeOf }, '', file);
}

function scenarioOf(yaml: YamlText, source: string, file: string): Scenario {
  const parsed = documentSchema.safeParse(yaml.plain);
  if (!parsed.success) throw schemaError(parsed.error, documentSchema, [], yaml);
  const document = parsed.data;
  const clients = (document.clients ?? []).map((client) => client.name);
  const { placeOf, keyPlaceOf } = yaml;
  clients.forEach((client, i) => {
    if (isReserved(client))
      throw new InputError(
        placeOf(['clients', i]),
        `found "${client}" for a client, which is a word of script lines: expected another name`,
      );
  });
  const lines = (document.script ?? []).map((_, i) => parseLine(['script', i], clients, yaml));
  const schedule = (document.schedule ?? []).map((entry, i) =>
    typeof entry === 'string' ? entry : scheduledLine(parseLine(['schedule', i], clients, yaml)),
  );
  return { file, source, document, lines, schedule, placeOf, keyPlaceOf };
}

/** The head of a file that has been parsed, as it stands there: every scalar is a text. */
export function plainHeadOf({ source, file }: Scenario): PlainHead {
  return plainHead.parse(readYaml(source, file).plain);
}

/** The document that a file with these values has; every scalar is a text. Throws for what no file of ours may say. */
export function documentOf(plain: Readonly<Record<string, unknown>>): Document {
  return documentSchema.parse(plain);
}

function isReserved(name: string): boolean {
  return VERBS.includes(name) || MODIFIERS.some((modifier) => modifier === name);
}

/** Nothing waits in a schedule, and nobody looks back at what came of a line. */
function scheduledLine(line: ScriptLine): ScriptLine {
  if (['wait', 'until', 'check', 'pick', 'say'].includes(line.verb))
    throw new InputError(line.place, `found ${line.verb} in a schedule, expected the name of an event or a line that does something`);
  const beside = MODIFIERS.find((modifier) => line[modifier] !== undefined);
  if (beside !== undefined) throw new InputError(line.place, `found "${beside}" in a schedule, expected a line without it`);
  return line;
}

function parseLine(path: Path, clients: readonly string[], yaml: YamlText): ScriptLine {
  const line = new Map<string, unknown>(Object.entries(valueAt(yaml.plain, path) ?? {}));
  const known = [...VERBS, ...clients];
  const actors = [...line.keys()].filter((key) => known.includes(key));
  const stranger = [...line.keys()].find((key) => !known.includes(key) && !MODIFIERS.some((modifier) => modifier === key));
  if (stranger !== undefined)
    throw new InputError(yaml.keyPlaceOf([...path, stranger]), unknownName('verb, client or modifier', stranger, [...known, ...MODIFIERS]));
  const [verb, second] = actors;
  if (verb === undefined) throw new InputError(yaml.placeOf(path), `found a line without a verb, expected one of ${known.join(', ')}`);
  if (second !== undefined)
    throw new InputError(yaml.keyPlaceOf([...path, second]), `found a second verb, ${second}, beside ${verb}: expected a line of its own`);
  const value = line.get(verb);
  line.delete(verb);
  const beside = clients.includes(verb) ? OPERATION_MODIFIERS : modifiersOf(verb);
  for (const key of line.keys()) {
    if (!beside.some((modifier) => modifier === key))
      throw new InputError(yaml.keyPlaceOf([...path, key]), `found "${key}" beside ${verb}, expected ${beside.join(', ')} there`);
  }
  const extra = modifierSchema.safeParse(Object.fromEntries(line));
  if (!extra.success) throw schemaError(extra.error, modifierSchema, path, yaml);
  const written: Modifiers & Written = { ...extra.data, place: yaml.placeOf([...path, verb]), text: `${verb}: ${flowText(value)}` };
  if (clients.includes(verb)) return { ...written, verb: 'operation', client: verb, operation: operationOf(value, [...path, verb], yaml) };
  return { ...written, ...verbLineOf(verb, value, path, yaml) };
}

function verbLineOf(verb: string, value: unknown, path: Path, yaml: YamlText): VerbLine {
  const parsed = verbLine.safeParse({ verb, value });
  if (parsed.success) return parsed.data;
  const option = verbLines.find(({ shape }) => shape.verb.def.values.some((name) => name === verb));
  const schema = option?.shape.value ?? verbLine;
  // In the file the value stands under its verb.
  const own = schema.safeParse(value);
  throw schemaError(own.error ?? parsed.error, schema, [...path, verb], yaml);
}

function operationOf(value: unknown, path: Path, yaml: YamlText): Submission {
  if (typeof value !== 'string')
    throw new InputError(yaml.placeOf(path), `found ${foundText(value)}, expected an operation in zkCli syntax, such as create /a hello`);
  try {
    return parseOperation(value);
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new InputError(yaml.placeInside(path, error.fault.column - 1), error.message.replace(/^column \d+: /, ''));
  }
}

/** A value on one line. */
function flowText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(flowText).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, each]) => `${key}: ${flowText(each)}`)
    .join(', ')} }`;
}
