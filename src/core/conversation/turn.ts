/** One exchange of a conversation: what a person asked, and what the model answered. */
import type { StoredPart } from '../generation/parts.ts';
import type { PictureOptions, Source, StoredPicture, Usage } from '../types.ts';
import type { Dialect } from '../wire/types.ts';

export interface Turn {
  /** The job's id: 12 letters of base64url. */
  id: string;
  /** The turn before it; none at the root. */
  parent?: string;
  personId: string;
  chat: string;
  /** Unix ms. */
  createdAt: number;
  /** What the model was asked. */
  prompt: string;
  /** As in `PictureRequest`. */
  description?: string;
  /** The person's own pictures, normalised. */
  inputs: StoredPicture[];
  /** The one picture of the parent that was meant, where it made several. */
  chosen?: number;
  options: PictureOptions;
  /** What the model made, at least one. */
  pictures: StoredPicture[];
  text: string;
  sources: Source[];
  provider: string;
  model: string;
  dialect: Dialect;
  /** The model's turn as it was given; none for chat dialects, or when a piece of it was lost. */
  parts?: StoredPart[];
  usage?: Usage;
}

/** What people read of its pictures. */
export function descriptionOf({ description, prompt }: Turn): string {
  return description ?? prompt;
}
