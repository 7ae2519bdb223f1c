import { type Attachment, EaselError, type Platform } from '../../src/core/index.ts';

/** What a person would see in one chat. */
export interface SeenMessage {
  id: number;
  text: string;
  /** Hashes of the pictures. */
  pictures: string[];
  cancel: string | undefined;
}

export interface FakePlatform extends Platform {
  messages: SeenMessage[];
  notices: { personId: string; text: string }[];
  /** Makes bytes loadable; gives their attachment. */
  putFile(bytes: Uint8Array): Attachment;
  /** No message can be posted or edited from now on, as when a person has blocked the bot. */
  block(): void;
}

/** A platform in memory: the contract and nothing else. */
export function createFakePlatform(name = 'fake'): FakePlatform {
  const messages: SeenMessage[] = [];
  const notices: FakePlatform['notices'] = [];
  const files = new Map<string, Uint8Array>();
  let lastId = 0;
  let isBlocked = false;

  function post(content: Partial<SeenMessage>): number {
    if (isBlocked) throw new EaselError('delivery-failed');
    lastId += 1;
    messages.push({ id: lastId, text: '', pictures: [], cancel: undefined, ...content });
    return lastId;
  }

  const find = (id: unknown) => messages.find((message) => message.id === id);

  function remove(id: unknown): void {
    const index = messages.findIndex((message) => message.id === id);
    if (index >= 0) messages.splice(index, 1);
  }

  return {
    limits: { pictures: 10, statusIntervalMs: 1 },
    messages,
    notices,
    putFile(bytes) {
      const id = `file-${files.size + 1}`;
      files.set(id, bytes);
      return { platform: name, id, bytes: bytes.length };
    },
    block: () => {
      isBlocked = true;
    },
    async showStatus(target, { text, cancel }) {
      const status = find(target.statusId);
      const shown = { text, cancel: cancel?.jobId };
      if (status !== undefined && !isBlocked) Object.assign(status, shown);
      return target.statusId === undefined ? { ...target, statusId: post(shown) } : target;
    },
    async deliver(target, { pictures, text }) {
      post({ text, pictures: pictures.map(({ hash }) => hash) });
      remove(target.statusId);
    },
    async close(target, text) {
      const status = find(target.statusId);
      if (status === undefined || isBlocked) post({ text });
      else Object.assign(status, { text, cancel: undefined });
    },
    async notify(personId, text) {
      if (!isBlocked) notices.push({ personId, text });
    },
    async load(attachment, { maxBytes }) {
      const bytes = files.get(attachment.id);
      if (bytes === undefined) throw new EaselError('attachment-gone');
      if (bytes.length > maxBytes) throw new EaselError('attachment-too-large');
      return bytes;
    },
  };
}
