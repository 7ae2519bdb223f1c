/** What the logger must never let through. */
import type { ProviderSettings } from '../core/provider/presets.ts';
import type { Settings } from './values.ts';

/** Every token, key, header value and password of the configuration, each once. */
export function secretsOf(settings: Settings, providers: ProviderSettings[]): string[] {
  const tokens = [
    settings.TELEGRAM_BOT_TOKEN,
    settings.TELEGRAM_WEBHOOK_SECRET,
    settings.DISCORD_BOT_TOKEN,
  ];
  const ofProviders = providers.flatMap(({ keys, headers }) => [
    ...keys,
    ...Object.values(headers),
  ]);
  const passwords = [settings.HTTPS_PROXY, settings.STORE_URL].flatMap(credentialsOf);
  const all = [...tokens, ...ofProviders, ...passwords];
  return [...new Set(all.filter((secret) => secret !== undefined))];
}

/** The password as a URL spells it and as it is, and as the pair that a Basic header encodes. */
function credentialsOf(url: string | undefined): string[] {
  const { username, password } = new URL(url ?? 'sqlite:');
  if (password === '') return [];
  const plain = decodeURIComponent(password);
  return [password, plain, `${decodeURIComponent(username)}:${plain}`];
}
