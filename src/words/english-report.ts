/** The words of a counterexample's report. */
export const REPORT_WORDS = {
  violated: (property: string, event: number, time: string, explanation: string): string =>
    `**${property}** is violated at event ${event} (${time}): ${explanation}`,
  nothing: 'No property is violated in this run.',
  run: 'The run',
  seed: (seed: string): string => `seed \`${seed}\``,
  setting: (preset: string, mutations: readonly string[]): string =>
    `preset \`${preset}\`, ${mutations.length === 0 ? 'no mutations' : `mutations ${mutations.map((id) => `\`${id}\``).join(', ')}`}`,
  version: (version: string): string => `Zablab ${version}`,
  trace: (hash: string, events: number): string => `trace \`${hash}\`, ${events} events`,
  story: 'What happens',
  picture: 'The picture',
  scenario: 'The scenario',
  again: 'Save it as a file; `zablab replay FILE` runs it again, `zablab explain FILE` shows where a run without the bug goes another way.',
  violationMark: (property: string): string => `${property} violated`,
  sends: (title: string, to: string): string => `sends ${title} to ${to}`,
  gets: (title: string, from: string): string => `gets ${title} from ${from}`,
  legend: { election: 'election', discovery: 'discovery', sync: 'synchronisation', broadcast: 'broadcast', client: 'clients' },
  epoch: (epoch: number): string => `epoch ${epoch}`,
  windowed: (time: string): string => `from ${time} on; the rest of the run is in the story`,
} as const;
