// Four-letter words: layout, and the numbers that a script decides.

import * as op from '../operations.ts';
import { cases } from '../script.ts';

export const words = cases({
  'ruok and isro, without a newline [ADM-23]': async (s) => {
    await s.word('ruok');
    await s.word('isro');
  },
  'srvr [ADM-04, ADM-13]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a'), op.create('~/e', { flags: op.EPHEMERAL }));
    await s.word('srvr');
  },
  'stat [ADM-14]': (s) => s.word('stat'),
  'conf [ADM-06, ADM-17]': (s) => s.word('conf'),
  'cons: what a connection did last [ADM-15, ADM-16]': async (s) => {
    const a = await s.client('a', { timeoutMs: 20_000 });
    await s.word('cons');
    await a.call(op.create('~/a'));
    await s.word('cons');
    await a.call(op.getData('~/a'));
    await s.word('cons');
    await a.call(op.ping());
    await s.word('cons');
  },
  'cons: the code of each operation [ADM-16]': async (s) => {
    const a = await s.client('a');
    const tree = [op.create('~/a'), op.create2('~/b'), op.createContainer('~/c'), op.remove('~/b'), op.setData('~/a', 'x')];
    const lists = [op.setAcl('~/a', op.OPEN), op.multi(op.check('~/a')), op.multiRead(op.getData('~/a')), op.reconfig({})];
    const reads = [op.exists('~/a'), op.getAcl('~/a'), op.getChildren('~/a'), op.getChildren2('~/a'), op.getAllChildrenNumber('~/a')];
    const others = [op.getEphemerals('~/a'), op.sync('~/a'), op.whoAmI(), op.checkWatches('~/a', 3), op.removeWatches('~/a', 3)];
    const requests = [...tree, ...lists, ...reads, ...others, op.setWatches(0n, {}), op.setWatches2(0n, {}), op.addWatch('~/a')];
    for (const request of requests) {
      await a.call(request);
      await s.word('cons');
    }
  },
  'crst and srst [ADM-23]': async (s) => {
    const a = await s.client('a');
    await a.call(op.create('~/a'));
    await s.word('crst');
    await s.word('cons');
    await s.word('srst');
    await s.word('srvr');
  },
  'wchs, wchc, wchp: the data table only [ADM-08, ADM-22]': async (s) => {
    const [a, b] = [await s.client('a'), await s.client('b')];
    await s.word('wchs');
    await s.word('wchc');
    await s.word('wchp');
    await a.calls(
      op.create('~/a'),
      op.getData('~/a', true),
      op.getChildren('~/a', true),
      op.exists('~/none', true),
      op.addWatch('~', op.RECURSIVE),
    );
    await b.calls(op.getData('~/a', true), op.addWatch('~/b'), op.getChildren('~', true));
    await s.word('wchs');
    await s.word('wchc');
    await s.word('wchp');
  },
  'mntr: the gauges [ADM-07, ADM-18, ADM-19]': async (s) => {
    const a = await s.client('a');
    await a.calls(op.create('~/a', { flags: op.EPHEMERAL }), op.getData('~/a', true), op.getChildren('~', true));
    await s.word('mntr');
  },
  'dirs, gtmk, envi [ADM-23]': async (s) => {
    await s.word('dirs');
    await s.word('gtmk');
    await s.word('envi');
  },
  'words that there are not are frame lengths [ADM-24]': async (s) => {
    await s.word('lead');
    await s.word('quit');
    await s.word('help');
  },
});

export const refusedWords = cases({
  'without a whitelist only srvr is answered [ADM-01, ADM-02]': async (s) => {
    for (const word of [
      'srvr',
      'ruok',
      'stat',
      'mntr',
      'conf',
      'cons',
      'crst',
      'srst',
      'dump',
      'envi',
      'wchs',
      'wchc',
      'wchp',
      'dirs',
      'isro',
      'gtmk',
      'hash',
    ]) {
      await s.word(word);
    }
  },
  'what follows a word is not read [ADM-24]': async (s) => {
    s.note({ answer: (await s.ask('ruok and then some')).split('\n') });
    s.note({ answer: (await s.ask('srvr\n')).split('\n').length });
  },
});
