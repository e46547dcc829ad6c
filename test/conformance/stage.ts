// What a script has: named connections, four-letter words, and the ensemble's own means. A stage serves one case after another on the same
// running ensemble and keeps them apart: each has a folder of its own, and leaves neither sessions nor nodes.

import type { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { Client, type ConnectOptions } from './client.ts';
import type { Names } from './names.ts';
import { addAuth, closeSession, create2, getChildren, remove, setData, sync } from './operations.ts';
import type { Fields } from './request.ts';
import type { Role, Setup } from './setups.ts';
import type { Running } from './target.ts';
import { stableLines } from './word-answers.ts';

export interface ClientOptions extends ConnectOptions {
  readonly at?: Role;
  /** Attach to the session of this connection. */
  readonly of?: Client;
}

export interface Case {
  readonly name: string;
  run(stage: Stage): Promise<void>;
}

const FOLDER = '/stage';

export class Stage {
  readonly running: Running;
  private readonly setup: Setup;
  /** Where clients connect unless they say so. */
  private readonly home: Role;
  private hands = new Map<Role, Client>();
  private names: Names;
  private lines: Fields[] = [];
  private clients: Client[] = [];
  private count = 0;
  /** The case after which this ensemble is of no use. */
  private broken = '';

  constructor(setup: Setup, running: Running, home: Role) {
    this.setup = setup;
    this.running = running;
    this.home = home;
    this.names = this.namesWith('', 0n);
  }

  /** Something was waited for in vain: no further case can be played here. */
  get isBroken(): boolean {
    return this.broken !== '';
  }

  private namesWith(root: string, base: bigint): Names {
    const servers = new Map([...this.running.sids].map(([role, sid]) => [sid, role]));
    return { root, base, sessions: new Map(), servers, places: this.running.places };
  }

  /** After an election: the roles are others. */
  async reelected(): Promise<void> {
    await this.running.reelected();
  }

  /** Runs a case and gives back its transcript, whatever becomes of it. */
  async transcript(one: Case): Promise<readonly Fields[]> {
    if (this.broken !== '') throw new Error(`'${this.broken}' left '${this.setup.name}' in no state for more`);
    try {
      return await this.play(one);
    } catch (error) {
      this.broken = one.name;
      const last = this.lines.map((line) => JSON.stringify(line)).join('\n');
      throw new Error(`${String(error)}, after\n${last}`, { cause: error });
    }
  }

  private async play(one: Case): Promise<readonly Fields[]> {
    if (!this.setup.isFresh) await this.open();
    await one.run(this);
    if (!this.setup.isFresh) await this.settle();
    for (const client of this.clients) await client.flush();
    return this.lines;
  }

  /** A folder for the next case, on every server. */
  private async open(): Promise<void> {
    if (this.hands.size === 0) for (const role of this.setup.roles) await this.lendHand(role);
    this.count += 1;
    const root = `/k${String(this.count).padStart(4, '0')}`;
    const made = await this.hand('write').call(create2(root));
    if (made?.err !== 0) throw new Error(`no folder for the case: ${JSON.stringify(made?.result)}`);
    this.names = this.namesWith(root, made.zxid);
    await this.reached(this.setup.roles);
  }

  private async lendHand(role: Role): Promise<void> {
    const hand = new Client(`the stage at ${role}`, this.running.address(role), this.names, () => {});
    await hand.connect({ timeoutMs: 60_000 });
    await hand.calls(addAuth('digest', 'super:admin'), create2(FOLDER));
    this.hands.set(role, hand);
  }

  private hand(role: Role | 'write'): Client {
    const hand = this.hands.get(role === 'write' ? this.setup.roles[0]! : role);
    if (hand === undefined) throw new Error(`nobody plays ${role} in '${this.setup.name}'`);
    return hand;
  }

  /** Waits until these servers have applied everything acknowledged so far. Costs one zxid, for the leader's sake [SYNCOP-09]. */
  async settle(roles: readonly Role[] = this.setup.roles): Promise<void> {
    await this.hand('write').call(setData(FOLDER, ''));
    await this.reached(roles);
  }

  private async reached(roles: readonly Role[]): Promise<void> {
    for (const role of roles) await this.hand(role).call(sync(FOLDER));
  }

  /** A connection with a session: a new one, or the one `of` another. */
  async client(name: string, { at = this.home, of, ...options }: ClientOptions = {}): Promise<Client> {
    const client = this.socket(name, at);
    const again = of === undefined ? {} : { session: of.session, password: of.password, lastZxid: of.lastZxid };
    await client.connect({ ...again, ...options });
    return client;
  }

  /** A connection on which nothing has been said yet. */
  socket(name: string, at: Role = this.home): Client {
    const client = new Client(name, this.running.address(at), this.names, (line) => this.lines.push(line));
    this.clients.push(client);
    return client;
  }

  /** A four-letter word on a connection of its own; told is what of the answer can be compared. */
  async word(word: string, at: Role = this.home): Promise<void> {
    this.lines.push({ word: at === this.home ? word : `${word} at ${at}`, lines: stableLines(word, await this.ask(word, at), this.names) });
  }

  /** Everything that a server says to this before it closes. */
  async ask(text: string | Buffer, at: Role = this.home): Promise<string> {
    const { port, host } = this.running.address(at);
    return new Promise((resolve) => {
      let answer = '';
      const socket = connect(port, host, () => socket.write(text));
      socket.on('data', (bytes) => (answer += bytes.toString('utf8')));
      socket.on('error', () => {});
      socket.on('close', () => resolve(answer));
    });
  }

  note(line: Fields): void {
    this.lines.push(line);
  }

  /** Ends the case: no session and no node of it stays. */
  async strike(): Promise<void> {
    const { clients } = this;
    this.clients = [];
    this.lines = [];
    if (this.setup.isFresh || this.broken !== '') return clients.forEach((client) => client.drop());
    const isClosed = new Set(clients.filter(({ isSessionClosed }) => isSessionClosed).map(({ session }) => session));
    for (const client of clients) client.drop();
    for (const client of clients.reverse()) {
      if (client.session === 0n || isClosed.has(client.session)) continue;
      isClosed.add(client.session);
      await this.closeSessionOf(client);
    }
    await this.removeBelow(this.names.root);
    await this.removeBelow(`/zookeeper/quota${this.names.root}`);
    await this.settle();
  }

  private async closeSessionOf({ session, password }: Client): Promise<void> {
    const closer = new Client('the stage', this.running.address(this.setup.roles[0]!), this.names, () => {});
    const isThere = await closer.connect({ session, password });
    if (isThere) await closer.close();
    closer.drop();
  }

  private async removeBelow(path: string): Promise<void> {
    const hand = this.hand('write');
    const reply = await hand.call(getChildren(path));
    if (reply?.err !== 0) return;
    for (const child of reply.result['children'] as string[]) await this.removeBelow(`${path}/${child}`);
    await hand.call(remove(path));
  }

  async stop(): Promise<void> {
    for (const hand of this.hands.values()) {
      if (this.broken === '') await hand.call(closeSession());
      hand.drop();
    }
    this.hands = new Map();
  }
}
