import { expect, test } from 'vitest';
import { own } from '../../src/base/parts.ts';
import { ADMIN_COMMANDS, adminCommand } from '../../src/server/admin-commands.ts';
import { logDigest } from '../../src/server/server-stats.ts';
import { attach, makeProcessors, sessionId } from '../support/processors-context.ts';

const S = sessionId(1);
const ID = '72057594037927937';

/** The keys that a real 3.8.0 answers with, an ensemble's leader and a follower. */
test('configuration, dump, stats, voting_view and zabstate have the fields of a real server [ADM-10] [ADM-11] [ADM-12]', () => {
  const leader = makeProcessors('leader', { config: { serverLines: 'server.1=h:24201:24211:participant' } });
  attach(leader, S);
  own(leader.parts, leader.refs.ephemerals).set(S, ['/e']);
  const fields = (name: string) => adminCommand(leader, name)!.fields;
  expect(Object.keys(fields('conf'))).toEqual([
    'client_port',
    'data_dir',
    'data_log_dir',
    'tick_time',
    'max_client_cnxns',
    'min_session_timeout',
    'max_session_timeout',
    'server_id',
    'client_port_listen_backlog',
  ]);
  expect(fields('dump')).toEqual({
    expiry_time_to_session_ids: { '16000': [{ long: ID }] },
    session_id_to_ephemeral_paths: { [ID]: ['/e'] },
  });
  const follower = makeProcessors('follower');
  expect(adminCommand(follower, 'dump')!.fields['expiry_time_to_session_ids']).toEqual({});
  expect(fields('stat')['connections']).toEqual([
    { remote_socket_address: '127.0.0.1:1024', interest_ops: 1, outstanding_requests: 0, packets_received: 0, packets_sent: 0 },
  ]);
  expect(fields('cons')['connections']).toMatchObject([{ session_id: { long: ID }, session_timeout: 4000 }]);
  expect(fields('voting_view')['current_config']).toMatchObject({
    '1': { server_addresses: ['h:24201'], election_addresses: ['h:24211'], client_address: 'h:2181', learner_type: 'participant' },
    '2': { client_address: '' },
  });
  expect(fields('zabstate')).toMatchObject({
    myid: 1,
    quorum_address: { one: 'h:24201', all_ports: [24201], wildcard_addresses: ['0.0.0.0:24201'] },
  });
});

test('hash and observers [ADM-10] [DIG-07]', () => {
  const ctx = makeProcessors('leader');
  logDigest(ctx.parts, ctx.refs.stats, 128, 7);
  expect(adminCommand(ctx, 'hash')!.fields).toEqual({ digests: [{ zxid: 128, digest_version: 2, digest: { long: '7' } }] });
  expect(adminCommand(ctx, 'obsr')!.fields).toEqual({ synced_observers: 0, observers: [] });
  expect(ADMIN_COMMANDS).toEqual(expect.arrayContaining(['dump', 'hash', 'observers']));
});
