// The `zablab` command. The launcher (zablab.mjs) imports the bundle of this file and calls `main` once.

import { Command } from 'commander';
import { version } from '../../package.json';

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('zablab').description('A ZooKeeper ensemble under glass: run, break and replay it.').version(version);
  program
    .command('list')
    .description('what there is')
    .action(() => {
      process.stdout.write('nothing yet\n');
    });
  await program.parseAsync(argv, { from: 'user' });
}
