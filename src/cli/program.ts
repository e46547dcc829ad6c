/** The commands with their options, and what becomes of their errors. Each command's code is loaded only when it is called. */
import { Argument, Command, CommanderError } from 'commander';
import type { BenchFlags, BenchPart } from './bench/bench.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { EXAMPLES } from './examples.ts';
import type { ExplainFlags } from './explain.ts';
import type { ExploreFlags } from './explore.ts';
import type { FaultFlags } from './fault.ts';
import type { HuntFlags } from './hunt-options.ts';
import type { ListFlags } from './list.ts';
import type { ReplayFlags } from './replay.ts';
import type { ReportFlags } from './report.ts';
import type { RunCommandFlags } from './run.ts';
import type { ServeFlags } from './serve.ts';
import type { ShrinkFlags } from './shrink.ts';
import type { Terminal } from './terminal.ts';
import { VERSION } from '../gateway/version.ts';

export async function runProgram(argv: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = EXIT.ok;
  const program = makeProgram(terminal, (made) => (code = made));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badInput;
    const { tellError } = await import('./tell-error.ts');
    return tellError(error, terminal);
  }
}

type Finish = (code: ExitCode) => void;

function makeProgram(terminal: Terminal, finish: Finish): Command {
  const program = new Command('zablab')
    .description('A ZooKeeper ensemble under glass: run it, break it, replay it.')
    .version(VERSION)
    .helpCommand('help [command]', 'the same as COMMAND --help')
    .exitOverride()
    .configureOutput({
      writeOut: terminal.out,
      writeErr: terminal.err,
      getOutHelpWidth: () => terminal.columns,
      getErrHelpWidth: () => terminal.columns,
      getOutHasColors: () => terminal.outIsTerminal,
      getErrHasColors: () => terminal.errIsTerminal,
      outputError: (text, write) => write(oneMessage(text)),
    })
    .addHelpText('after', EXAMPLES.zablab);
  addRun(program, terminal, finish);
  addList(program, terminal, finish);
  addHunt(program, terminal, finish);
  addExplore(program, terminal, finish);
  addReplay(program, terminal, finish);
  addShrink(program, terminal, finish);
  addExplain(program, terminal, finish);
  addReport(program, terminal, finish);
  addServe(program, terminal, finish);
  addFault(program, terminal, finish);
  addFacts(program, terminal, finish);
  addBench(program, terminal, finish);
  return program;
}

/** Commander's `error: unknown option '--x'` and `(Did you mean --y?)` in our one line. */
function oneMessage(text: string): string {
  const [first = '', ...rest] = text.trim().split('\n');
  const hint = rest.join(' ').replace(/^\(Did you mean (.*)\?\)$/, '; did you mean $1?');
  return `zablab: ${first.replace(/^error: /, '')}${hint}\n`;
}

function addRun(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('run')
    .description('run a scenario, tell what happens, judge it')
    .argument('<scenario>', 'a file, - for stdin, a name from `zablab list scenarios`, or a link to the page')
    .option('--seed <text>', 'decides every delay and every draw')
    .option('--preset <name>', 'a release of ZooKeeper, master, or fixed')
    .option('--mutate <id>', "a bug to put in, instead of the file's; may be repeated; none for none", gather)
    .option('--check <id>', "a property to judge beside the usual ones, instead of the file's; may be repeated; none for none", gather)
    .option('--until <time>', 'end the run at this time, such as 1.5s or 2min')
    .option('--mode <mode>', 'fine: every event on its own; coarse: successors at once')
    .option('--level <level>', 'story: what changes the course of things; detail: every decision (default: story)')
    .option('--json', 'print one JSON object instead')
    .option('--trace <file>', 'write every event to this file, one JSON object a line')
    .addHelpText('after', EXAMPLES.run)
    .action(async (scenario: string, flags: RunCommandFlags) => {
      const { runCommand } = await import('./run.ts');
      finish(await runCommand(scenario, flags, terminal));
    });
}

function gather(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), ...value.split(',').map((id) => id.trim())];
}

