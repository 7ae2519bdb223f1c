/** A message as the studio's page shows it: plain data, which is also the row that keeps it. */
import type { Button, Picture, Source } from '../core/index.ts';

/** What stands in the picture store, and what the page needs to know of it. */
export type KeptPicture = Omit<Picture, 'path'>;

export interface ChatMessage {
  /** Unix ms when it was posted; unique in its chat, and ascending. */
  id: number;
  from: 'person' | 'easel';
  /** `status` goes away again; `files` are pictures as they were made. */
  look: 'words' | 'status' | 'result' | 'files';
  text: string;
  /** Pictures that the person sent, by the ids of their files. */
  uploads: string[];
  pictures: KeptPicture[];
  sources: Source[];
  /** Row by row. */
  buttons: Button[][];
  /** What the pictures show, in the person's own words. */
  description: string;
  /** What the button says that ordered it: short, where the words behind it are long. */
  label?: string;
  /** What the pressed button said: shown above what it brought. */
  pressed?: string;
  /** The message that it answers, and which of its pictures. */
  answers?: Answered;
}

export interface Answered {
  message: number;
  picture?: number;
}
