/**
 * A zoo.cfg as the ensemble that it describes: all its servers, not the one whose `myid` lies beside it. Its hosts are machines that are not
 * there, so that each server gets a port of this one.
 */
import { InputError, type Place } from '../scenario/input-error.ts';
import { parseProperties } from './java-properties.ts';
import { readSettings, type Setting, type Settings } from './zoo-settings.ts';

export interface ZooCfg extends Settings {
  /** The scenario of an ensemble with those servers, as JSON, which is YAML. */
  readonly scenario: string;
  /** By server, in the order of ids; 0 for any. */
  readonly ports: readonly number[];
}

interface ServerLine {
  readonly sid: number;
  readonly isObserver: boolean;
  readonly clientPort: number | null;
  /** As QuorumServer.toString has it. */
  readonly text: string;
  readonly place: Place;
}

const DEFAULT_PORT = 2181;
const OWN_KEYS = /^(server\.|clientPort$|clientPortAddress$|dynamicConfigFile$|version$)/;

/** `readFile` gives the text of another file that this one names, or null where there is none. Throws InputError. */
export function readZooCfg(text: string, file: string, properties: readonly Setting[], readFile: (name: string) => string | null): ZooCfg {
  const settings = settingsOf(text, file);
  refuseGroups(settings);
  const dynamic = settings.find(({ key }) => key === 'dynamicConfigFile');
  const servers = dynamic === undefined ? serversOf(settings) : dynamicServers(dynamic, settings, readFile);
  const read = readSettings(
    settings.filter(({ key }) => !OWN_KEYS.test(key)),
    properties,
  );
  const clientPort = settings.find(({ key }) => key === 'clientPort');
  const port = clientPort === undefined ? null : portOf(clientPort.value, clientPort.place);
  checkQuorum(servers, settings, read, file);
  const ports = portsOf(servers, port);
  return {
    ...read,
    server: { quorumConfig: quorumConfigOf(servers), serverLines: linesOf(servers).join('\n'), initialConfig: text, ...read.server },
    scenario: scenarioOf(file, servers),
    ports: ports.ports,
    warnings: [...read.warnings, ...ports.warnings],
  };
}

function settingsOf(text: string, file: string): Setting[] {
  return parseProperties(text).map(({ key, value, line, column }) => ({ key, value, place: { file, line, column } }));
}

function refuseGroups(settings: readonly Setting[]): void {
  const weighted = settings.find(({ key }) => key.startsWith('group') || key.startsWith('weight'));
  if (weighted !== undefined)
    throw new InputError(
      weighted.place,
      `found ${weighted.key}, but there are no weighted quorums here, expected servers that count alike`,
    );
}

function dynamicServers(dynamic: Setting, settings: readonly Setting[], readFile: (name: string) => string | null): ServerLine[] {
  const own = settings.find(({ key }) => key.startsWith('server.'));
  if (own !== undefined) throw new InputError(own.place, `found ${own.key} beside dynamicConfigFile, expected it in that file`);
  const text = readFile(dynamic.value);
  if (text === null) throw new InputError(dynamic.place, `found dynamicConfigFile=${dynamic.value}, which cannot be read`);
  const listed = settingsOf(text, dynamic.value);
  refuseGroups(listed);
  const strange = listed.find(({ key }) => !key.startsWith('server.') && key !== 'version');
  if (strange !== undefined)
    throw new InputError(strange.place, `found ${strange.key}, expected server.N and version in a dynamic configuration`);
  return serversOf(listed);
}

function serversOf(settings: readonly Setting[]): ServerLine[] {
  const lines = settings.filter(({ key }) => key.startsWith('server.')).map(serverLine);
  return lines.sort((a, b) => a.sid - b.sid);
}

const FORM = 'host:port:port[:participant|observer][;[host:]clientPort]';

