/** Which pictures a message is about. */
import type { Conversations } from '../conversation/conversations.ts';
import { type Place, type Shown, shown } from '../conversation/place.ts';
import type { Attachment, IncomingMessage, Origin, StoredPicture } from '../types.ts';

export interface Subject {
  origin: Origin;
  attachments: Attachment[];
  /** Stored already, for a wish of which nothing came. */
  inputs?: StoredPicture[];
}

/** With how many pictures of its turn it means. */
export interface CountedSubject extends Subject {
  made: number;
}

type Lookup = Pick<Conversations, 'find' | 'resolve'>;

/** `gone` when it means a turn that nobody has any more. */
export async function subjectOf(
  message: IncomingMessage,
  conversations: Lookup,
): Promise<CountedSubject | 'gone'> {
  const { turn, replied, attachments: own } = message;
  if (turn !== undefined) return onTurn({ turn }, own, conversations);
  if (replied === undefined) return onOwn(own);
  const place = await conversations.resolve(replied.message);
  const inputs = place !== undefined && 'inputs' in place ? place.inputs : [];
  if (place !== undefined && 'turn' in place) {
    const subject = await onTurn(place, [...picturesOf(place, []), ...own], conversations);
    if (subject !== 'gone') return { ...subject, inputs };
    if (replied.attachments.length === 0) return subject;
  }
  return onOwn([...picturesOf(place, replied.attachments), ...own], inputs);
}

async function onTurn(
  { turn, picture }: Shown,
  attachments: Attachment[],
  { find }: Lookup,
): Promise<CountedSubject | 'gone'> {
  const found = await find(turn);
  if (found === undefined) return 'gone';
  const made = picture === undefined ? found.pictures.length : 1;
  return { origin: shown(turn, picture), attachments, made };
}

/** With no picture at hand it goes on where the person is. */
function onOwn(attachments: Attachment[], inputs: StoredPicture[] = []): CountedSubject {
  const isAlone = attachments.length + inputs.length === 0;
  return { origin: isAlone ? 'branch' : 'new', attachments, inputs, made: 0 };
}

/** A message shows one picture of an album; the whole album is meant. */
function picturesOf(place: Place | undefined, shown: Attachment[]): Attachment[] {
  return place !== undefined && 'attachments' in place ? place.attachments : shown;
}

export function hasPictures({ origin, attachments, inputs = [] }: Subject): boolean {
  return attachments.length + inputs.length > 0 || typeof origin === 'object';
}

/** The same with its pictures, if need be those where the person is; undefined when there are none. */
export async function pictured(
  subject: Subject,
  where: { chat: string; personId: string },
  { parentOf }: Pick<Conversations, 'parentOf'>,
): Promise<Subject | undefined> {
  if (hasPictures(subject)) return subject;
  const found = await parentOf(subject.origin, where);
  if (found === undefined) return undefined;
  return { origin: shown(found.parent.id, found.chosen), attachments: [] };
}
