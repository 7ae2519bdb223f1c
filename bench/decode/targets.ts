/** What Easel promises, and whether the medians keep it. */
import { FORMATS, type Format, isFormat } from './formats.ts';
import type { PeerName } from './peers/peers.ts';
import { CROWD, type Situation } from './plan.ts';
import type { Result } from './run.ts';
import { createFind, type Find, growthOf, markdownTable, ratioOf } from './table.ts';

const BIG = 24 * 1024 * 1024;

interface Target {
  what: string;
  limit: number;
  unit: 'x' | 'MB' | 'ms' | '';
  read(find: Find): number | undefined;
}

function targets(): Target[] {
  const formats = Object.keys(FORMATS).filter(isFormat);
  return [...formats.flatMap(formatTargets), ...crowdTargets('easel')];
}

function formatTargets(format: Format): Target[] {
  const big: Situation = { format, bytes: BIG, streams: 1 };
  const inPieces = format === 'c';
  const name = `${format}, 24 MB`;
  return [
    {
      what: `${name}: CPU to the drain`,
      limit: inPieces ? 2.3 : 1.3,
      unit: 'x',
      read: (find) => ratioOf(find, 'easel', big, 'cpuMs'),
    },
    {
      what: `${name}: peak above idle, to a file`,
      limit: 10,
      unit: 'MB',
      read: (find) => find('easel-file', big)?.peakMegabytes,
    },
    {
      what: `${name}: longest event-loop delay`,
      limit: inPieces ? 30 : 15,
      unit: 'ms',
      read: (find) => find('easel', big)?.delayMs,
    },
    {
      what: `${format}: growth of CPU from 8 to 24 MB`,
      limit: 1.15,
      unit: '',
      read: (find) => growthOf(find, 'easel', format),
    },
  ];
}

function crowdTargets(peer: PeerName): Target[] {
  const name = '20 x 8 MB';
  return [
    {
      what: `${name}: CPU to the drain`,
      limit: 1.5,
      unit: 'x',
      read: (find) => ratioOf(find, peer, CROWD, 'cpuMs'),
    },
    {
      what: `${name}: peak above idle`,
      limit: 110,
      unit: 'MB',
      read: (find) => find(peer, CROWD)?.peakMegabytes,
    },
    {
      what: `${name}: longest event-loop delay`,
      limit: 80,
      unit: 'ms',
      read: (find) => find(peer, CROWD)?.delayMs,
    },
  ];
}

export function writeTargets(results: readonly Result[]): string {
  const find = createFind(results);
  const rows = targets().map(({ what, limit, unit, read }) => {
    const value = read(find);
    const kept = value !== undefined && value <= limit ? 'yes' : 'no';
    return [what, `${limit} ${unit}`.trim(), `${value?.toFixed(2) ?? '-'} ${unit}`.trim(), kept];
  });
  return `### Targets\n\n${markdownTable(['what', 'at most', 'measured', 'kept'], rows)}`;
}
