// OpenAI's own npm SDK beyond a limit and a budget, with its own rules for trying again: node --test-reporter=tap limits.test.mjs
import assert from 'node:assert/strict';
import { test } from 'node:test';
import OpenAI from 'openai';

const messages = [{ role: 'user', content: 'Hello!' }];
const limit = { timeout: 60_000 };

// A client that notes the status of each try.
function client(baseURL, apiKey, statuses) {
  const fetchAndNote = async (...request) => {
    const answer = await fetch(...request);
    statuses.push(answer.status);
    return answer;
  };
  return new OpenAI({ baseURL, apiKey, maxRetries: 3, timeout: 60_000, fetch: fetchAndNote });
}

test('limit', limit, async () => {
  const statuses = [];
  const openai = client(process.env.LIMITED_URL, process.env.LIMITED_KEY, statuses);
  for (let i = 0; i < 3; i++) {
    const answer = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages });
    assert.ok(answer.choices[0].message.content);
  }
  // It waits as long as it is told, so that each call is refused once at most.
  assert.ok(statuses.includes(429));
  assert.ok(statuses.filter(status => status === 429).length <= 3, String(statuses));
});

test('budget', limit, async () => {
  const statuses = [];
  const openai = client(process.env.BUDGET_URL, process.env.BUDGET_KEY, statuses);
  // A quarter of a dollar, where a tenth is left.
  await openai.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 16 }, { headers: { 'x-sim-prompt-tokens': '100000' } });
  const refused = await openai.chat.completions.create({ model: 'gpt-4o', messages, max_tokens: 16 }).catch(error => error);
  assert.ok(refused instanceof OpenAI.RateLimitError);
  assert.equal(refused.code, 'insufficient_quota');
  assert.deepEqual(statuses, [200, 429]);
});
