/** Results as JUnit XML, as continuous integration servers read it. */
export interface ReportedResult {
  readonly name: string;
  readonly property: string;
  /** Null: nothing was found. */
  readonly message: string | null;
  readonly seconds: number;
  /** The counterexample's text; empty for none. */
  readonly repro: string;
}

export function junitText(results: readonly ReportedResult[]): string {
  const failures = results.filter(({ message }) => message !== null).length;
  const seconds = results.reduce((sum, each) => sum + each.seconds, 0);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="zablab" tests="${results.length}" failures="${failures}" time="${seconds.toFixed(3)}">`,
    `  <testsuite name="zablab" tests="${results.length}" failures="${failures}" errors="0" skipped="0" time="${seconds.toFixed(3)}">`,
    ...results.flatMap(caseLines),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseLines({ name, property, message, seconds, repro }: ReportedResult): string[] {
  const head = `    <testcase classname="${escapeXml(property)}" name="${escapeXml(name)}" time="${seconds.toFixed(3)}"`;
  if (message === null) return [`${head}/>`];
  return [
    `${head}>`,
    `      <failure type="${escapeXml(property)}" message="${escapeXml(message)}">${escapeXml(repro)}</failure>`,
    '    </testcase>',
  ];
}

/** Characters that XML 1.0 cannot hold, lone surrogates among them, become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"'\r]/g, (c) => `&#${c.codePointAt(0)};`);
}
