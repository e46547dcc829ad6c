/** The words about watches: wchs, wchc and wchp. All of them show the data table only (ADM-22). */
import type { ServerContext } from './context.ts';
import { hexText } from './java-text.ts';
import { sessionOfConnection } from './server-view.ts';
import { watchesByConnection, watchesByPath, watchesSummary } from './watch-manager.ts';

export function wchsText(ctx: ServerContext): string {
  const { connections, paths, watches } = watchesSummary(ctx.parts, ctx.refs.watches);
  return `${connections} connections watching ${paths} paths\nTotal watches:${watches}\n`;
}

export function wchcText(ctx: ServerContext): string {
  const entries = watchesByConnection(ctx.parts, ctx.refs.watches).map(({ connection, paths }) => {
    const lines = paths.map((path) => `\t${path}\n`);
    return `0x${hexText(sessionOfConnection(ctx, connection))}\n${lines.join('')}`;
  });
  return `${entries.join('')}\n`;
}

export function wchpText(ctx: ServerContext): string {
  const entries = watchesByPath(ctx.parts, ctx.refs.watches).map(({ path, connections }) => {
    const lines = connections.map((connection) => `\t0x${hexText(sessionOfConnection(ctx, connection))}\n`);
    return `${path}\n${lines.join('')}`;
  });
  return `${entries.join('')}\n`;
}
