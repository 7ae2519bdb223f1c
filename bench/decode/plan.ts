/** What is measured, and in which order. */
import { FORMATS, type Format, isFormat } from './formats.ts';
import { type PeerName, peers } from './peers/peers.ts';

/** One situation, in which peers are compared. */
export interface Situation {
  format: Format;
  /** Of one picture. */
  bytes: number;
  /** Answers read at the same time. */
  streams: number;
}

export interface Case extends Situation {
  peer: PeerName;
}

export interface Plan {
  situations: Situation[];
  repetitions: number;
}

const MEBIBYTE = 1024 * 1024;
export const REFERENCE: PeerName = 'drain-http';
export const FULL_SIZES = [0.25, 2, 8, 24].map((megabytes) => megabytes * MEBIBYTE);
const QUICK_SIZES = [8, 24].map((megabytes) => megabytes * MEBIBYTE);
// `@google/genai` would need 15 s for these; it does not read format a, and so is out.
export const CROWD: Situation = { format: 'a', bytes: 8 * MEBIBYTE, streams: 20 };

export function createPlan({ quick }: { quick: boolean }): Plan {
  const sizes = quick ? QUICK_SIZES : FULL_SIZES;
  const formats = Object.keys(FORMATS).filter(isFormat);
  const single = formats.flatMap((format) =>
    sizes.map((bytes): Situation => ({ format, bytes, streams: 1 })),
  );
  return { situations: [...single, CROWD], repetitions: quick ? 3 : 5 };
}

export const peerNames = Object.keys(peers).filter(isPeerName);

function isPeerName(name: string): name is PeerName {
  return Object.hasOwn(peers, name);
}

/** Those that read this kind of answer; they take turns. */
export function casesOf(situation: Situation): Case[] {
  return peerNames
    .filter((peer) => peers[peer].formats.some((format) => format === situation.format))
    .map((peer) => ({ ...situation, peer }));
}

export function describeSituation({ format, bytes, streams }: Situation): string {
  return `${format} ${streams === 1 ? '' : `${streams} x `}${bytes / MEBIBYTE} MB`;
}
