// Plays every case on every ensemble that it is for: one running ensemble for all cases of a setup, or one for each where they want it fresh.

import { afterAll, beforeAll, describe, test } from 'vitest';
import { SETUPS, type Setup, type SetupName } from './setups.ts';
import { type Case, Stage } from './stage.ts';
import { homeOf, type Subject, subjectsOn } from './subjects.ts';
import type { Target } from './target.ts';

export interface Played {
  readonly setup: SetupName;
  readonly subject: Subject;
  readonly one: Case;
  readonly stage: Stage;
}

export interface Judge {
  readonly onCase: (played: Played) => Promise<void>;
  readonly afterSubject: (setup: SetupName, subject: Subject) => void;
}

export function onEverySetup(target: Target, judge: Judge): void {
  for (const setup of Object.keys(SETUPS) as SetupName[]) {
    describe(setup, () => {
      const stages = SETUPS[setup].isFresh ? new FreshStages(target, setup) : new SharedStage(target, setup);
      beforeAll(() => stages.begin());
      afterAll(() => stages.end());
      for (const subject of subjectsOn(setup)) {
        describe(subject.name, () => {
          for (const one of subject.cases) {
            test(one.name, { timeout: 120_000 }, () => stages.use((stage) => judge.onCase({ setup, subject, one, stage })));
          }
          afterAll(() => judge.afterSubject(setup, subject));
        });
      }
    });
  }
}

async function startStage(target: Target, name: SetupName): Promise<Stage> {
  const setup: Setup = SETUPS[name];
  return new Stage(setup, await target.start(setup), homeOf(name));
}

async function endStage(stage: Stage): Promise<void> {
  await stage.stop();
  await stage.running.stop();
}

class SharedStage {
  private readonly target: Target;
  private readonly setup: SetupName;
  private stage: Stage | null = null;

  constructor(target: Target, setup: SetupName) {
    this.target = target;
    this.setup = setup;
  }

  async begin(): Promise<void> {
    this.stage = await startStage(this.target, this.setup);
  }

  async end(): Promise<void> {
    if (this.stage !== null) await endStage(this.stage);
  }

  async use(play: (stage: Stage) => Promise<void>): Promise<void> {
    for (let left = this.target.retries; ; left--) {
      const { stage } = this;
      if (stage === null) throw new Error('no ensemble');
      try {
        await play(stage);
        return;
      } catch (error) {
        if (!stage.isBroken || left === 0) throw error;
      } finally {
        await stage.strike();
        if (stage.isBroken) await this.renew();
      }
    }
  }

  private async renew(): Promise<void> {
    await this.end();
    await this.begin();
  }
}

class FreshStages {
  private readonly target: Target;
  private readonly setup: SetupName;

  constructor(target: Target, setup: SetupName) {
    this.target = target;
    this.setup = setup;
  }

  begin(): Promise<void> {
    return Promise.resolve();
  }

  end(): Promise<void> {
    return Promise.resolve();
  }

  async use(play: (stage: Stage) => Promise<void>): Promise<void> {
    for (let left = this.target.retries; ; left--) {
      const stage = await startStage(this.target, this.setup);
      try {
        await play(stage);
        return;
      } catch (error) {
        if (!stage.isBroken || left === 0) throw error;
      } finally {
        await stage.strike();
        await endStage(stage);
      }
    }
  }
}
