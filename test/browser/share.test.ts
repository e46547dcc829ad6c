import { expect, test } from 'vitest';
import { readFragment, writeFragment, type Link } from '../../web/share.ts';

const known = (scenario: string): boolean => scenario === 'basics/first-steps';
const plain: Link = { scenario: 'basics/first-steps', text: null, seed: '42', event: 700, clicks: [] };
const clicks = [
  { after: 500, at: 1_500_000, line: '{"kill":"leader"}' },
  { after: 620, at: 2_000_000, line: '{"alice":"create /a \\"b c\\""}' },
];

test.for<[string, Link]>([
  ['a scenario, seed and event', plain],
  ['no event', { ...plain, event: null }],
  ['a seed with any characters', { ...plain, seed: 'a&b=c #%ä' }],
  ['clicks', { ...plain, clicks }],
  ['a text of its own', { ...plain, scenario: null, text: 'name: Ünï\nensemble:\n  servers: 5\n' }],
])('a link says what it was made of: %s', async ([, link]) => {
  expect(await readFragment(await writeFragment(link), known)).toEqual({ link, damage: null, doubt: null });
});

test('an address without a fragment names no run', async () => {
  expect(await readFragment('', known)).toBeNull();
  expect(await readFragment('#', known)).toBeNull();
});

test('a link written by hand needs no check', async () => {
  expect(await readFragment('#s=basics/first-steps&seed=3', known)).toMatchObject({
    link: { seed: '3', event: null },
    damage: null,
    doubt: null,
  });
});

test('a link that was cut off anywhere is never taken for whole', async () => {
  const whole = await writeFragment({ ...plain, clicks });
  for (let length = 2; length < whole.length; length++) {
    const read = await readFragment(whole.slice(0, length), known);
    expect(read?.damage ?? read?.doubt, whole.slice(0, length)).not.toBeNull();
  }
});

test('a link that was changed by hand is opened with a doubt', async () => {
  const changed = (await writeFragment(plain)).replace('seed=42', 'seed=43');
  expect(await readFragment(changed, known)).toMatchObject({
    link: { seed: '43' },
    damage: null,
    doubt: expect.stringContaining('changed'),
  });
});

test.for([
  ['#s=basics/nothing', 'does not exist'],
  ['#seed=1', 'names no scenario'],
  ['#s=basics/first-steps&e=-4', 'event'],
  ['#s=basics/first-steps&e=99999999999', 'event'],
  ['#s=~%%%', 'cannot be read'],
  ['#s=~AAAA', 'cannot be read'],
  ['#s=basics/first-steps&do=zzz', 'clicks'],
  ['#garbage', 'names no scenario'],
])('a damaged link is refused with the reason: %s', async ([fragment, reason]) => {
  expect((await readFragment(fragment!, known))?.damage).toContain(reason);
});

test('a scenario that unpacks to more than a scenario may be is refused', async () => {
  const bomb = await writeFragment({ ...plain, scenario: null, text: 'x'.repeat(2_000_000) });
  expect(bomb.length).toBeLessThan(10_000);
  expect((await readFragment(bomb, known))?.damage).toContain('cannot be read');
});
