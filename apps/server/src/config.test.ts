import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('the defaults are loopback, port 4600, two workers of two executors', () => {
  const result = readConfig({});
  expect(result).toMatchObject({
    ok: true,
    config: { host: '127.0.0.1', port: 4600, workers: 2, executors: 2, storageNodes: 2 },
  });
});

test.each([
  [{ PORT: 'abc' }, /^PORT does not fit: .*"abc"/u],
  [{ PORT: '70000' }, /^PORT /u],
  [{ WORKERS: '0' }, /^WORKERS /u],
  [{ LOG_LEVEL: 'loud' }, /^LOG_LEVEL /u],
  [{ HOST: '0.0.0.0' }, /Set STORMGLASS_TOKEN/u],
  [{ HOST: '127.0.0.1.evil.test' }, /Set STORMGLASS_TOKEN/u],
])('%j is refused in words', (variables, message) => {
  const result = readConfig(variables);
  expect(result.ok ? '' : result.message).toMatch(message);
});

test('a token that is too short is not repeated in the message', () => {
  const result = readConfig({ STORMGLASS_TOKEN: 'hunter2' });
  expect(result.ok).toBe(false);
  expect(JSON.stringify(result)).not.toContain('hunter2');
});

test('with a token any address will do, and the name in the Host header is free', () => {
  const result = readConfig({ HOST: '0.0.0.0', STORMGLASS_TOKEN: 'correct horse battery' });
  expect(result).toMatchObject({ ok: true, config: { host: '0.0.0.0', allowedHosts: undefined } });
});

test('an empty variable is an unset one, and lists are split', () => {
  const result = readConfig({ PORT: '', ALLOWED_HOSTS: 'glass.local, other' });
  expect(result).toMatchObject({
    config: {
      port: 4600,
      allowedHosts: ['localhost', '127.0.0.1', '[::1]', 'glass.local', 'other'],
    },
  });
});
