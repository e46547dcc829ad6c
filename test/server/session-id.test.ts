import { expect, test } from 'vitest';
import { makePassword, makeSessionId, passwordFits } from '../../src/server/session-id.ts';

/** java.util.Random with 64-bit arithmetic. */
function javaPassword(session: string): string {
  const mask = (1n << 48n) - 1n;
  let seed = (BigInt(`0x${session}`) ^ 0xb341_5c00n ^ 0x5_deec_e66dn) & mask;
  let password = '';
  for (let word = 0; word < 4; word++) {
    seed = (seed * 0x5_deec_e66dn + 0xbn) & mask;
    const bits = Number(seed >> 16n);
    for (let byte = 0; byte < 4; byte++) password += ((bits >>> (8 * byte)) & 255).toString(16).padStart(2, '0');
  }
  return password;
}

test('the top byte of a session id is the server, then come milliseconds and a counter [SESS-01] [ID-28]', () => {
  expect(makeSessionId(3, 1_234_567, 0)).toBe('0300000004d20000');
  expect(makeSessionId(3, 1_234_999, 1)).toBe('0300000004d20001');
  expect(makeSessionId(254, 0, 0xffff)).toBe('fe0000000000ffff');
});

test.for(['0100000000000001', 'ff123456789abcde', '01ffffffffffffff', '0000000000000000'])(
  'the password of session %s is that of java.util.Random [SESS-02]',
  (session) => {
    expect(makePassword(session)).toBe(javaPassword(session));
  },
);

test('session 0 has no password that fits [SESS-02]', () => {
  expect(passwordFits('0100000000000001', makePassword('0100000000000001'))).toBe(true);
  expect(passwordFits('0100000000000001', makePassword('0100000000000002'))).toBe(false);
  expect(passwordFits('0000000000000000', makePassword('0000000000000000'))).toBe(false);
});
