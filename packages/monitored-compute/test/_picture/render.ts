import { metricsOf, ShownMetric, Widget } from '../_helpers/dashboards';
import { lineOf, POINTS, STATES } from './sample-data';

/** The size of a cell of the grid, in pixels. */
const CELL = { width: 50, height: 25 };
const GAP = 6;
/** About the width of a letter. */
const LETTER = 6.2;
const LINES = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd', '#8c564b', '#e377c2', '#7f7f7f', '#bcbd22', '#17becf'];
const INK = { text: '#16191f', faint: '#687078', link: '#0972d3', border: '#d5dbdb', ALARM: '#d91515', OK: '#037f0c', INSUFFICIENT_DATA: '#5f6b7a' };

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The body of a dashboard as a picture: its widgets where CloudWatch puts them, with sample data. */
export function render(widgets: Widget[]): string {
  const rows = Math.max(...widgets.map(({ y, height }) => y + height));
  const size = { width: 24 * CELL.width + GAP, height: rows * CELL.height + GAP };
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" font-family="Helvetica, Arial, sans-serif" font-size="12">`,
    `<rect width="${size.width}" height="${size.height}" fill="#f2f3f3"/>`,
    ...widgets.flatMap(widgetOf),
    '</svg>',
    '',
  ].join('\n');
}

function widgetOf(widget: Widget): string[] {
  const box = {
    x: widget.x * CELL.width + GAP,
    y: widget.y * CELL.height + GAP,
    width: widget.width * CELL.width - GAP,
    height: widget.height * CELL.height - GAP,
  };
  const isHeading = widget.type === 'text' && widget.height === 1;
  const card = `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" rx="4" fill="#fff" stroke="${INK.border}"/>`;
  const content = { text: markdown, alarm: alarms, metric: graph }[widget.type](widget, box);
  return [...isHeading ? [] : [card], ...content];
}

function markdown({ properties }: Widget, box: Box): string[] {
  let y = box.y;
  return properties.markdown!.split('\n').flatMap((line) => {
    const [, marks, words] = /^(#{0,3}) ?(.*)$/.exec(line)!;
    const size = { '': 12, '###': 14, '##': 17, '#': 21 }[marks]!;
    if (words === '' || y + size + 8 > box.y + box.height) return [];
    y += marks === '##' ? 14 : size + 4;
    const [, link] = /^\[(.*?)\]\(.*?\)$/.exec(words) ?? [];
    if (link) return [text(box.x + 10, y, link, { fill: INK.link })];
    const [, item] = /^- (.*)$/.exec(words) ?? [];
    if (item) return [text(box.x + 10, y, `• ${beginning(item, box.width - 30)}`, { fill: INK.faint })];
    return [text(box.x + 10, y, words, { size, weight: marks ? 'bold' : undefined, fill: marks ? INK.text : INK.faint })];
  });
}

function alarms({ properties }: Widget, box: Box): string[] {
  const columns = 4;
  const width = (box.width - 20) / columns;
  return [text(box.x + 10, box.y + 18, properties.title!, { weight: 'bold' }), ...properties.alarms!.flatMap((arn, index) => {
    const [, name] = /^<(\w+?)(?:[0-9A-F]{8})?\.Arn>$/.exec(arn)!;
    const state = Object.entries(STATES).find(([part]) => name.includes(part))?.[1] ?? 'OK';
    const x = box.x + 10 + (index % columns) * width;
    const y = box.y + 27 + Math.floor(index / columns) * 27;
    return [
      `<rect x="${round(x)}" y="${y}" width="${round(width - GAP)}" height="22" rx="3" fill="${INK[state]}" fill-opacity="0.1" stroke="${INK[state]}"/>`,
      `<circle cx="${round(x + 11)}" cy="${y + 11}" r="4" fill="${INK[state]}"/>`,
      text(x + 21, y + 15, beginning(name, width - 30), { size: 11 }),
    ];
  })];
}

function graph({ properties }: Widget, box: Box): string[] {
  const metrics = metricsOf({ properties } as Widget);
  const plot = { x: box.x + 46, y: box.y + 30, width: box.width - 60, height: box.height - 62 };
  const lines = metrics.map(lineOf);
  const top = roundUp(Math.max(...lines.flat()));
  const ticks = [0, 0.5, 1].flatMap((share) => {
    const y = round(plot.y + plot.height * (1 - share));
    return [
      `<line x1="${plot.x}" y1="${y}" x2="${plot.x + plot.width}" y2="${y}" stroke="#eaeded"/>`,
      text(plot.x - 5, y + 4, short(top * share), { size: 10, anchor: 'end', fill: INK.faint }),
    ];
  });
  return [
    text(box.x + 10, box.y + 18, properties.title!, { weight: 'bold' }),
    ...ticks,
    ...lines.map((line, index) => `<polyline fill="none" stroke="${LINES[index % LINES.length]}" stroke-width="1.5" points="${points(line, top, plot)}"/>`),
    ...legend(metrics, { ...plot, y: box.y + box.height - 11, width: box.width - 40 }),
  ];
}

function points(line: number[], top: number, plot: Box): string {
  return line.map((value, index) => `${round(plot.x + index * plot.width / (POINTS - 1))},${round(plot.y + plot.height * (1 - value / top))}`).join(' ');
}

/** As much of the legend as there is room for. */
function legend(metrics: ShownMetric[], box: Box): string[] {
  const room = box.width / metrics.length;
  return metrics.flatMap(({ label = '' }, index) => {
    const x = box.x - 36 + index * room;
    return [
      `<rect x="${round(x)}" y="${box.y - 8}" width="9" height="9" fill="${LINES[index % LINES.length]}"/>`,
      text(x + 13, box.y, end(label, room - 16), { size: 10, fill: INK.faint }),
    ];
  });
}

interface Style {
  readonly size?: number;
  readonly weight?: string;
  readonly anchor?: string;
  readonly fill?: string;
}

function text(x: number, y: number, words: string, { size, weight, anchor, fill = INK.text }: Style): string {
  const style = { 'font-size': size, 'font-weight': weight, 'text-anchor': anchor, fill };
  const attributes = Object.entries(style).flatMap(([name, value]) => value === undefined ? [] : [`${name}="${value}"`]).join(' ');
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(words)}</text>`;
}

function escaped(words: string): string {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** As many letters as there is room for, from the front. */
function beginning(words: string, room: number): string {
  const letters = Math.max(3, Math.floor(room / LETTER));
  return words.length > letters ? `${words.slice(0, letters - 1)}…` : words;
}

/** The same from the back, where the lines of a graph differ. */
function end(words: string, room: number): string {
  const letters = Math.max(3, Math.floor(room / LETTER));
  return words.length > letters ? `…${words.slice(1 - letters)}` : words;
}

function roundUp(value: number): number {
  if (value === 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value)!;
}

function short(value: number): string {
  const [divisor, unit] = value >= 1e6 ? [1e6, 'M'] : value >= 1e3 ? [1e3, 'k'] : [1, ''];
  return `${round(value / divisor)}${unit}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
