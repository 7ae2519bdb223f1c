import { describe, expect, it } from 'vitest';
import type { ChatMessage } from '../../src/web/chat-message.ts';

type Find = (id: number) => ChatMessage | undefined;
interface Tree {
  layOut(
    messages: ChatMessage[],
    find: Find,
  ): { message: ChatMessage; row: number; lane: number; parent?: number }[];
  latestOf(messages: ChatMessage[], find: Find): { message: number; picture?: number } | undefined;
  pathTo(id: number, find: Find): Set<number>;
}

// The page's modules are plain JavaScript, which the compiler does not read.
const { layOut, latestOf, pathTo }: Tree = await import(
  new URL('../../src/web/page/tree.js', import.meta.url).href
);

const BLANK: ChatMessage = {
  id: 0,
  from: 'easel',
  look: 'words',
  text: '',
  uploads: [],
  pictures: [],
  sources: [],
  buttons: [],
  description: '',
};
const PICTURE = { hash: 'h', mediaType: 'image/png' as const, width: 1, height: 1, bytes: 1 };

/** `says` and `gets` write a chat as it goes; numbers are ids. */
function createStory() {
  const messages: ChatMessage[] = [];
  const find: Find = (id) => messages.find((message) => message.id === id);
  function add(changes: Partial<ChatMessage>): number {
    messages.push({ ...BLANK, ...changes, id: messages.length + 1 });
    return messages.length;
  }
  const answering = (message?: number) => (message === undefined ? {} : { answers: { message } });
  const says = (text: string, from?: number, uploads: string[] = []) =>
    add({ from: 'person', text, description: text, uploads, ...answering(from) });
  const gets = (answered: number, description: string, look: ChatMessage['look'] = 'result') =>
    add({ look, description, pictures: [PICTURE], ...answering(answered) });
  /** A wish and its picture. */
  const paints = (text: string, from?: number) => gets(says(text, from), text);
  const places = () =>
    layOut(messages, find).map(({ message, lane, parent }) => [message.id, lane, parent]);
  return { messages, find, add, says, gets, paints, places };
}

describe('the tree', () => {
  it('grows down one lane, and branches into the next', () => {
    const { paints, places } = createStory();
    const fox = paints('a fox');
    const night = paints('night', fox);
    const red = paints('red', fox);
    const blue = paints('blue', red);
    const stars = paints('stars', night);
    expect(places()).toEqual([
      [fox, 0, undefined],
      [night, 0, fox],
      [red, 1, fox],
      [blue, 1, red],
      [stars, 0, night],
    ]);
  });

  it('uses a lane again once its branch has ended, and begins anew in the first', () => {
    const { paints, places } = createStory();
    const fox = paints('a fox');
    paints('night', fox);
    paints('red', fox);
    const cat = paints('a cat');
    const sun = paints('sun', cat);
    const rain = paints('rain', cat);
    expect(places().slice(3)).toEqual([
      [cat, 0, undefined],
      [sun, 0, cat],
      [rain, 1, cat],
    ]);
  });

  it('begins with pictures that the person sent', () => {
    const { says, gets, paints, places } = createStory();
    const photo = says('night', undefined, ['u']);
    const night = gets(photo, 'night');
    const other = says('like this', night, ['v']);
    const both = gets(other, 'like this');
    const again = paints('red', photo);
    expect(places()).toEqual([
      [photo, 0, undefined],
      [night, 0, photo],
      [other, 0, night],
      [both, 0, other],
      [again, 1, photo],
    ]);
  });

  it('puts what was painted again beside the first, and variations below it', () => {
    const { paints, gets, places } = createStory();
    const fox = paints('a fox');
    const night = paints('night', fox);
    const again = gets(night, 'night');
    const variations = gets(night, 'a fresh variation');
    expect(places().slice(2)).toEqual([
      [again, 1, fox],
      [variations, 0, night],
    ]);
  });

  it('leaves out originals, words, and what is gone', () => {
    const { paints, gets, add, places } = createStory();
    const fox = paints('a fox');
    gets(fox, 'a fox', 'files');
    add({ text: 'help' });
    const orphan = paints('night', 99);
    expect(places()).toEqual([
      [fox, 0, undefined],
      [orphan, 0, undefined],
    ]);
  });

  it('knows the way to a picture', () => {
    const { paints, find } = createStory();
    const fox = paints('a fox');
    const night = paints('night', fox);
    const red = paints('red', fox);
    expect(pathTo(red, find)).toEqual(new Set([fox, red]));
    expect(pathTo(night, find)).toEqual(new Set([fox, night]));
    expect(pathTo(99, find)).toEqual(new Set());
  });
});

describe('the next message goes on from', () => {
  it('the latest picture', () => {
    const { messages, find, paints, add } = createStory();
    expect(latestOf(messages, find)).toBeUndefined();
    const fox = paints('a fox');
    add({ from: 'person', text: '/help' });
    add({ text: 'help' });
    expect(latestOf(messages, find)).toEqual({ message: fox });
  });

  it('what a wish that is being painted goes on from', () => {
    const { messages, find, paints, says, add } = createStory();
    const fox = paints('a fox');
    paints('a cat');
    says('night', fox);
    add({ look: 'status', text: 'on it' });
    expect(latestOf(messages, find)).toEqual({ message: fox });
  });

  it.each(['a dog', '/new', '/imagine a dog', '/pictures/dog in oil'])(
    'nothing after %j',
    (text) => {
      const { messages, find, paints, says } = createStory();
      paints('a fox');
      says(text);
      expect(latestOf(messages, find)).toBeUndefined();
    },
  );

  it('pictures that were sent, also when they could not be changed', () => {
    const { messages, find, says, add } = createStory();
    const photo = says('night', undefined, ['u']);
    add({ text: 'out of credit', answers: { message: photo } });
    expect(latestOf(messages, find)).toEqual({ message: photo });
  });
});
