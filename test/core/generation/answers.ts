/** Answers with pictures in them, and who frees them. */

import sharp from 'sharp';
import type { Answer, FoundPicture, Payload, PictureRank } from '../../../src/core/wire/types.ts';
import { EMPTY_ANSWER } from '../../fakes/answer.ts';
import { payloadOf } from '../image/pictures.ts';

/** A PNG of one colour: another `shade` is another picture. */
export function pngOf(shade: number): Promise<Buffer> {
  const background = { r: shade, g: 0, b: 0 };
  return sharp({ create: { width: 8, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Payloads that tell which of them were freed. */
export function createPayloads() {
  const discarded = new Set<string>();
  const opened = new Map<string, Payload>();
  return {
    discarded: () => [...discarded].sort(),
    kept: () => [...opened.keys()].filter((name) => !discarded.has(name)).sort(),
    of(name: string, bytes: Uint8Array): Payload {
      const payload = {
        ...payloadOf(bytes),
        discard: async () => {
          discarded.add(name);
        },
      };
      opened.set(name, payload);
      return payload;
    },
  };
}

export function found(rank: PictureRank, payload: Payload | string): FoundPicture {
  return typeof payload === 'string' ? { rank, url: payload } : { rank, payload };
}

export function answerOf(pictures: FoundPicture[], changes: Partial<Answer> = {}): Answer {
  return { ...EMPTY_ANSWER, kind: 'json', bytes: 1, finishReason: 'STOP', pictures, ...changes };
}
