import { layers } from './diagnosis-table.ts';
import type { LayerReport, Report } from './report.ts';

export interface RenderOptions {
  /** The terminal shows colours. */
  readonly colours: boolean;
  /** Of the terminal, in characters. */
  readonly columns: number;
}

type Colour = 'green' | 'yellow' | 'red' | 'dim' | 'bold';
/** SGR (ECMA-48 §8.3.117). */
const codes: Readonly<Record<Colour, string>> = {
  green: '32',
  yellow: '33',
  red: '31',
  dim: '2',
  bold: '1',
};

const marks: Readonly<Record<LayerReport['status'], readonly [mark: string, colour: Colour]>> = {
  good: ['ok', 'green'],
  warning: ['warn', 'yellow'],
  failure: ['FAIL', 'red'],
  unseen: ['-', 'dim'],
};

const nameColumn = 13;
const markColumn = 6;
const findingColumn = 8;
const widest = 100;

function wrap(text: string, width: number, indent: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width - indent) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].join(`\n${' '.repeat(indent)}`);
}

function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}

function summarise({ findings }: Report): readonly [text: string, colour: Colour] {
  const failures = findings.filter(({ severity }) => severity === 'failure').length;
  const warnings = findings.length - failures;
  if (findings.length === 0) return ['Everything that was looked at is well.', 'green'];
  const parts = [
    ...(failures > 0 ? [count(failures, 'failure')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ];
  return [`${parts.join(' and ')}.`, failures > 0 ? 'red' : 'yellow'];
}

/** The report for a person, in plain text or with the terminal's colours. */
export function renderReport(report: Report, options: RenderOptions): string {
  const width = Math.min(options.columns, widest);
  const paint = (text: string, colour: Colour): string =>
    options.colours ? `\u001b[${codes[colour]}m${text}\u001b[0m` : text;

  const overview = report.layers.map(({ layer, status, seen }) => {
    const [mark, colour] = marks[status];
    const indent = 2 + nameColumn + markColumn;
    const text = wrap(seen, width, indent);
    return `  ${layers[layer].padEnd(nameColumn)}${paint(mark.padEnd(markColumn), colour)}${status === 'unseen' ? paint(text, 'dim') : text}`;
  });
  const findings = report.findings.map(({ severity, layer, what, evidence, fix }) => {
    const [mark, colour] = marks[severity];
    const head = `  ${paint(mark.padEnd(findingColumn - 2), colour)}${paint(wrap(`${layers[layer]}: ${what}`, width, findingColumn), 'bold')}`;
    const lines = [
      ['seen', evidence],
      ['do', fix],
    ].map(([term = '', text = '']) => {
      const indent = findingColumn + 6;
      return `${' '.repeat(findingColumn)}${paint(term.padEnd(6), 'dim')}${wrap(text, width, indent)}`;
    });
    return [head, ...lines, ''].join('\n');
  });
  const [summary, colour] = summarise(report);
  return ['', ...overview, '', ...findings, `  ${paint(summary, colour)}`, '', ''].join('\n');
}
