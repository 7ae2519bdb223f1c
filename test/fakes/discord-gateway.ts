import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import { showGuild } from './discord-shapes.ts';
import type { Route, World } from './discord-world.ts';

/** What the gateway saw, and what it can do to the bot. */
export interface GatewayControl {
  /** `ws://127.0.0.1:port`, as GET /gateway/bot says. */
  readonly url: string;
  /** Every IDENTIFY, with the fake's time in ms. */
  readonly identifies: { token: string; intents: number; shard: number[]; at: number }[];
  /** Every RESUME, and how many events were sent again; none when the session was not known. */
  readonly resumes: { sessionId: string; seq: number; replayed: number | undefined }[];
  /** Codes by which the bot closed connections; 1006 for none. */
  readonly closes: number[];
  readonly heartbeats: number;
  /** Connections that are open and identified. */
  readonly connected: number;
  /** Opcode 7. */
  reconnect(): void;
  /** Opcode 9; the sessions end unless they can be resumed. */
  invalidate(canResume: boolean): void;
  /** Closes every connection: 1006 by tearing it, others with that code. */
  drop(code: number): void;
  /** Answers no heartbeats from here on, or does again. */
  setDeaf(isDeaf: boolean): void;
  /** Refuses new connections with 503 from here on, or does no more. */
  setDown(isDown: boolean): void;
  /** Forgets all sessions: the next resume is answered with opcode 9. */
  forgetSessions(): void;
}

export interface GatewaySetup {
  token: string;
  /** Bits of privileged intents that are switched on. */
  privileged: number;
  heartbeatIntervalMs: number;
  maxConcurrency: number;
}

interface Event {
  op: 0;
  t: string;
  s: number;
  d: object;
}

interface Session {
  id: string;
  intents: number;
  shard: number[];
  socket: WebSocket | undefined;
  /** All of them, to be sent again on a resume. */
  events: Event[];
}

interface Identify {
  token?: string;
  intents?: number | undefined;
  shard?: number[];
}

interface Frame {
  op: number;
  d: (Identify & { session_id?: string; seq?: number }) | null;
}

export const PRIVILEGED = {
  GUILD_MEMBERS: 1 << 1,
  GUILD_PRESENCES: 1 << 8,
  MESSAGE_CONTENT: 1 << 15,
} as const;
const ALL_PRIVILEGED = Object.values(PRIVILEGED).reduce<number>((all, bit) => all | bit, 0);
const GUILDS = 1 << 0;
/** Identifies are counted over 5 seconds (Discord's documentation). */
const IDENTIFY_MS = 5000;
/** After these a session cannot be resumed. */
const FINAL = [1000, 1001, 4003, 4004, 4007, 4009, 4010, 4011, 4012, 4013, 4014];

