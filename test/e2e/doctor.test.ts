/** `npm run doctor`, as a process. */
import { afterEach, describe, expect, it } from 'vitest';
import { createFakeTelegram, type FakeTelegram } from '../fakes/telegram-api.ts';
import { type EaselProcess, runEasel } from './easel-process.ts';

const TOKEN = '123456:AAcanary-token-that-must-stay-home-0123456';
const DOCTOR = { script: 'src/doctor.ts' };

let doctor: EaselProcess | undefined;
let easel: EaselProcess | undefined;
let telegram: FakeTelegram | undefined;

afterEach(async () => {
  await doctor?.dispose();
  await easel?.dispose();
  await telegram?.close();
});

describe('the doctor', () => {
  it('finds nothing wrong where nothing is set', async () => {
    doctor = runEasel({}, DOCTOR);
    expect(await doctor.ended).toBe(0);
    expect(doctor.output()).toContain('✓ sandbox: ');
    expect(doctor.output()).toMatch(/\nAll is well\.\n$/);
  });

  it('lists what it cannot read, without its value', async () => {
    doctor = runEasel({ CONCURRENCY: 'canary', PROVIDERS: 'newapi' }, DOCTOR);
    expect(await doctor.ended).toBe(1);
    for (const name of ['CONCURRENCY', 'NEWAPI_API_KEY', 'NEWAPI_BASE_URL']) {
      expect(doctor.output()).toContain(`✗ ${name}: `);
    }
    expect(doctor.output()).toMatch(/\n3 problems, 0 warnings\.\n$/);
    expect(doctor.output()).not.toContain('canary');
  });

  it('disturbs no Easel that runs, and ends with 1 for a problem', async () => {
    telegram = await createFakeTelegram({ token: TOKEN });
    telegram.script('getWebhookInfo', {
      status: 200,
      html: '{"ok":true,"result":{"url":"","pending_update_count":0}}',
    });
    const env = { TELEGRAM_BOT_TOKEN: TOKEN, TELEGRAM_API_ROOT: telegram.origin };
    easel = runEasel(env);
    await easel.wrote('Easel is ready');
    const [, HTTP_PORT = ''] = /"port":(\d+)/.exec(easel.output()) ?? [];
    const broken = {
      PROVIDERS: 'newapi',
      NEWAPI_API_KEY: 'sk-canary',
      NEWAPI_BASE_URL: 'http://127.0.0.1:59',
    };
    doctor = runEasel({ ...env, ...broken, HTTP_PORT, DATA_DIR: easel.dataDir }, DOCTOR);
    expect(await doctor.ended).toBe(1);
    for (const words of [
      'Telegram: takes the token of @easel_bot',
      'Store: Easel is running with it now',
      'HTTP_PORT: Easel is running there now',
      'newapi: 127.0.0.1 cannot be reached',
      '1 problem, 0 warnings.',
    ]) {
      expect(doctor.output()).toContain(words);
    }
    expect(doctor.output()).not.toContain('canary');
    easel.kill('SIGTERM');
    expect(await easel.ended).toBe(0);
  });
});
