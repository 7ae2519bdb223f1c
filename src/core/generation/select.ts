/** From the pictures found in an answer to the ones that are shown: verified, none twice, drafts only for want of better. */
import { EaselError, toEaselError } from '../errors.ts';
import type { Downloader } from '../image/download.ts';
import { type Inspection, inspect } from '../image/inspect.ts';
import { payloadsOf, signaturesOf } from '../wire/answer-payloads.ts';
import { cleanDetail } from '../wire/clean.ts';
import type { Answer, FoundPicture, Payload, PictureRank } from '../wire/types.ts';

export interface Verified {
  payload: Payload;
  inspection: Inspection;
}

export interface VerifyOptions {
  /** For fetching it, where it is a link. */
  timeoutMs: number;
  signal: AbortSignal;
}

export interface Verifier {
  /**
   * A found picture's bytes, looked through. What it opens and does not return, it discards.
   * @throws EaselError when it is none, or cannot be had
   */
  verify(found: FoundPicture, options: VerifyOptions): Promise<Verified>;
}

/** The most pictures that both platforms show in one message. */
const MAX_PICTURES = 10;
/** A picture behind a link, more than any gateway was seen to give. */
const MAX_LINK_BYTES = 40 * 1024 * 1024;
/** All links of an answer together: an answer can hold dozens of dead ones. */
const LINKS_TIMEOUT_MS = 60_000;
/** Best first: a draft was at least meant for the eye, a stray lay in no known place. */
const RANKS: PictureRank[] = ['final', 'draft', 'stray'];

export function createVerifier(downloader: Downloader): Verifier {
  return {
    async verify(found, options) {
      const payload =
        'payload' in found
          ? found.payload
          : await downloader.download(found.url, { maxBytes: MAX_LINK_BYTES, ...options });
      try {
        return { payload, inspection: await inspect(payload) };
      } catch (error) {
        await payload.discard();
        throw error;
      }
    },
  };
}

/**
 * The best rank that holds a whole picture wins; of drafts only the last one is meant (Q20). Every picture of the answer
 * that is not chosen is discarded; the chosen ones and all signatures are the caller's, unless this throws.
 * @throws EaselError `incomplete-image` or `unreachable-image` when none is whole, `cancelled`; all billed `maybe`
 */
export async function selectPictures(
  answer: Answer,
  verifier: Verifier,
  signal: AbortSignal,
): Promise<Verified[]> {
  const trial = createTrial(verifier, signal);
  let chosen: Verified[] = [];
  try {
    for (const rank of RANKS) {
      const found = answer.pictures.filter((picture) => picture.rank === rank);
      chosen =
        rank === 'draft'
          ? await chooseFrom(found.toReversed(), trial, 1)
          : await chooseFrom(found, trial, MAX_PICTURES);
      if (chosen.length > 0) return chosen;
    }
    throw explain(answer, trial.failures);
  } finally {
    const signatures = chosen.length > 0 ? signaturesOf(answer) : [];
    const kept = new Set([...signatures, ...chosen.map(({ payload }) => payload)]);
    for (const payload of [...payloadsOf(answer), ...trial.opened]) {
      if (!kept.has(payload)) await payload.discard();
    }
  }
}

interface Trial {
  readonly failures: EaselError[];
  readonly opened: Payload[];
  /** Undefined for what is no whole picture. @throws EaselError `cancelled` */
  verify(found: FoundPicture): Promise<Verified | undefined>;
}

function createTrial(verifier: Verifier, signal: AbortSignal): Trial {
  const failures: EaselError[] = [];
  const opened: Payload[] = [];
  const endsAt = Date.now() + LINKS_TIMEOUT_MS;
  return {
    failures,
    opened,
    async verify(found) {
      const timeoutMs = Math.max(1, endsAt - Date.now());
      try {
        const verified = await verifier.verify(found, { timeoutMs, signal });
        opened.push(verified.payload);
        return verified;
      } catch (error) {
        if (signal.aborted) throw new EaselError('cancelled', { billed: 'maybe', cause: error });
        failures.push(toEaselError(error));
        return undefined;
      }
    },
  };
}

/** Whole pictures in their order, none twice: twins differ in their metadata only (Q21). */
async function chooseFrom(
  candidates: FoundPicture[],
  trial: Trial,
  limit: number,
): Promise<Verified[]> {
  const chosen = new Map<string, Verified>();
  for (const candidate of candidates) {
    if (chosen.size >= limit) break;
    const verified = await trial.verify(candidate);
    if (verified === undefined || chosen.has(verified.inspection.fingerprint)) continue;
    chosen.set(verified.inspection.fingerprint, verified);
  }
  return [...chosen.values()];
}

/** The gateway's own error explains a broken picture better than the picture does. */
function explain({ error, text }: Answer, [first]: EaselError[]): EaselError {
  const isLink = first?.code === 'unreachable-image' || first?.code === 'attachment-blocked';
  const detail = cleanDetail(error?.message ?? text);
  return new EaselError(isLink ? 'unreachable-image' : 'incomplete-image', {
    billed: 'maybe',
    ...(detail === '' ? {} : { detail }),
    ...(first?.subject === undefined ? {} : { subject: first.subject }),
    cause: first,
  });
}
