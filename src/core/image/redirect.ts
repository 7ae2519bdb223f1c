import { EaselError } from '../errors.ts';

/**
 * Where a redirect from `base` leads, not yet vetted.
 * @throws EaselError `unreachable-image` without a usable Location, `attachment-blocked` from https to http
 */
export function redirectTarget(location: string | string[] | undefined, base: URL): string {
  if (typeof location !== 'string' || !URL.canParse(location, base.href)) {
    throw new EaselError('unreachable-image', { subject: base.hostname });
  }
  const target = new URL(location, base);
  if (base.protocol === 'https:' && target.protocol === 'http:') {
    throw new EaselError('attachment-blocked', { subject: `${target.hostname} (downgrade)` });
  }
  return target.href;
}