function addList(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('list')
    .description('what there is: scenarios, presets, mutations, properties')
    .argument('[kind]', 'one of the four (default: all)')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.list)
    .action(async (kind: string | undefined, flags: ListFlags) => {
      const { listCommand } = await import('./list.ts');
      finish(listCommand(kind, flags, terminal));
    });
}

function addHunt(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('hunt')
    .description('search for a violation by random runs, shrink it, write it as a scenario')
    .argument('[scenario]', 'whose ensemble, network, clients, preset and mutations to take; drawn when absent')
    .option('--preset <name>', 'a release of ZooKeeper, master, or fixed')
    .option('--mutate <id>', 'a bug to put in; may be repeated', gather)
    .option('--property <id>', 'look for violations of this one only; may be repeated', gather)
    .option('--strategy <name>', 'mixed, random, episodes, pct, delay or coverage (default: mixed)')
    .option('--seeds <range>', 'such as 1..1000 (default: until the budget is spent)')
    .option('--budget <time>', 'end it after this time (default: 60s, or none with --seeds)')
    .option('--jobs <n>', 'worker threads (default: one a core)')
    .option('--shard <i/n>', 'of the seeds, the part for machine i of n')
    .option('--all', 'go on after the first find')
    .option('--no-shrink', 'leave what is found as long as it is')
    .option('--out <dir>', 'write the counterexamples and hunt.json into this folder')
    .option('--junit <file>', 'write the result as JUnit XML')
    .option('--merge <dir...>', 'add up what several hunts wrote, such as the shards of one')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.hunt)
    .action(async (scenario: string | undefined, flags: HuntFlags) => {
      const { huntCommand } = await import('./hunt.ts');
      finish(await huntCommand(scenario, flags, terminal));
    });
}

function addExplore(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('explore')
    .description('try every order of what may happen in a small model')
    .argument(
      '<scenario>',
      'a file, - for stdin, or a name from `zablab list scenarios`; its lines after the waiting ones may come at any time',
    )
    .option('--depth <n>', 'events of a run at most')
    .option('--states <n>', 'states at most (default: 1000000)')
    .option('--budget <time>', 'end it after this time, such as 60s')
    .option('--order <order>', 'bfs: the shortest violation first; dfs: less memory (default: bfs)')
    .option('--mode <mode>', 'fine: every event on its own; coarse: successors at once')
    .option('--crashes <n>', 'processes that may end')
    .option('--power-losses <n>', 'machines that may lose power')
    .option('--restarts <n>', 'processes that may start again')
    .option('--breaks <n>', 'connections between servers that may break')
    .option('--partitions <n>', 'times that a server may be cut off')
    .option('--timeouts <n>', 'timeouts that may come early')
    .option('--waits <n>', 'times that the next timeout may come when nothing else can happen')
    .option('--transactions <n>', 'operations of clients at most')
    .option('--elections <n>', 'leaders that may be established')
    .option('--seed <text>', 'decides the draws')
    .option('--preset <name>', 'a release of ZooKeeper, master, or fixed')
    .option('--mutate <id>', "a bug to put in, instead of the file's; may be repeated; none for none", gather)
    .option('--out <file>', 'write what is found as a scenario for `zablab replay`')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.explore)
    .action(async (scenario: string, flags: ExploreFlags) => {
      const { exploreCommand } = await import('./explore.ts');
      finish(await exploreCommand(scenario, flags, terminal));
    });
}

function addReplay(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('replay')
    .description('run a counterexample or a recorded session again and tell whether it still is one')
    .argument('<repro>', 'a scenario with a seed and the violation it expects, or a file of `zablab serve --record`')
    .option('--level <level>', 'story or detail: tell what happens on the way')
    .option('--json', 'print one JSON object instead')
    .option('--trace <file>', 'write every event to this file, one JSON object a line')
    .addHelpText('after', EXAMPLES.replay)
    .action(async (repro: string, flags: ReplayFlags) => {
      const { replayCommand } = await import('./replay.ts');
      finish(await replayCommand(repro, flags, terminal));
    });
}

function addShrink(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('shrink')
    .description('make a counterexample smaller: fewer operations, faults, clients and servers, the same property violated')
    .argument('<repro>', 'a scenario with the violation it expects, or - for stdin')
    .option('--out <file>', 'write the smaller one here instead of printing it')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.shrink)
    .action(async (repro: string, flags: ShrinkFlags) => {
      const { shrinkCommand } = await import('./shrink.ts');
      finish(await shrinkCommand(repro, flags, terminal));
    });
}

