import { ShownMetric } from '../_helpers/dashboards';

/** Points of a line. */
export const POINTS = 60;

/** The alarms that are not fine, by a part of their name. */
export const STATES: Readonly<Record<string, 'ALARM' | 'INSUFFICIENT_DATA'>> = { InvoicesErrors: 'ALARM', SearchAlarmsMemory: 'INSUFFICIENT_DATA' };

interface Shape {
  readonly level: number;
  readonly swing: number;
  /** How many of a hundred points are more than nothing; all, if absent. */
  readonly seldom?: number;
}

/** What metrics look like on an ordinary day. */
const SHAPES: Readonly<Record<string, Shape>> = {
  'Count': { level: 900, swing: 500 },
  '4XXError': { level: 12, swing: 10 },
  '5XXError': { level: 2, swing: 1, seldom: 4 },
  'Latency': { level: 120, swing: 60 },
  'CPUUtilization': { level: 35, swing: 18 },
  'NetworkIn': { level: 180e6, swing: 60e6 },
  'NetworkOut': { level: 320e6, swing: 110e6 },
  'StatusCheckFailed': { level: 0, swing: 0 },
  'mem_used_percent': { level: 62, swing: 5 },
  'disk_used_percent': { level: 41, swing: 1 },
  'Invocations': { level: 140, swing: 90 },
  'Errors': { level: 3, swing: 2, seldom: 12 },
  'Throttles': { level: 0, swing: 0 },
  'Duration': { level: 800, swing: 600 },
  'ApproximateNumberOfMessagesVisible': { level: 2, swing: 1, seldom: 9 },
  'ApproximateAgeOfOldestMessage': { level: 240, swing: 200, seldom: 9 },
  'NumberOfMessagesPublished': { level: 2, swing: 1, seldom: 9 },
  'NumberOfNotificationsFailed': { level: 0, swing: 0 },
  'IncomingLogEvents': { level: 2_200, swing: 700 },
  'IncomingBytes': { level: 900e3, swing: 300e3 },
};

/** The line of a metric: always the same for the same metric, so that the picture changes with the dashboard only. */
export function lineOf({ namespace, metricName, dimensions }: ShownMetric): number[] {
  const { level, swing, seldom = 100 } = SHAPES[metricName] ?? { level: 1, swing: 1, seldom: 5 };
  const random = generator(JSON.stringify([namespace, metricName, dimensions]));
  const phase = random() * 2 * Math.PI;
  const share = 0.7 + 0.6 * random();
  return Array.from({ length: POINTS }, (_, index) => {
    const noise = random() - 0.5;
    const wave = Math.sin(phase + index / 9) * 0.7 + noise * 0.8;
    return random() * 100 < seldom ? Math.max(0, (level + swing * wave) * share) : 0;
  });
}

/** Numbers from 0 to 1 that look random and follow from the text. */
function generator(text: string): () => number {
  let state = [...text].reduce((hash, character) => Math.imul(hash ^ character.charCodeAt(0), 0x01000193), 0x811c9dc5);
  return () => {
    state = Math.imul(state ^ (state >>> 15), state | 1) + 0x6d2b79f5;
    return ((state ^ (state >>> 14)) >>> 0) / 2 ** 32;
  };
}
