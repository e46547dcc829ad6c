// The application of the example: a candidate for leadership, after the recipe of ZooKeeper's documentation. Each candidate holds an ephemeral
// node with a sequence number; the lowest leads, and every other one watches the one before it.

import { type Client, CreateMode, createClient } from 'node-zookeeper-client';

export class Candidate {
  readonly #client: Client;
  readonly #root: string;
  readonly #onChange: (isLeader: boolean) => void;
  #isLeader = false;
  #mine = '';

  constructor(connectString: string, root: string, onChange: (isLeader: boolean) => void) {
    this.#onChange = onChange;
    this.#client = createClient(connectString, { sessionTimeout: 6_000, spinDelay: 100, retries: 3 });
    this.#root = root;
    // Between losing the connection and hearing from a server again it cannot know whether its session still lives: it does not lead.
    this.#client.on('disconnected', () => this.#lead(false));
    this.#client.on('connected', () => (this.#mine === '' ? this.#enrol() : this.#look()));
  }

  start(): void {
    this.#client.connect();
  }

  stop(): void {
    this.#lead(false);
    this.#client.close();
  }

  #lead(isLeader: boolean): void {
    if (this.#isLeader === isLeader) return;
    this.#isLeader = isLeader;
    this.#onChange(isLeader);
  }

  #enrol(): void {
    this.#client.mkdirp(this.#root, () => {
      this.#client.create(`${this.#root}/n-`, CreateMode.EPHEMERAL_SEQUENTIAL, (error, path) => {
        if (error) return;
        this.#mine = path.slice(this.#root.length + 1);
        this.#look();
      });
    });
  }

  #look(): void {
    this.#client.getChildren(this.#root, (error, children) => {
      if (error) return;
      const before = children.toSorted().filter((name) => name < this.#mine);
      this.#lead(before.length === 0);
      const next = before.at(-1);
      if (next === undefined) return;
      const path = `${this.#root}/${next}`;
      this.#client.exists(
        path,
        () => this.#look(),
        (failure, stat) => {
          if (!failure && !stat) this.#look(); // it went in between
        },
      );
    });
  }
}
