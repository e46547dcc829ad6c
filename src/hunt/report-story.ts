/** The report to read: what is violated, the story, and the scenario. Markdown. */
import { formatLine } from '../scenario/transcript.ts';
import { shortTime } from '../view/time-text.ts';
import { REPORT_WORDS as WORDS } from '../words/english-report.ts';
import type { ReportRun } from './report-run.ts';

export function storyText({ run, result, lines, violation, explanation }: ReportRun, scenarioText: string, version: string): string {
  const { document } = run.scenario;
  const told = violation === null ? lines : lines.filter(({ event }) => event <= violation.event);
  return [
    `# ${document.name}`,
    '',
    violation === null ? WORDS.nothing : WORDS.violated(violation.property, violation.event, shortTime(violation.at), explanation),
    ...(document.about === undefined ? [] : ['', document.about.trim()]),
    '',
    `## ${WORDS.run}`,
    '',
    `* ${WORDS.seed(run.seed)}`,
    `* ${WORDS.setting(
      run.preset,
      run.mutations.map(({ id }) => id),
    )}`,
    `* ${WORDS.version(version)}`,
    `* ${WORDS.trace(result.traceHash, result.events)}`,
    '',
    `## ${WORDS.story}`,
    '',
    ...fenced('', told.map(formatLine).join('\n')),
    '',
    `## ${WORDS.picture}`,
    '',
    `![${WORDS.picture}](space-time.svg)`,
    '',
    `## ${WORDS.scenario}`,
    '',
    ...fenced('yaml', scenarioText.trimEnd()),
    '',
    WORDS.again,
    '',
  ].join('\n');
}

/** A fence longer than any in the text: what clients wrote must not end it. */
function fenced(language: string, text: string): string[] {
  let fence = '```';
  while (text.includes(fence)) fence += '`';
  return [`${fence}${language}`, text, fence];
}
