import { expect, test } from 'vitest';
import { frameAt } from '../../web/worker/session.ts';
import { NOTHING, sessionAt, stepUntil } from './moment.ts';

const treeOf = (tree: number) => ({ ...NOTHING, tree });

test('a node that the leader has applied and this server has not is shown as missing', () => {
  const session = sessionAt('basics/first-steps', 0);
  const { tree } = stepUntil(session, ({ tree }) => tree?.znodes.some(({ difference }) => difference === 'missing') === true, treeOf(0));
  expect(tree).toMatchObject({ name: 's1', comparedWith: 's3' });
  expect(tree!.znodes.find(({ difference }) => difference === 'missing')).toMatchObject({ path: '/greeting', parent: '/', text: 'hello' });
});

test('ephemeral nodes name their owner, watched nodes count their watches', () => {
  const session = sessionAt('basics/first-steps', 0);
  const watched = stepUntil(session, ({ tree }) => tree?.znodes.some(({ watchers }) => watchers > 0) === true, treeOf(1));
  expect(watched.tree!.znodes.find(({ watchers }) => watchers > 0)).toMatchObject({ path: '/greeting', watchers: 1 });
  const owned = stepUntil(session, ({ tree }) => tree?.znodes.some(({ owner }) => owner !== null) === true, treeOf(1));
  expect(owned.tree!.znodes.find(({ owner }) => owner !== null)).toMatchObject({ path: '/members/bob', owner: 'bob' });
});

test('the leader is compared with nobody', () => {
  const { tree } = frameAt(sessionAt('basics/first-steps', 600), treeOf(2));
  expect(tree).toMatchObject({ name: 's3', comparedWith: null });
  expect(tree!.znodes.every(({ difference }) => difference === 'same')).toBe(true);
});
