/** What can be done to a server, a client, or the line between two nodes: a menu at the place that was clicked. */
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { StagePicture } from '../../src/view/stage.ts';
import { actOrTell } from '../run/controller.ts';
import type { Menu } from '../store/state.ts';
import { update, useStore } from '../store/store.ts';

interface Item {
  readonly label: string;
  readonly hint: string;
  readonly verb: string;
  readonly value: unknown;
}

const WIDTH = 250;

export function NodeMenu({ menu }: { readonly menu: Menu }): ReactElement {
  const stage = useStore((state) => state.stage);
  const list = useRef<HTMLDivElement>(null);
  const { title, items } = contentOf(stage, menu);
  const [place, setPlace] = useState({ left: menu.x, top: menu.y });
  const opener = 'node' in menu.subject ? `node-${menu.subject.node}` : null;

  const close = (returnsFocus: boolean): void => {
    update((draft) => void (draft.menu = null));
    if (returnsFocus && opener !== null) document.getElementById(opener)?.focus();
  };
  const focusItem = (index: number): void => {
    const buttons = list.current?.querySelectorAll<HTMLElement>('[role=menuitem]');
    if (buttons !== undefined && buttons.length > 0) buttons[(index + buttons.length) % buttons.length]?.focus();
  };
  // Below the place that was clicked, moved to where it fits in the window.
  useLayoutEffect(() => {
    const height = list.current?.offsetHeight ?? 0;
    const clamp = (at: number, room: number): number => Math.max(8, Math.min(at, room - 8));
    setPlace({ left: clamp(menu.x - WIDTH / 2, window.innerWidth - WIDTH), top: clamp(menu.y + 8, window.innerHeight - height) });
  }, [menu.x, menu.y]);
  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
    const onDown = (event: PointerEvent): void => {
      if (event.target instanceof Node && list.current?.contains(event.target) !== true) update((draft) => void (draft.menu = null));
    };
    document.addEventListener('pointerdown', onDown);
    return () => document.removeEventListener('pointerdown', onDown);
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const here = buttons.findIndex((button) => button === document.activeElement);
    const moves: Readonly<Record<string, number>> = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: buttons.length - 1 };
    const to = moves[event.key];
    if (to !== undefined) focusItem(to);
    else if (event.key === 'Escape') close(true);
    else if (event.key === 'Tab') close(false);
    else return;
    event.stopPropagation();
    if (event.key !== 'Tab') event.preventDefault();
  };

  return (
    <div className="menu" role="menu" tabIndex={-1} aria-label={title} ref={list} style={{ ...place, width: WIDTH }} onKeyDown={onKeyDown}>
      <p className="menu-title" role="presentation">
        {title}
      </p>
      {items.map(({ label, hint, verb, value }) => (
        <button
          key={label}
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close(true);
            void actOrTell(verb, value);
          }}
        >
          <span>{label}</span>
          <small>{hint}</small>
        </button>
      ))}
    </div>
  );
}

function contentOf(stage: StagePicture, { subject }: Menu): { readonly title: string; readonly items: readonly Item[] } {
  if ('a' in subject) return linkContent(stage, subject.a, subject.b);
  const server = stage.servers.find(({ node }) => node === subject.node);
  if (server !== undefined) return { title: `${server.name}, ${server.label}`, items: serverItems(server) };
  const client = stage.clients.find(({ node }) => node === subject.node);
  if (client === undefined) return { title: '', items: [] };
  return { title: `client ${client.name}`, items: clientItems(stage, client) };
}

function serverItems({ name, role, paused }: StagePicture['servers'][number]): Item[] {
  const start: Item = { label: 'Start', hint: 'from what is on its disk', verb: 'start', value: name };
  if (role === 'off') return [start];
  const power: Item = { label: 'Power loss', hint: 'silent; the page cache is lost', verb: 'power-loss', value: name };
  if (role === 'down') return [start, power];
  return [
    { label: 'Kill', hint: 'the process dies; the page cache stays', verb: 'kill', value: name },
    power,
    paused
      ? { label: 'Resume', hint: 'its threads go on', verb: 'resume', value: name }
      : { label: 'Pause', hint: 'as a long collection does', verb: 'pause', value: name },
    { label: 'Stop', hint: 'a graceful shutdown', verb: 'stop', value: name },
    { label: 'Cut off', hint: 'from every other node', verb: 'partition', value: [[name]] },
  ];
}

function clientItems(stage: StagePicture, { name, isUp, state, paused, server }: StagePicture['clients'][number]): Item[] {
  if (!isUp) return [{ label: 'Start', hint: 'a new process, a new session', verb: 'start', value: name }];
  if (state === 'CLOSED') return [{ label: 'Open', hint: 'a new session', verb: 'open', value: name }];
  const others = stage.servers.filter((other) => other.node !== server && other.role !== 'down' && other.role !== 'off');
  return [
    { label: 'Disconnect', hint: 'it will connect again', verb: 'disconnect', value: name },
    ...others.slice(0, 4).map((other): Item => ({
      label: `Move to ${other.name}`,
      hint: 'with its session',
      verb: 'move',
      value: { client: name, to: other.name },
    })),
    paused
      ? { label: 'Resume', hint: 'it goes on', verb: 'resume', value: name }
      : { label: 'Pause', hint: 'its session may expire meanwhile', verb: 'pause', value: name },
    { label: 'Kill', hint: 'its session ends by timeout', verb: 'kill', value: name },
  ];
}

function linkContent(stage: StagePicture, a: number, b: number): { readonly title: string; readonly items: readonly Item[] } {
  const nameOf = (node: number): string => [...stage.servers, ...stage.clients].find((each) => each.node === node)?.name ?? '';
  const [one, other] = [nameOf(a), nameOf(b)];
  const link = stage.links.find((each) => each.a === a && each.b === b);
  const items: Item[] = [];
  if (link === undefined || !link.cutAB || !link.cutBA)
    items.push({ label: 'Cut', hint: 'both directions, silently', verb: 'cut', value: `${one} <> ${other}` });
  items.push(oneWay(link?.cutAB === true, one, other), oneWay(link?.cutBA === true, other, one));
  if (link !== undefined && (link.cutAB || link.cutBA))
    items.push({ label: 'Mend', hint: 'both directions', verb: 'mend', value: `${one} <> ${other}` });
  if (link?.kind !== null)
    items.push({ label: 'Break connections', hint: 'both ends notice; some messages are lost', verb: 'break', value: `${one} - ${other}` });
  return { title: `${one} and ${other}`, items };
}

function oneWay(isCut: boolean, from: string, to: string): Item {
  const value = `${from} > ${to}`;
  return isCut
    ? { label: `Mend ${from} → ${to}`, hint: 'this direction', verb: 'mend', value }
    : { label: `Cut ${from} → ${to}`, hint: 'this direction only', verb: 'cut', value };
}
