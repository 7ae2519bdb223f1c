/** The fake Discord's gateway, spoken to frame by frame: what discord.js is too polite or too slow to do. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { createFakeDiscord, type FakeDiscord } from '../fakes/discord-api.ts';

const TOKEN = 'fake.token.of-a-bot';
const GUILDS = 1 << 0;
const MEMBERS = 1 << 1;

interface Frame {
  op: number;
  t?: string;
  s?: number;
  d?: { session_id?: string; guilds?: { id: string }[] } | boolean | null;
}

interface Line {
  frames: Frame[];
  /** The code that the server closed with. */
  closed: number | undefined;
  send(op: number, d: unknown): void;
}

let fake: FakeDiscord;
let sockets: WebSocket[];

beforeEach(async () => {
  fake = await createFakeDiscord({ token: TOKEN });
  sockets = [];
});
afterEach(async () => {
  for (const socket of sockets) socket.terminate();
  await fake.close();
});

async function dial(query = 'v=10&encoding=json'): Promise<Line> {
  const socket = new WebSocket(`${fake.gateway.url}?${query}`);
  sockets.push(socket);
  const line: Line = {
    frames: [],
    closed: undefined,
    send: (op, d) => socket.send(JSON.stringify({ op, d })),
  };
  socket.on('message', (data) => line.frames.push(JSON.parse(String(data))));
  socket.on('close', (code) => {
    line.closed = code;
  });
  await fake.waitFor(() => line.frames.length > 0 || line.closed);
  return line;
}

const identity = (more: object = {}) => ({
  token: TOKEN,
  intents: GUILDS,
  properties: {},
  ...more,
});

async function identified(more?: object): Promise<Line> {
  const line = await dial();
  line.send(2, identity(more));
  await fake.waitFor(() => line.frames.some(({ t }) => t === 'READY'));
  return line;
}

describe('a connection', () => {
  it('says hello, answers beats, and is ready with its guilds', async () => {
    const line = await dial();
    line.send(1, null);
    line.send(2, identity());
    await fake.waitFor(() => line.frames.length === 4);
    expect(line.frames.map(({ op, t }) => t ?? op)).toEqual([10, 11, 'READY', 'GUILD_CREATE']);
    expect(line.frames[2]?.d).toMatchObject({ guilds: [{ id: fake.guildId, unavailable: true }] });
  });

  it.each<[string, number, unknown, number]>([
    ['a wrong token', 2, identity({ token: 'x' }), 4004],
    ['a shard that is none', 2, identity({ shard: [1, 1] }), 4010],
    ['no intents', 2, identity({ intents: undefined }), 4013],
    ['intents that are off', 2, identity({ intents: MEMBERS }), 4014],
    ['a word before the name', 3, {}, 4003],
  ])('closes on %s', async (_name, op, d, code) => {
    const line = await dial();
    line.send(op, d);
    await fake.waitFor(() => line.closed);
    expect(line.closed).toBe(code);
  });

  it.each([
    ['v=9&encoding=json', 4012],
    ['v=10&encoding=etf', 4002],
    ['v=10&encoding=json&compress=zlib-stream', 4002],
  ])('closes on %s', async (query, code) => {
    const line = await dial(query);
    await fake.waitFor(() => line.closed);
    expect(line.closed).toBe(code);
  });

  it('closes when named twice, and on what it does not know', async () => {
    const twice = await identified();
    twice.send(2, identity());
    await fake.waitFor(() => twice.closed === 4005);
    fake.advance(5000);
    const odd = await identified();
    odd.send(99, {});
    await fake.waitFor(() => odd.closed === 4001);
  });

  it('takes one name in five seconds', async () => {
    await identified();
    const hasty = await dial();
    hasty.send(2, identity());
    await fake.waitFor(() => hasty.frames.length === 2);
    expect(hasty.frames[1]).toEqual({ op: 9, d: false });
    expect(fake.gateway.identifies).toHaveLength(2);
    fake.advance(5000);
    await identified();
  });

  it('is refused while the gateway is down', async () => {
    fake.gateway.setDown(true);
    const socket = new WebSocket(fake.gateway.url);
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toContain('503');
  });
});

describe('a session', () => {
  const idOf = (line: Line) => {
    const ready = line.frames.find(({ t }) => t === 'READY')?.d;
    return typeof ready === 'object' ? (ready?.session_id ?? '') : '';
  };

  async function resumed(sessionId: string, seq: number): Promise<Line> {
    const line = await dial();
    line.send(6, { token: TOKEN, session_id: sessionId, seq });
    await fake.waitFor(() => line.frames.length > 1 || line.closed);
    return line;
  }

  it('is taken up with what was missed', async () => {
    const first = await identified();
    fake.gateway.drop(1006);
    fake.addChannel({ name: 'new' });
    const second = await resumed(idOf(first), 2);
    await fake.waitFor(() => second.frames.length === 3);
    expect(second.frames.map(({ t, s }) => [t, s])).toEqual([
      [undefined, undefined],
      ['CHANNEL_CREATE', 3],
      ['RESUMED', 4],
    ]);
  });

  it('is not, from a place that it never had, when unknown, or after its end', async () => {
    const first = await identified();
    expect((await resumed(idOf(first), 99)).closed).toBe(4007);
    expect((await resumed(idOf(first), 2)).frames[1]).toEqual({ op: 9, d: false });
    fake.advance(5000);
    const second = await identified();
    fake.gateway.invalidate(false);
    await fake.waitFor(() => second.frames.some(({ op, d }) => op === 9 && d === false));
    expect((await resumed(idOf(second), 1)).frames[1]).toEqual({ op: 9, d: false });
    fake.advance(5000);
    const third = await identified();
    fake.gateway.drop(4009);
    expect((await resumed(idOf(third), 1)).frames[1]).toEqual({ op: 9, d: false });
  });

  it('gets what its shard and its intents are for', async () => {
    const own = Number((BigInt(fake.guildId) >> 22n) % 2n);
    const other = await identified({ shard: [1 - own, 2] });
    fake.advance(5000);
    const line = await identified({ shard: [own, 2] });
    fake.person().says(fake.channelId, 'unheard');
    fake.setChannel(fake.channelId, { name: 'renamed' });
    await fake.waitFor(() => line.frames.some(({ t }) => t === 'CHANNEL_UPDATE'));
    const events = (each: Line) => each.frames.flatMap(({ t }) => t ?? []);
    expect(events(line)).toEqual(['READY', 'GUILD_CREATE', 'CHANNEL_UPDATE']);
    expect(events(other)).toEqual(['READY']);
  });
});
