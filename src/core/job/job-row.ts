/** A job as the store keeps it: enough to finish it in another process. */
import type { Turn } from '../conversation/turn.ts';
import type { Billed, ErrorCode } from '../errors.ts';
import type { PictureRequest, StoredPicture, Usage } from '../types.ts';

/**
 * `accepted` (nobody knows yet) → `queued` (its status stands) → `generating` (the request may have left) → `stored`
 * (paid for and on disk) → `delivered`. Or, each told to its person before the row is filed: `failed`, `cancelled`,
 * `interrupted` (by a restart), `unknown` (the connection broke; it may have been billed).
 */
export type JobState =
  | 'accepted'
  | 'queued'
  | 'generating'
  | 'stored'
  | 'delivered'
  | 'failed'
  | 'cancelled'
  | 'interrupted'
  | 'unknown';

/** Why a job has no pictures. */
export interface JobFailure {
  code: ErrorCode;
  billed: Billed;
  detail?: string;
  subject?: string;
  provider?: string;
}

/** Who made it; rows of older versions do not say it of words. */
type Maker = Partial<Pick<Turn, 'provider' | 'model'>> & { usage?: Usage };

/** What a job made: a turn with pictures, or words alone. */
export type JobResult = { turn: Turn; truncated: boolean } | ({ words: string } & Maker);

export interface JobRow {
  /** 12 letters of base64url, from `request.id`: the same request is the same row. */
  id: string;
  state: JobState;
  /** As admitted; its target names the status message once that stands, its origin the turn that it went on from. */
  request: PictureRequest;
  /** The job that it waits for, if there is one, where it goes on where its person is. */
  after?: string;
  /** Its attachments as they were stored, which a turn keeps once there is one. */
  loaded?: StoredPicture[];
  /** Unix ms. */
  createdAt: number;
  /** The process that works on it. */
  process: string;
  /** How often its present state was taken up; a job that brings the process down is put aside after two. */
  starts: number;
  result?: JobResult;
  failure?: JobFailure;
}
