-- One small chat request, with the headers that OpenAI's Python SDK sends. Ends with one line for bench/Runner to read:
-- RESULT requests microseconds p50 p99 errors
wrk.method = "POST"
wrk.body = [[{"model":"gpt-4o-mini","messages":[{"role":"system","content":"You are a careful assistant. Answer in one short paragraph, name the facts you rely on, and say so when you are not sure about something."},{"role":"user","content":"Our team moves from a monthly to a quarterly release. Which three things should we agree on first, so that customers who wait for a fix don't have to wait for a whole quarter, and so that nobody has to work at night when the quarter ends? Please also say what we should measure to see whether it works."}],"temperature":0.2,"max_tokens":256,"user":"team-platform-7"}]]
wrk.headers = {
  ["Accept"] = "application/json",
  ["Accept-Encoding"] = "gzip, deflate",
  ["Authorization"] = "Bearer fk-bench-0123456789abcdef",
  ["Content-Type"] = "application/json",
  ["User-Agent"] = "OpenAI/Python 1.99.0",
  ["X-Stainless-Arch"] = "x64",
  ["X-Stainless-Async"] = "false",
  ["X-Stainless-Lang"] = "python",
  ["X-Stainless-OS"] = "Linux",
  ["X-Stainless-Package-Version"] = "1.99.0",
  ["X-Stainless-Retry-Count"] = "0",
  ["X-Stainless-Runtime"] = "CPython",
  ["X-Stainless-Runtime-Version"] = "3.12.3",
}

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