function addExplain(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('explain')
    .description('show the first event where a run with its mutations and one without them differ, and by which decision')
    .argument('<scenario>', 'a scenario with mutations or a preset: a file, - for stdin, or a name from `zablab list scenarios`')
    .option('--seed <text>', 'decides every delay and every draw')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.explain)
    .action(async (scenario: string, flags: ExplainFlags) => {
      const { explainCommand } = await import('./explain.ts');
      finish(await explainCommand(scenario, flags, terminal));
    });
}

function addReport(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('report')
    .description('write what a counterexample is about: its story, a picture, and the run for other tools')
    .argument('<repro>', 'a scenario that violates a property: a file, - for stdin, or a name from `zablab list scenarios`')
    .requiredOption('--out <folder>', 'where the files go')
    .addHelpText('after', EXAMPLES.report)
    .action(async (repro: string, flags: ReportFlags) => {
      const { reportCommand } = await import('./report.ts');
      finish(await reportCommand(repro, flags, terminal));
    });
}

function addServe(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('serve')
    .description('let real ZooKeeper clients connect to simulated servers')
    .argument('[what]', 'a zoo.cfg or a scenario (default: three servers on 2181, 2182 and 2183)')
    .option('--preset <name>', 'a release of ZooKeeper, master, or fixed')
    .option('--mutate <id>', 'a bug to put in; may be repeated; none for none', gather)
    .option('--seed <text>', 'decides every delay and every draw')
    .option('-D <name=value>', 'a system property, as of Java; may be repeated', collect)
    .option('--host <address>', 'where to listen; others can reach it then (default: 127.0.0.1)')
    .option('--port <number>', 'client port of the first server, the next ones count up; 0 for any')
    .option('--control <port>', 'where `zablab fault` is heard (default: 8180, or any where that is taken)')
    .option('--admin <port>', "port of the first server's AdminServer, the next ones count up; 0 for any")
    .option('--record <file>', 'write down what comes in, for `zablab replay`')
    .addHelpText('after', EXAMPLES.serve)
    .action(async (what: string | undefined, flags: ServeFlags) => {
      const { serveCommand } = await import('./serve.ts');
      finish(await serveCommand(what, flags, terminal));
    });
}

function addFault(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('fault')
    .description('do something to servers that clients are connected to, or ask how they are')
    .argument('[line...]', 'a line of a script, such as kill: leader; or status (the default)')
    .option('--control <url>', 'where `zablab serve` said that it is heard (default: http://127.0.0.1:8180)')
    .option('--json', 'print the answer as it comes')
    .addHelpText('after', EXAMPLES.fault)
    .action(async (words: readonly string[], flags: FaultFlags) => {
      const { faultCommand } = await import('./fault.ts');
      finish(await faultCommand(words.join(' '), flags, terminal));
    });
}

function collect(value: string, earlier: readonly string[] | undefined): string[] {
  return [...(earlier ?? []), value];
}

function addFacts(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('facts')
    .description("ZooKeeper's behaviours by id: tested, modelled, or left out and why")
    .argument('[prefix]', 'only ids that begin so, such as ELEC')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.facts)
    .action(async (prefix: string | undefined, flags: { readonly json?: boolean }) => {
      const { factsCommand } = await import('./facts.ts');
      finish(factsCommand(prefix, flags, terminal));
    });
}

function addBench(program: Command, terminal: Terminal, finish: Finish): void {
  program
    .command('bench')
    .description('measure how fast it is on this machine')
    .addArgument(new Argument('[part]', 'only this part').choices(['simulator', 'gateway', 'hunt', 'museum']))
    .option('--quick', 'small runs: figures are rough')
    .option('--json', 'print one JSON object instead')
    .addHelpText('after', EXAMPLES.bench)
    .action(async (part: BenchPart | undefined, flags: BenchFlags) => {
      const { benchCommand } = await import('./bench/bench.ts');
      finish(await benchCommand(part, flags, terminal));
    });
}
