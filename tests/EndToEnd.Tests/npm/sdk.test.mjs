// OpenAI's own npm SDK, told nothing but the gateway's base URL: node --test-reporter=tap sdk.test.mjs
import assert from 'node:assert/strict';
import { File } from 'node:buffer';
import net from 'node:net';
import { test } from 'node:test';
import OpenAI, { toFile } from 'openai';
import { OpenAIRealtimeWS } from 'openai/realtime/ws';
import { ResponsesWS } from 'openai/resources/responses/ws';

// Node 18, which Debian 12 has, keeps the class that uploads are made of in a module.
globalThis.File ??= File;

const options = { baseURL: process.env.OPENAI_BASE_URL, apiKey: process.env.OPENAI_API_KEY, maxRetries: 0, timeout: 60_000 };
const client = new OpenAI(options);
const model = 'gpt-4o-mini';
const messages = [{ role: 'user', content: 'Hello!' }];
const limit = { timeout: 60_000 };

test('chat', limit, async () => {
  const answer = await client.chat.completions.create({ model, messages });
  assert.ok(answer.choices[0].message.content);
  assert.equal(answer.choices[0].finish_reason, 'stop');
  assert.ok(answer.usage.total_tokens > 0);
  assert.ok(answer._request_id);
});

test('chat, streaming', limit, async () => {
  const pieces = [];
  let usage;
  for await (const chunk of await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } })) {
    if (chunk.choices[0]?.delta.content) pieces.push(chunk.choices[0].delta.content);
    usage ??= chunk.usage;
  }
  assert.ok(pieces.length > 1);
  assert.ok(usage.total_tokens > 0);
});

test('chat, streaming, broken off by the client', limit, async () => {
  const stream = await client.chat.completions.create({ model, messages, stream: true }, { headers: { 'x-sim-fault': 'hang' } });
  for await (const chunk of stream) {
    if (chunk.choices[0]?.delta.content) break;
  }
  assert.ok(stream.controller.signal.aborted);
});

test('responses', limit, async () => {
  const answer = await client.responses.create({ model, input: 'Hello!' });
  assert.equal(answer.status, 'completed');
  assert.ok(answer.output_text);
  assert.ok(answer.usage.total_tokens > 0);
});

test('responses, streaming', limit, async () => {
  let text = '';
  let last;
  for await (const event of await client.responses.create({ model, input: 'Hello!', stream: true })) {
    if (event.type === 'response.output_text.delta') text += event.delta;
    last = event;
  }
  assert.ok(text);
  assert.equal(last.type, 'response.completed');
});

test('responses, over a WebSocket', limit, async () => {
  const socket = new ResponsesWS(client);
  try {
    await new Promise((resolve, reject) => {
      socket.on('error', reject);
      socket.on('response.completed', resolve);
      socket.send({ type: 'response.create', model, input: 'Hello!' });
    });
  } finally {
    socket.close();
  }
});

test('embeddings', limit, async () => {
  const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] });
  assert.deepEqual(answer.data.map(d => d.embedding.length), [1536, 1536]);
});

test('images', limit, async () => {
  const answer = await client.images.generate({ model: 'gpt-image-1', prompt: 'a gateway' });
  assert.equal(Buffer.from(answer.data[0].b64_json, 'base64').subarray(1, 4).toString(), 'PNG');
});

test('speech', limit, async () => {
  const answer = await client.audio.speech.create({ model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Hello!' });
  assert.match(answer.headers.get('content-type'), /^audio\//);
  assert.ok((await answer.arrayBuffer()).byteLength > 0);
});

test('transcription', limit, async () => {
  const file = await toFile(Buffer.alloc(100_000), 'hello.wav');
  const answer = await client.audio.transcriptions.create({ model: 'whisper-1', file });
  assert.ok(answer.text);
});

test('files', limit, async () => {
  const file = await client.files.create({ file: await toFile(Buffer.alloc(12_345), 'räksmörgås 1.jsonl'), purpose: 'batch' });
  assert.equal(file.bytes, 12_345);
  assert.ok((await client.files.list()).data.length > 0);
  assert.equal((await client.files.retrieve(file.id)).id, file.id);
  assert.equal((await (await client.files.content(file.id)).arrayBuffer()).byteLength, 12_345);
  assert.equal((await client.files.delete(file.id)).deleted, true);
});

test('moderations', limit, async () => {
  const answer = await client.moderations.create({ input: 'Hello!' });
  assert.equal(answer.results[0].flagged, false);
});

test('models', limit, async () => {
  const all = [];
  for await (const one of client.models.list()) all.push(one);
  assert.equal((await client.models.retrieve(all[0].id)).id, all[0].id);
});

test('realtime', limit, async () => {
  const { hostname, port } = new URL(options.baseURL);
  // The SDK asks for wss:// whatever the base URL says; the connection below it is plain, as behind whatever ends TLS for the gateway.
  const realtime = new OpenAIRealtimeWS({ model: 'gpt-realtime', options: { createConnection: () => net.connect(Number(port), hostname) } }, client);
  const seen = [];
  try {
    await new Promise((resolve, reject) => {
      realtime.on('error', reject);
      realtime.on('event', event => seen.push(event.type));
      realtime.on('session.created', () => realtime.send({ type: 'response.create' }));
      realtime.on('response.done', resolve);
    });
  } finally {
    realtime.close();
  }
  assert.equal(seen[0], 'session.created');
  assert.ok(seen.includes('response.output_text.delta'));
});

for (const [status, type] of [
  [400, OpenAI.BadRequestError], [401, OpenAI.AuthenticationError], [403, OpenAI.PermissionDeniedError], [404, OpenAI.NotFoundError],
  [429, OpenAI.RateLimitError], [500, OpenAI.InternalServerError],
]) {
  test(`error ${status}`, limit, async () => {
    await assert.rejects(client.chat.completions.create({ model, messages }, { headers: { 'x-sim-status': String(status) } }), error => {
      assert.ok(error instanceof type);
      assert.equal(error.status, status);
      assert.ok(error.error.message);
      assert.ok(error.requestID);
      assert.equal(error.headers.has('retry-after'), status === 429);
      return true;
    });
  });
}
