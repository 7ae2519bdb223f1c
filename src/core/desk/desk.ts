/** The front desk: what people say and press becomes requests, settings and answers. What adapters see of the core. */
import type { Language } from '../job/words.ts';
import type { Platform } from '../ports.ts';
import type { ChoiceGroup, IncomingMessage, Person, Press, PressAnswer, Style } from '../types.ts';

export interface Desk {
  /** Makes a platform known by the name that its targets and attachments carry. */
  connect(name: string, platform: Platform): void;
  /**
   * Takes a message. Resolves as soon as the person sees that work began, or the answer; pictures come later.
   * Never throws. The same `id` twice is heard once.
   */
  hear(message: IncomingMessage): Promise<void>;
  /** Takes a press; quick, since platforms want an answer at once. Never throws. */
  press(press: Press): Promise<PressAnswer>;
  /** Makes an answer to this message (`platform:chat:message`) continue the turn: for a message that asked for words. */
  link(message: string, turn: string): Promise<void>;
  /** All that a person can set, with what is set now; choices are pressed like buttons. */
  settings(person: Person): Promise<ChoiceGroup[]>;
  /** Ids of image models that can be chosen; none when the provider does not tell. */
  models(): Promise<string[]>;
  styles(person: Person): Promise<Style[]>;
  /** What the person reads, by their setting or what their platform tells. */
  language(person: Person): Promise<Language>;
  /** A group has a new id. */
  moveChat(from: string, to: string): Promise<void>;
}
