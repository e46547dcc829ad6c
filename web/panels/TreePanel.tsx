/** The znode tree of one server, compared with the leader's. */
import { stratify, type HierarchyNode } from 'd3';
import { useMemo, useState, type KeyboardEvent, type ReactElement } from 'react';
import type { TreePicture, ZnodePicture } from '../../src/view/tree-picture.ts';
import { refresh } from '../run/controller.ts';
import { update, useStore } from '../store/store.ts';

const DIFFERENCES: Readonly<Record<ZnodePicture['difference'], string>> = {
  same: '',
  new: 'not on the leader',
  changed: 'differs from the leader',
  missing: 'not here yet',
};

export function TreePanel(): ReactElement {
  const tree = useStore((state) => state.tree);
  const selected = useStore((state) => state.selected);
  const run = useStore((state) => state.run);
  const servers = run?.nodes.filter(({ kind }) => kind === 'server') ?? [];
  return (
    <div className="tree-panel">
      <label className="field">
        Server
        <select
          value={selected}
          onChange={(event) => {
            update((draft) => void (draft.selected = Number(event.target.value)));
            refresh();
          }}
        >
          {servers.map(({ node, name }) => (
            <option key={node} value={node}>
              {name}
            </option>
          ))}
        </select>
      </label>
      {tree !== null && (
        <>
          <p className="muted">
            {tree.total} nodes{tree.comparedWith === null ? '' : `, compared with the leader ${tree.comparedWith}`}
            {tree.more > 0 ? `; ${tree.more} are not shown` : ''}
          </p>
          <Tree tree={tree} />
        </>
      )}
    </div>
  );
}

function Tree({ tree }: { readonly tree: TreePicture }): ReactElement {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set(['/zookeeper']));
  const [focused, setFocused] = useState('/');
  const rows = useMemo(() => visibleRows(tree, closed), [tree, closed]);
  const here = rows.some(({ data }) => data.path === focused) ? focused : '/';

  const toggle = (path: string): void => {
    const next = new Set(closed);
    if (!next.delete(path)) next.add(path);
    setClosed(next);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const index = rows.findIndex(({ data }) => data.path === here);
    const row = rows[index];
    if (row === undefined) return;
    const { path, parent } = row.data;
    const isClosed = closed.has(path);
    let to: string | null | undefined;
    if (event.key === 'ArrowDown') to = rows[index + 1]?.data.path;
    else if (event.key === 'ArrowUp') to = rows[index - 1]?.data.path;
    else if (event.key === 'Home') to = '/';
    else if (event.key === 'End') to = rows.at(-1)?.data.path;
    else if (event.key === 'ArrowLeft' && (isClosed || !hasChildren(tree, path))) to = parent;
    else if (['ArrowLeft', 'ArrowRight', 'Enter', ' '].includes(event.key) && hasChildren(tree, path)) {
      if (event.key !== 'ArrowRight' || isClosed) toggle(path);
      else to = rows[index + 1]?.data.path;
    } else if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    event.preventDefault();
    event.stopPropagation();
    if (to === null || to === undefined) return;
    setFocused(to);
    document.getElementById(rowId(to))?.focus();
  };

  return (
    <ul className="tree" role="tree" aria-label={`Tree of ${tree.name}`}>
      {rows.map(({ data, depth }) => {
        const isParent = hasChildren(tree, data.path);
        return (
          <li
            key={data.path}
            id={rowId(data.path)}
            role="treeitem"
            aria-level={depth + 1}
            aria-expanded={isParent ? !closed.has(data.path) : undefined}
            aria-selected={data.path === here}
            tabIndex={data.path === here ? 0 : -1}
            className={data.difference}
            style={{ paddingLeft: 8 + depth * 16 }}
            onKeyDown={onKeyDown}
            onClick={() => {
              setFocused(data.path);
              if (isParent) toggle(data.path);
            }}
            title={`${data.path}\nversion ${data.version}, cZxid ${data.czxid}, mZxid ${data.mzxid}`}
          >
            <span className="twist" aria-hidden="true">
              {isParent ? (closed.has(data.path) ? '▸' : '▾') : ''}
            </span>
            <ZnodeWords znode={data} />
          </li>
        );
      })}
    </ul>
  );
}

function ZnodeWords({
  znode: { name, text, owner, lifetime, acl, watchers, difference, version },
}: {
  readonly znode: ZnodePicture;
}): ReactElement {
  return (
    <>
      <span className="znode">{name}</span>
      {text !== null && text !== '' && <span className="data">{text}</span>}
      {owner !== null && <span className="tag">ephemeral · {owner}</span>}
      {lifetime !== null && <span className="tag">{lifetime === 'container' ? 'container' : `time to live ${lifetime} ms`}</span>}
      {acl !== null && <span className="tag">{acl}</span>}
      {watchers > 0 && <span className="tag">{watchers === 1 ? '1 watch' : `${watchers} watches`}</span>}
      {difference !== 'same' && <span className="tag warn">{DIFFERENCES[difference]}</span>}
      {version > 0 && <span className="version">v{version}</span>}
    </>
  );
}

function rowId(path: string): string {
  return `znode-${encodeURIComponent(path)}`;
}

function hasChildren({ znodes }: TreePicture, path: string): boolean {
  return znodes.some(({ parent }) => parent === path);
}

/** Rows in the order of the tree, without what lies below a closed node. A node whose parent was left out is left out too. */
function visibleRows({ znodes }: TreePicture, closed: ReadonlySet<string>): HierarchyNode<ZnodePicture>[] {
  const paths = new Set(znodes.map(({ path }) => path));
  const whole = znodes.filter(({ parent }) => parent === null || paths.has(parent));
  if (whole.length === 0) return [];
  const root = stratify<ZnodePicture>()
    .id(({ path }) => path)
    .parentId(({ parent }) => parent)(whole);
  const rows: HierarchyNode<ZnodePicture>[] = [];
  root.eachBefore((node) => {
    const isHidden = node.ancestors().some((ancestor) => ancestor !== node && closed.has(ancestor.data.path));
    if (!isHidden) rows.push(node);
  });
  return rows;
}
