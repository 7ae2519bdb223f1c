import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { request } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeAnswer } from '../../../src/core/wire/decode.ts';
import type { Answer, FoundPicture, Payload } from '../../../src/core/wire/types.ts';
import { toError } from '../../../src/core/wire/verdict.ts';
import { createFakePayloads } from '../../fakes/payloads.ts';
import { WIRE_FIXTURES, type WireFixture } from '../../fixtures/wire/index.ts';
import {
  cutBytes,
  makePayloads,
  type Payloads,
  type PictureSize,
  readFixture,
} from '../../fixtures/wire/pictures.ts';

const payloads = { small: await makePayloads('small'), large: await makePayloads('large') };

/** Fixtures with the sizes that make a difference: both where bytes are filled in. */
const CASES = WIRE_FIXTURES.flatMap((fixture) => {
  const sizes: PictureSize[] = ['small'];
  const grows = !readFixture(fixture.file, payloads.small).equals(
    readFixture(fixture.file, payloads.large),
  );
  if (grows) sizes.push('large');
  return sizes.map((size) => ({ ...fixture, size }));
});
type Case = WireFixture & { size: PictureSize };

let server: Server;
let origin: string;

beforeAll(async () => {
  server = createServer((incoming, outgoing) => {
    const { file, size, status, headers, dies } = caseOf(incoming.url ?? '');
    const bytes = readFixture(file, payloads[size]);
    outgoing.writeHead(status ?? 200, headers ?? {});
    if (!dies) outgoing.end(bytes);
    else outgoing.write(bytes, () => outgoing.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  origin = `http://127.0.0.1:${port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

function caseOf(path: string): Case {
  const found = CASES[Number(path.slice(1))];
  if (found === undefined) throw new Error(`no case ${path}`);
  return found;
}

describe('the list of fixtures', () => {
  it('names every file once', () => {
    const files = readdirSync(new URL('../../fixtures/wire/', import.meta.url));
    expect(WIRE_FIXTURES.map(({ file }) => file).sort()).toEqual(
      files.filter((file) => !file.endsWith('.ts')).sort(),
    );
  });
});

describe.each(CASES)('$file ($size)', (fixture) => {
  it('gives what it should over a socket', async () => {
    const { body, statusCode, headers } = await request(`${origin}/${CASES.indexOf(fixture)}`, {
      // The decoder drops the connection at [DONE]; the next request must not meet it.
      reset: true,
    });
    const answer = await decodeAnswer(body, { payloads: createFakePayloads() });
    await expectOutcome(answer, fixture);
    const error = toError(
      answer,
      { status: statusCode, headers },
      fixture.asks === undefined ? {} : { expect: fixture.asks },
    );
    if (fixture.error) expect(error).toMatchObject(fixture.error);
    else if (!fixture.unfinished) expect(error).toBeUndefined();
  });

  it('gives the same however it is cut', async () => {
    const bytes = readFixture(fixture.file, payloads[fixture.size]);
    const whole = await summary(await decodeAnswer(pieces(bytes, [], fixture), options()), fixture);
    // One large piece in every round bounds the number of pieces.
    const roundBytes = Math.ceil(bytes.length / 1_000);
    const power = fc.integer({ min: 0, max: 16 });
    const cuts = fc
      .array(power, { minLength: 1, maxLength: 8 })
      .map((powers) => [...powers.map((exponent) => 2 ** exponent), roundBytes]);
    const numRuns = fixture.size === 'small' ? 5 : 2;
    if (fixture.size === 'small' && bytes.length < 5_000) {
      const single = await decodeAnswer(pieces(bytes, [1], fixture), options());
      expect(await summary(single, fixture)).toEqual(whole);
    }
    await fc.assert(
      fc.asyncProperty(cuts, async (sizes) => {
        const answer = await decodeAnswer(pieces(bytes, sizes, fixture), options());
        expect(await summary(answer, fixture)).toEqual(whole);
      }),
      { numRuns },
    );
  });
});

function options() {
  return { payloads: createFakePayloads() };
}

/** Bytes in pieces of the given sizes, over and over; no sizes means one piece. */
async function* pieces(bytes: Buffer, sizes: number[], { dies }: WireFixture) {
  for (let at = 0, turn = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? bytes.length;
    // A copy, as sockets reuse their memory.
    yield Buffer.from(bytes.subarray(at, at + size));
    at += size;
  }
  if (dies) throw new Error('other side closed');
}

async function expectOutcome(answer: Answer, fixture: Case): Promise<void> {
  const seen = await summary(answer, fixture);
  if (fixture.unfinished)
    expect(seen.delivered.join()).toMatch(/^(?:(?:stray:)?(?:png\|cut|fake))?$/);
  else expect(seen.delivered).toEqual(fixture.pictures ?? []);
  if (!fixture.error) expect(seen.text.replace(/\s+/g, ' ')).toBe(fixture.text ?? '');
  if (fixture.kind) expect(answer.kind).toBe(fixture.kind);
  if (fixture.finish) expect(answer.finishReason).toBe(fixture.finish);
  if (fixture.usage) expect(answer.usage).toEqual(fixture.usage);
  if (fixture.sources) expect(answer.sources.map(({ url }) => url)).toEqual(fixture.sources);
  if (fixture.parts) expect(seen.parts).toEqual(fixture.parts);
  expect(answer.truncated).toBe(fixture.truncated ?? false);
  const words = JSON.stringify([answer.text, answer.error, answer.finishMessage]);
  expect(words).not.toMatch(/[A-Za-z0-9+/]{60}|iVBORw0|<html/);
}

/** An answer as plain values, pictures by name. */
async function summary(answer: Answer, { size }: Case) {
  const names = namesOf(payloads[size]);
  const { pictures, parts, ...rest } = answer;
  return {
    ...rest,
    found: await Promise.all(pictures.map((picture) => nameOf(picture, names))),
    delivered: await Promise.all(select(pictures).map((picture) => nameOf(picture, names))),
    parts: await Promise.all(
      parts.map(async (part) => {
        const seal = part.signature === undefined ? '' : '+';
        return (part.type === 'text' ? part.text : await payloadName(part.payload, names)) + seal;
      }),
    ),
  };
}

/** Final pictures; without any the last draft; without that the strays. */
function select(pictures: FoundPicture[]): FoundPicture[] {
  const of = (rank: string) => pictures.filter((picture) => picture.rank === rank);
  if (of('final').length > 0) return of('final');
  return of('draft').length > 0 ? of('draft').slice(-1) : of('stray');
}

function namesOf(given: Payloads): Map<string, string> {
  const all: [string, Buffer][] = [...given, ['png|cut', cutBytes(given)]];
  return new Map(all.map(([name, bytes]) => [hash(bytes), name]));
}

async function nameOf(picture: FoundPicture, names: Map<string, string>): Promise<string> {
  const rank = picture.rank === 'final' ? '' : `${picture.rank}:`;
  return rank + ('url' in picture ? picture.url : await payloadName(picture.payload, names));
}

async function payloadName(payload: Payload, names: Map<string, string>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of payload.open()) chunks.push(chunk);
  const bytes = Buffer.concat(chunks);
  expect(payload.size).toBe(bytes.length);
  return names.get(hash(bytes)) ?? 'fake';
}

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
