/** All that the page knows: the picture of the run at the cursor, and where the person is looking. */
import type { ConsoleLine } from '../../src/view/console-picture.ts';
import type { EventListPicture } from '../../src/view/event-list.ts';
import type { EventPicture, EventRow } from '../../src/view/event-picture.ts';
import type { Cursor, LightPicture } from '../../src/view/frame.ts';
import type { LogMatrix } from '../../src/view/log-matrix.ts';
import type { PropertiesPicture } from '../../src/view/property-picture.ts';
import type { StagePicture } from '../../src/view/stage.ts';
import type { Mark } from '../../src/view/tale.ts';
import { DEFAULT_SPEED } from '../../src/view/time-text.ts';
import type { TreePicture } from '../../src/view/tree-picture.ts';
import type { BranchInfo, BugInfo, Click, RunInfo } from '../protocol.ts';

export const TABS = ['event', 'tree', 'console', 'faults', 'properties', 'scenario'] as const;
/** On a narrow page the list of events and the logs are tabs too. */
export const NARROW_TABS = ['story', 'log', ...TABS] as const;
export type Tab = (typeof NARROW_TABS)[number];

export type Theme = 'system' | 'light' | 'dark';

/** What a notice offers to do. */
export type Offer = 'open-default' | 'restart' | 'copy-link';

export interface Notice {
  readonly id: string;
  readonly kind: 'info' | 'warning' | 'bug';
  readonly title: string;
  readonly text: string;
  readonly offers: readonly Offer[];
}

/** opening: the worker has not answered yet. empty: there is nothing to show, a notice says why. */
export type Phase = 'opening' | 'ready' | 'empty';

export interface Menu {
  /** A server or client, or the line between two. */
  readonly subject: { readonly node: number } | { readonly a: number; readonly b: number };
  readonly x: number;
  readonly y: number;
}

export interface State {
  readonly phase: Phase;
  readonly progress: { readonly events: number; readonly goal: number } | null;
  readonly scenario: { readonly id: string | null; readonly text: string };
  readonly run: RunInfo | null;
  readonly bug: BugInfo | null;
  readonly branches: BranchInfo;
  readonly clicks: readonly Click[];

  readonly cursor: Cursor;
  readonly stage: StagePicture;
  readonly narration: EventRow | null;
  readonly light: LightPicture;
  readonly logs: LogMatrix | null;
  readonly tree: TreePicture | null;
  readonly inspector: EventPicture | null;
  readonly list: EventListPicture | null;
  readonly consoleLines: readonly ConsoleLine[];
  readonly properties: PropertiesPicture | null;
  readonly marks: readonly Mark[];
  /** Entries of the tale that `marks` covers. */
  readonly marksUpTo: number;

  readonly isPlaying: boolean;
  readonly speed: number;
  readonly skipsQuiet: boolean;
  /** Node of the server looked at. */
  readonly selected: number;
  /** Node of the client that the console speaks for; -1 when there is none. */
  readonly consoleNode: number;
  readonly consoleError: string;
  readonly tab: Tab;
  readonly listMode: 'story' | 'all';
  /** Null: the list follows the cursor. */
  readonly listFirst: number | null;
  readonly logColumns: number;
  readonly menu: Menu | null;
  readonly isHelpOpen: boolean;
  readonly notices: readonly Notice[];
  readonly theme: Theme;
  readonly isNarrow: boolean;
  /** What was done last, for screen readers. */
  readonly said: string;
}

const NO_CURSOR: Cursor = { event: 0, at: 0, time: 0, nextAt: null, head: 0, headTime: 0, hash: '' };

/** What a run begins with; the rest of the page stays as it was. */
export const FRESH_RUN = {
  progress: null,
  run: null,
  bug: null,
  branches: { active: 0, branches: [] },
  clicks: [],
  cursor: NO_CURSOR,
  stage: { servers: [], clients: [], links: [], messages: [] },
  narration: null,
  light: { light: 'dark', held: 0, violated: 0, first: null },
  logs: null,
  tree: null,
  inspector: null,
  list: null,
  consoleLines: [],
  properties: null,
  marks: [],
  marksUpTo: 0,
  isPlaying: false,
  selected: 0,
  consoleNode: -1,
  consoleError: '',
  listFirst: null,
  menu: null,
} as const satisfies Partial<State>;

export const INITIAL: State = {
  ...FRESH_RUN,
  phase: 'opening',
  scenario: { id: null, text: '' },
  speed: DEFAULT_SPEED,
  skipsQuiet: true,
  tab: 'event',
  listMode: 'story',
  logColumns: 16,
  isHelpOpen: false,
  notices: [],
  theme: 'system',
  isNarrow: false,
  said: '',
};