export async function createGateway(world: World, setup: GatewaySetup) {
  const sessions = new Map<string, Session>();
  const identifies: GatewayControl['identifies'] = [];
  const resumes: GatewayControl['resumes'] = [];
  const closes: number[] = [];
  let heartbeats = 0;
  let isDeaf = false;
  let isDown = false;
  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    verifyClient: (_info, done) => done(!isDown, 503),
  });
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;

  server.on('connection', (socket, request) => {
    const query = new URL(request.url ?? '', url).searchParams;
    socket.on('message', (data) => hear(socket, String(data)));
    socket.on('error', () => {});
    socket.on('close', (code) => part(socket, code));
    const version = query.get('v');
    // The fake does not compress; discord.js only asks for it with an addon that is not installed.
    if (query.get('encoding') !== 'json' || query.has('compress')) socket.close(4002);
    else if (version !== '10') socket.close(4012);
    else send(socket, { op: 10, d: { heartbeat_interval: setup.heartbeatIntervalMs, _trace: [] } });
  });

  function send(socket: WebSocket, frame: object): void {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
  }

  function part(socket: WebSocket, code: number): void {
    const session = sessionOf(socket);
    closes.push(code);
    if (session !== undefined) session.socket = undefined;
    if (session !== undefined && (code === 1000 || code === 1001)) sessions.delete(session.id);
    world.changed();
  }

  function sessionOf(socket: WebSocket): Session | undefined {
    return [...sessions.values()].find((session) => session.socket === socket);
  }

  function hear(socket: WebSocket, text: string): void {
    const frame = parse(text);
    const session = sessionOf(socket);
    if (frame === undefined) socket.close(4002);
    else if (frame.op === 1) beat(socket);
    else if (frame.op === 2) session ? socket.close(4005) : identify(socket, frame.d ?? {});
    else if (frame.op === 6) session ? socket.close(4005) : resume(socket, frame.d ?? {});
    else if (session === undefined) socket.close(4003);
    else if (![3, 4, 8, 31].includes(frame.op)) socket.close(4001);
    world.changed();
  }

  function beat(socket: WebSocket): void {
    heartbeats += 1;
    if (!isDeaf) send(socket, { op: 11 });
  }

  function identify(socket: WebSocket, { token = '', intents, shard = [0, 1] }: Identify): void {
    const at = world.now();
    identifies.push({ token, intents: intents ?? 0, shard, at });
    const recent = identifies.filter((each) => at - each.at < IDENTIFY_MS).length;
    const refused = whyNot({ token, intents, shard });
    if (refused !== undefined) socket.close(refused);
    else if (recent > setup.maxConcurrency) send(socket, { op: 9, d: false });
    else welcome(socket, { intents: intents ?? 0, shard });
  }

  /** The code that an identify is refused with. */
  function whyNot({
    token,
    intents,
    shard: [id = 0, count = 1] = [],
  }: Identify): number | undefined {
    if (token !== setup.token) return 4004;
    if (id >= count) return 4010;
    if (intents === undefined || intents >= 1 << 26) return 4013;
    return intents & ALL_PRIVILEGED & ~setup.privileged ? 4014 : undefined;
  }

  function welcome(
    socket: WebSocket,
    { intents, shard }: { intents: number; shard: number[] },
  ): void {
    const session: Session = {
      id: randomBytes(16).toString('hex'),
      intents,
      shard,
      socket,
      events: [],
    };
    sessions.set(session.id, session);
    const guilds = [...world.guilds.values()].filter(
      ({ id, isJoined }) => isJoined && isFor(session, { guildId: id }),
    );
    const sees = (session.intents & GUILDS) !== 0;
    dispatch(session, 'READY', {
      v: 10,
      user: { ...world.me, verified: true, mfa_enabled: true, email: null, flags: 0 },
      guilds: guilds.map(({ id }) => ({ id, unavailable: true })),
      private_channels: [],
      relationships: [],
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: `${url}/resume`,
      shard: session.shard,
      application: { id: world.me.id, flags: 0 },
    });
    for (const guild of sees ? guilds : [])
      dispatch(session, 'GUILD_CREATE', showGuild(world, guild));
  }

  function resume(
    socket: WebSocket,
    { token, session_id: sessionId = '', seq = 0 }: NonNullable<Frame['d']>,
  ): void {
    const session = sessions.get(sessionId);
    const missed = session?.events.filter(({ s }) => s > seq);
    resumes.push({ sessionId, seq, replayed: missed?.length });
    if (token !== setup.token) socket.close(4004);
    else if (session === undefined) send(socket, { op: 9, d: false });
    else if (seq > session.events.length) forget(socket, session);
    else takeUp(socket, session, missed ?? []);
  }

  function forget(socket: WebSocket, session: Session): void {
    sessions.delete(session.id);
    socket.close(4007);
  }

  function takeUp(socket: WebSocket, session: Session, missed: Event[]): void {
    session.socket?.terminate();
    session.socket = socket;
    for (const event of missed) send(socket, event);
    dispatch(session, 'RESUMED', { _trace: [] });
  }

  function dispatch(session: Session, t: string, d: object): void {
    const event: Event = { op: 0, t, s: session.events.length + 1, d: structuredClone(d) };
    session.events.push(event);
    if (session.socket) send(session.socket, event);
  }

  function each(act: (socket: WebSocket, session: Session) => void): void {
    for (const session of [...sessions.values()]) {
      if (session.socket) act(session.socket, session);
    }
  }

  const control: GatewayControl = {
    url,
    identifies,
    resumes,
    closes,
    get heartbeats() {
      return heartbeats;
    },
    get connected() {
      return [...sessions.values()].filter(({ socket }) => socket?.readyState === 1).length;
    },
    reconnect: () => each((socket) => send(socket, { op: 7, d: null })),
    invalidate(canResume) {
      each((socket, session) => {
        session.socket = undefined;
        if (!canResume) sessions.delete(session.id);
        send(socket, { op: 9, d: canResume });
      });
    },
    drop(code) {
      each((socket, session) => {
        if (FINAL.includes(code)) sessions.delete(session.id);
        session.socket = undefined;
        if (code === 1006) socket.terminate();
        else socket.close(code);
      });
    },
    setDeaf(value) {
      isDeaf = value;
    },
    setDown(value) {
      isDown = value;
    },
    forgetSessions: () => sessions.clear(),
  };
  return {
    control,
    emit(event: string, data: object, route: Route = {}) {
      for (const session of sessions.values()) {
        const isWanted = route.intents === undefined || (route.intents & session.intents) !== 0;
        if (isWanted && isFor(session, route)) dispatch(session, event, data);
      }
    },
    async close() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Guilds are dealt to shards by their ids; what is private belongs to shard 0. */
function isFor({ shard: [id = 0, count = 1] }: Session, { guildId }: Route): boolean {
  return id === (guildId === undefined ? 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)));
}

function parse(text: string): Frame | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