/** QuorumPeer.QuorumServer.initializeWithAddressString. */
function serverLine({ key, value, place }: Setting): ServerLine {
  const id = key.slice('server.'.length);
  const sid = /^\d{1,3}$/.test(id) ? Number(id) : Number.NaN;
  if (!(sid >= 1 && sid <= 254)) throw new InputError(place, `found ${key}, expected the id of a server, 1 to 254`);
  const [address = '', client = '', secure = ''] = value.split(';').map((part) => part.trim());
  if (secure !== '') throw new InputError(place, `found the secure client port ${secure}, but there is no TLS here`);
  if (address.includes('|')) throw new InputError(place, `found several addresses of ${key}, expected one: ${FORM}`);
  const [, quorum, election, role = 'participant'] = /^(?:\[[^\]]*\]|[^:[\]]+):(\d+):(\d+)(?::(\w+))?$/.exec(address) ?? [];
  if (quorum === undefined || election === undefined) throw new InputError(place, `found ${key}=${value}, expected ${FORM}`);
  if (!['participant', 'observer'].includes(role.toLowerCase()))
    throw new InputError(place, `found ${role}, expected participant or observer`);
  if (quorum === election) throw new InputError(place, `found port ${quorum} for both of them, expected another one for the election`);
  portOf(quorum, place);
  portOf(election, place);
  const clientPort = client === '' ? null : portOf(/^(?:.*:)?(\d+)$/.exec(client)?.[1] ?? client, place);
  const isObserver = role.toLowerCase() === 'observer';
  const text = `${address.replace(/:[a-z]+$/i, '')}:${isObserver ? 'observer' : 'participant'}${clientText(client)}`;
  return { sid, isObserver, clientPort, text, place };
}

/** A port alone is on every address. */
function clientText(client: string): string {
  if (client === '') return '';
  return client.includes(':') ? `;${client}` : `;0.0.0.0:${client}`;
}

function portOf(text: string, place: Place): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new InputError(place, `found "${text}", expected a port, 0 to 65535`);
}

/** QuorumPeerConfig.parseDynamicConfig and checkValidity. */
function checkQuorum(servers: readonly ServerLine[], settings: readonly Setting[], { zoo }: Settings, file: string): void {
  const place = { file, line: 0, column: 0 };
  const voters = servers.filter(({ isObserver }) => !isObserver);
  const observer = servers.find(({ isObserver }) => isObserver);
  const isAlone = zoo.standaloneEnabled !== false;
  if (voters.length === 0 && !isAlone) throw new InputError(place, 'found no server that votes, and standaloneEnabled=false');
  if (observer !== undefined && (voters.length === 0 || (voters.length === 1 && isAlone)))
    throw new InputError(observer.place, `found an observer beside ${voters.length} voters, expected at least two`);
  if (voters.length < 2 && isAlone) return;
  for (const key of ['initLimit', 'syncLimit']) {
    if (!settings.some((setting) => setting.key === key)) throw new InputError(place, `${key} is missing, expected a number of ticks`);
  }
}

/** As the lines say, unless two servers would get one port: then they count up from the first. */
function portsOf(servers: readonly ServerLine[], clientPort: number | null): { readonly ports: number[]; readonly warnings: string[] } {
  if (servers.length === 0) return { ports: [clientPort ?? DEFAULT_PORT], warnings: [] };
  const wanted = servers.map((server) => server.clientPort ?? clientPort ?? DEFAULT_PORT);
  if (new Set(wanted).size === wanted.length || wanted.every((port) => port === 0)) return { ports: wanted, warnings: [] };
  const first = wanted[0] ?? DEFAULT_PORT;
  const last = first + wanted.length - 1;
  return {
    ports: wanted.map((_, i) => first + i),
    warnings: [`several servers have client port ${first}, which works on machines of their own; here they have ${first} to ${last}`],
  };
}

/** QuorumMaj.toString; a configuration of the file has version 0. */
function quorumConfigOf(servers: readonly ServerLine[]): string {
  return servers.length === 0 ? '' : [...linesOf(servers), 'version=0'].join('\n');
}

function linesOf(servers: readonly ServerLine[]): string[] {
  return servers.map(({ sid, text }) => `server.${sid}=${text}`);
}

function scenarioOf(file: string, servers: readonly ServerLine[]): string {
  const listed = servers.map(({ sid, isObserver }) => ({ name: `s${sid}`, sid: String(sid), ...(isObserver ? { observer: 'true' } : {}) }));
  return `${JSON.stringify({ name: file, ensemble: { servers: listed.length === 0 ? '1' : listed } })}\n`;
}
