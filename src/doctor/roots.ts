/** Where the platforms are, unless the operator says otherwise: as the adapters have it. */
export const TELEGRAM_ROOT = 'https://api.telegram.org';
export const DISCORD_ROOT = 'https://discord.com/api';
