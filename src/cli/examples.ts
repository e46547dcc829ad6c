/** The end of each `--help`: examples, and what the exit code says. */

const EXIT_CODES = `
Exit codes:
  0    ok
  1    an expectation or a property failed
  2    bad input
  3    a bug in Zablab itself
  130  Ctrl-C
`;

export const EXAMPLES = {
  zablab: `
Examples:
  zablab list scenarios
  zablab run failures/leader-crash
  zablab COMMAND --help
${EXIT_CODES}`,
  run: `
Examples:
  zablab run failures/leader-crash              a scenario that comes with Zablab
  zablab run my.yaml --seed 7 --level detail    every decision with its reason
  zablab run my.yaml --preset 3.9.1 --json      the verdict for a program
  zablab run my.yaml --mutate none              without the file's mutations
  zablab run my.yaml --trace events.ndjson      every event, with its cause
  generate | zablab run -                       a scenario from stdin
${EXIT_CODES}`,
  list: `
Examples:
  zablab list
  zablab list mutations --json
`,
  hunt: `
Examples:
  zablab hunt --mutate ZOOKEEPER-2845           find a bug that was put in
  zablab hunt --preset 3.6.2 --budget 5min      what is my release exposed to?
  zablab hunt --preset fixed --seeds 1..10000   a bug of ours, or one that nobody knows
  zablab hunt --seeds 1..8000 --shard 1/4 --out part1
  zablab hunt --merge part1 part2 part3 part4
${EXIT_CODES}`,
  explore: `
Examples:
  zablab explore model.yaml                     what its \`explore\` section allows
  zablab explore model.yaml --crashes 1 --restarts 1 --waits 5
  zablab explore model.yaml --mutate ZOOKEEPER-4394 --out found.yaml
  zablab replay found.yaml

The script is run by the clock up to its first line that does something, or up to the say line that \`explore: { from: ... }\` names. From there
on its lines may come at any time, and everything that can happen is tried in every order. What comes over connections or from disks takes no
time; timeouts come only when nothing else can happen (--waits) or out of turn (--timeouts).
${EXIT_CODES}`,
  replay: `
Examples:
  zablab replay counterexample.yaml
  zablab replay counterexample.yaml --level detail
  zablab replay session.ndjson                  what real clients did, without them
${EXIT_CODES}`,
  shrink: `
Examples:
  zablab shrink counterexample.yaml             prints the smaller scenario
  zablab shrink counterexample.yaml --out small.yaml
  zablab replay small.yaml

Ctrl-C ends it with the smallest one so far.
${EXIT_CODES}`,
  explain: `
Examples:
  zablab explain bugs/zookeeper-4643            where the fix makes the difference
  zablab explain counterexample.yaml --json

Both runs have the same seed. Without the file's mutations is what the other one is; a file that names only a preset is held against fixed.
Exit code 1: the two runs are the same to the end.
${EXIT_CODES}`,
  report: `
Examples:
  zablab report counterexample.yaml --out report

Files: story.md, to read; space-time.svg, to look at; shiviz.log, for https://bestchai.bitbucket.io/shiviz/; trace.ndjson, every event;
junit.xml and result.json, for continuous integration. Exit code 1: nothing is violated.
${EXIT_CODES}`,
  facts: `
Examples:
  zablab facts
  zablab facts ELEC
  zablab facts --json
`,
  serve: `
Examples:
  zablab serve                                  three servers on 2181, 2182 and 2183
  zablab serve zoo.cfg --preset 3.8.0           those of the file, with the bugs of a release
  zablab serve failures/leader-crash            a scenario, and whoever connects
  zablab serve --record session.ndjson          then: zablab replay session.ndjson
  zablab fault 'kill: leader'                   while clients are connected
${EXIT_CODES}`,
  fault: `
Examples:
  zablab fault                                  how the servers are
  zablab fault 'kill: leader'
  zablab fault 'start: s3'
  zablab fault 'partition: [[s1, outside], [s2, s3]]'
  zablab fault 'heal: all'
  zablab fault 'pause: leader'                  and resume: s3

Verbs are those of a scenario's script. A partition cuts off what it does not name; \`outside\` is where the clients are.
`,
  bench: `
Examples:
  zablab bench
  zablab bench --quick --json
  zablab bench hunt                             how soon the famous bugs are found: some minutes
  zablab bench museum                           the same of every bug there is: an hour
  zablab bench gateway                          beside a real ZooKeeper, where Debian's package is installed
`,
} as const;
