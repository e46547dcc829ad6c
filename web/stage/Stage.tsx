/** The stage: the ensemble as a picture, with a button over each node for fingers, keys and screen readers. */
import { lazy, Suspense, useMemo, useRef, useState, type ReactElement } from 'react';
import type { ClientPicture, ServerPicture } from '../../src/view/server-picture.ts';
import type { LinkPicture, StagePicture } from '../../src/view/stage.ts';
import { useSize } from '../doors/use-size.ts';
import { refresh } from '../run/controller.ts';
import { update, useStore } from '../store/store.ts';
import { placeStage, type Placement } from './geometry.ts';
import { Legend } from './Legend.tsx';
import { Lines } from './Lines.tsx';
import { Messages } from './Messages.tsx';
import { labelsOf, ServerShape } from './ServerShape.tsx';

// Comes with the first click.
const NodeMenu = lazy(async () => ({ default: (await import('./NodeMenu.tsx')).NodeMenu }));

export function Stage(): ReactElement {
  const stage = useStore((state) => state.stage);
  const selected = useStore((state) => state.selected);
  const menu = useStore((state) => state.menu);
  const box = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(box);
  const [showsPings, setShowsPings] = useState(false);
  const ids = [
    ...stage.servers.map(({ node, role }) => (role === 'leading' ? `${node}!` : node)),
    ...stage.clients.map(({ node }) => node),
  ].join();
  const placement = useMemo(
    () => placeStage(stage, width, height),
    // Places depend on who is there, not on what they do.
    // oxlint-disable-next-line react/exhaustive-deps
    [ids, width, height],
  );

  const openNode = (node: number): void => {
    const at = placement.at.get(node);
    const frame = box.current?.getBoundingClientRect();
    update((draft) => {
      if (node < stage.servers.length) draft.selected = node;
      draft.menu = { subject: { node }, x: (frame?.left ?? 0) + (at?.x ?? 0), y: (frame?.top ?? 0) + (at?.y ?? 0) + placement.radius };
    });
    refresh();
  };
  const openLink = (link: LinkPicture, event: { readonly clientX: number; readonly clientY: number }): void => {
    update((draft) => void (draft.menu = { subject: { a: link.a, b: link.b }, x: event.clientX, y: event.clientY }));
  };

  return (
    <section className="stage" aria-label="Ensemble" ref={box}>
      <svg width={width} height={height} viewBox={`0 0 ${Math.max(1, width)} ${Math.max(1, height)}`} aria-hidden="true">
        <Lines stage={stage} placement={placement} onPick={openLink} />
        {stage.clients.map((client) => {
          const at = placement.at.get(client.node);
          return at === undefined ? null : <ClientShape key={client.node} client={client} x={at.x} y={at.y} />;
        })}
        {stage.servers.map((server) => {
          const [at, label] = [placement.at.get(server.node), placement.labels.get(server.node)];
          if (at === undefined || label === undefined) return null;
          return (
            <ServerShape
              key={server.node}
              server={server}
              at={at}
              label={label}
              placement={placement}
              isSelected={server.node === selected}
            />
          );
        })}
        <Messages messages={stage.messages} placement={placement} showsPings={showsPings} />
      </svg>
      <NodeButtons stage={stage} placement={placement} onOpen={openNode} />
      <Legend showsPings={showsPings} onPings={setShowsPings} />
      {menu !== null && (
        <Suspense fallback={null}>
          <NodeMenu key={JSON.stringify(menu.subject)} menu={menu} />
        </Suspense>
      )}
    </section>
  );
}

interface NodeButtonsProps {
  readonly stage: StagePicture;
  readonly placement: Placement;
  readonly onOpen: (node: number) => void;
}

/** One over each node, for fingers, keys and screen readers. */
function NodeButtons({ stage, placement, onOpen }: NodeButtonsProps): ReactElement {
  const menu = useStore((state) => state.menu);
  const open = menu !== null && 'node' in menu.subject ? menu.subject.node : -1;
  return (
    <>
      {[...stage.servers, ...stage.clients].map((each) => {
        const at = placement.at.get(each.node);
        return at === undefined ? null : (
          <button
            key={each.node}
            type="button"
            className="node-button"
            id={`node-${each.node}`}
            style={{ left: at.x, top: at.y }}
            aria-haspopup="menu"
            aria-expanded={open === each.node}
            aria-label={'sid' in each ? serverWords(each) : clientWords(each)}
            onClick={() => onOpen(each.node)}
          />
        );
      })}
    </>
  );
}

function serverWords(server: ServerPicture): string {
  return `${server.name}: ${labelsOf(server).join(', ')}`;
}

function clientWords({ name, state, session, pending }: ClientPicture): string {
  return `client ${name}: ${state}${session === '0' ? '' : `, session 0x${session}`}${pending > 0 ? `, ${pending} calls waiting` : ''}`;
}

function ClientShape({ client, x, y }: { readonly client: ClientPicture; readonly x: number; readonly y: number }): ReactElement {
  const { name, state, pending, isUp, paused } = client;
  return (
    <g transform={`translate(${x} ${y})`} className={`client ${isUp ? state.toLowerCase() : 'down'}`}>
      <rect x={-32} y={-15} width={64} height={30} rx={8} className="body" />
      <text className="name" y={5}>
        {name.length > 8 ? `${name.slice(0, 7)}…` : name}
      </text>
      <text className="role" y={31}>
        {paused ? 'PAUSED' : state}
      </text>
      {pending > 0 && (
        <text className="fact" y={45}>
          {pending === 1 ? '1 call waits' : `${pending} calls wait`}
        </text>
      )}
    </g>
  );
}
