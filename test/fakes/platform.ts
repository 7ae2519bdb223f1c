import {
  type Attachment,
  type Button,
  EaselError,
  type Platform,
  type Posted,
} from '../../src/core/index.ts';

/** What a person would see in one chat. */
export interface SeenMessage {
  id: number;
  text: string;
  /** Hashes of the pictures. */
  pictures: string[];
  buttons: Button[];
  asFiles: boolean;
}

export interface FakePlatform extends Platform {
  messages: SeenMessage[];
  notices: { personId: string; text: string }[];
  /** Makes bytes loadable; gives their attachment. */
  putFile(bytes: Uint8Array): Attachment;
  /** No message can be posted or edited from now on: by default for good, as when a person has blocked the bot. */
  block(code?: 'undeliverable' | 'delivery-failed'): void;
  unblock(): void;
}

/** A platform in memory: the contract and nothing else. */
export function createFakePlatform(name = 'fake'): FakePlatform {
  const messages: SeenMessage[] = [];
  const notices: FakePlatform['notices'] = [];
  const files = new Map<string, Uint8Array>();
  let lastId = 0;
  let refusal: 'undeliverable' | 'delivery-failed' | undefined;

  function post(content: Partial<SeenMessage>): number {
    if (refusal !== undefined) throw new EaselError(refusal);
    lastId += 1;
    messages.push({ id: lastId, text: '', pictures: [], buttons: [], asFiles: false, ...content });
    return lastId;
  }

  const find = (id: unknown) => messages.find((message) => message.id === id);
  const posted = (id: number): Posted => ({ message: `${name}:chat:${id}` });

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
    block: (code = 'undeliverable') => {
      refusal = code;
    },
    unblock: () => {
      refusal = undefined;
    },
    async showStatus(target, { text, buttons }) {
      const status = find(target.statusId);
      const shown = { text, buttons: buttons.flat() };
      if (status !== undefined && refusal === undefined) Object.assign(status, shown);
      return target.statusId === undefined ? { ...target, statusId: post(shown) } : target;
    },
    async deliver(target, { pictures, text, buttons, asFiles }) {
      const hashes = pictures.map(({ hash }) => hash);
      const id = post({ text, pictures: hashes, buttons: buttons.flat(), asFiles });
      remove(target.statusId);
      if (pictures.length === 1) return [posted(id)];
      return pictures.map((_, picture) => ({ message: `${name}:chat:${id}-${picture}`, picture }));
    },
    async close(target, { text, buttons }) {
      const status = find(target.statusId);
      if (status === undefined || refusal !== undefined) {
        return posted(post({ text, buttons: buttons.flat() }));
      }
      Object.assign(status, { text, buttons: buttons.flat() });
      return posted(status.id);
    },
    async notify(personId, text) {
      if (refusal === undefined) notices.push({ personId, text });
      return refusal === undefined;
    },
    async load(attachment, { maxBytes }) {
      const bytes = files.get(attachment.id);
      if (bytes === undefined) throw new EaselError('attachment-gone');
      if (bytes.length > maxBytes) throw new EaselError('attachment-too-large');
      return bytes;
    },
  };
}
