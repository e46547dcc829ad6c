/**
 * What has become of the nodes of recipes: which call made them, who holds or is in something by them, and when they went. The committed
 * history tells; it is read on from where it was read last, and only once a client uses a recipe.
 */
import type { Zxid } from '../base/zxid.ts';
import { tagOf } from '../client/sequence.ts';
import { forEachChange, type NodeChange } from '../ensemble/txn-view.ts';
import type { Note } from '../ensemble/note.ts';
import { itemAt } from './chunked.ts';
import type { NoteOf, NoteType, Txn, Where } from './fact.ts';
import type { Ghost } from './ghost.ts';

export const RECIPE_TYPES: readonly NoteType[] = ['client-sequence', 'client-sequence-done', 'client-waits'];

export type HoldingRecipe = 'lock' | 'elect' | 'enter';

/** Somebody holds, leads, or is in, by a node that is there. */
export interface Holding {
  readonly recipe: HoldingRecipe;
  readonly path: string;
  readonly client: string;
}

/** The nodes of one call. */
interface Made {
  readonly client: string;
  /** '' before it is made. */
  first: string;
  zxid: Zxid;
}

export interface RecipeGhost {
  /** So many of the committed transactions have been looked at. */
  scanned: number;
  /** By what their names begin with. */
  readonly made: Map<string, Made>;
  /** By node, and when those of `made` went. */
  readonly holdings: Map<string, Holding>;
  readonly gone: Map<string, Zxid>;
  /** The second node of one call, if there was one, and the first. */
  twice: { readonly client: string; readonly path: string; readonly first: string } | null;
  /** The newest node of each client in each barrier. */
  readonly entered: Map<string, string>;
  /** Who took an item, by its path. */
  readonly taken: Map<string, string>;
  /** Whose node each waiting call stands behind. */
  readonly waits: Map<number, string>;
}

export function makeRecipes(): RecipeGhost {
  return {
    scanned: 0,
    made: new Map(),
    holdings: new Map(),
    gone: new Map(),
    twice: null,
    entered: new Map(),
    taken: new Map(),
    waits: new Map(),
  };
}

export function copyRecipes(ghost: RecipeGhost): RecipeGhost {
  const made = new Map<string, Made>();
  for (const [key, each] of ghost.made) made.set(key, { ...each });
  return {
    scanned: ghost.scanned,
    made,
    holdings: new Map(ghost.holdings),
    gone: new Map(ghost.gone),
    twice: ghost.twice,
    entered: new Map(ghost.entered),
    taken: new Map(ghost.taken),
    waits: new Map(ghost.waits),
  };
}

export function isHoldingRecipe(op: string): op is HoldingRecipe {
  return op === 'lock' || op === 'elect' || op === 'enter';
}

/** The path that a recipe's answer names. */
export function toldPath({ told }: NoteOf<'client-sequence-done'>): string {
  const [first] = told;
  return first?.key === 'path' ? first.path : '';
}

export function clientAt(ghost: Ghost, node: number): string {
  return ghost.clients[node]?.name ?? '';
}

/** Brings it up to what is committed by now. */
export function readOn(recipes: RecipeGhost, { committed }: Ghost): void {
  for (; recipes.scanned < committed.length; recipes.scanned++) {
    const txn = itemAt(committed, recipes.scanned);
    if (txn !== undefined) forEachChange(txn, recipes, learnChange);
  }
}

const SUFFIX_LENGTH = 10;

/** The node of a barrier has no number. */
function madeAt({ made }: RecipeGhost, path: string): Made | undefined {
  return made.get(path.slice(0, -SUFFIX_LENGTH)) ?? made.get(path);
}

function learnChange(recipes: RecipeGhost, change: NodeChange, path: string, { zxid }: Txn): void {
  const made = madeAt(recipes, path);
  if (made === undefined) return;
  if (change === 'delete') {
    recipes.holdings.delete(path);
    recipes.gone.set(path, zxid);
  } else if (change === 'create' || change === 'create-ephemeral') {
    if (made.first !== '') recipes.twice ??= { client: made.client, path, first: made.first };
    made.first = path;
    made.zxid = zxid;
  }
}

/** When the node of a barrier was made; Infinity where that is not known. */
export function madeZxid(recipes: RecipeGhost, path: string): Zxid {
  return madeAt(recipes, path)?.zxid ?? Infinity;
}

export function enteredKey(path: string, client: string): string {
  return `${path} ${client}`;
}

/** After the properties have judged it. */
export function learnRecipes(recipes: RecipeGhost, ghost: Ghost, note: Note, { node }: Where): void {
  const client = clientAt(ghost, node);
  switch (note.type) {
    case 'client-sequence':
      return learnCall(recipes, note, client);
    case 'client-waits':
      recipes.waits.set(note.call, note.before);
      return;
    case 'client-sequence-done':
      recipes.waits.delete(note.call);
      if (note.error === 'OK') learnOutcome(recipes, ghost, note, client);
      break;
    default:
  }
}

function learnCall({ made }: RecipeGhost, { command, call }: NoteOf<'client-sequence'>, client: string): void {
  if (!isHoldingRecipe(command.op)) return;
  const prefix = `${command.path}/${tagOf(client, call)}`;
  made.set(command.op === 'enter' ? prefix : `${prefix}-`, { client, first: '', zxid: Infinity });
}

function learnOutcome(recipes: RecipeGhost, ghost: Ghost, note: NoteOf<'client-sequence-done'>, client: string): void {
  const { op, path } = note.command;
  const node = toldPath(note);
  if (op === 'take') recipes.taken.set(node, client);
  if (op === 'enter') recipes.entered.set(enteredKey(path, client), node);
  if (!isHoldingRecipe(op)) return;
  readOn(recipes, ghost);
  if (!recipes.gone.has(node)) recipes.holdings.set(node, { recipe: op, path, client });
}
