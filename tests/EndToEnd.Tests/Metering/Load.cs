using OpenAIProxy.Contracts;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>
/// Clients that call all the time, in every way, and keep account of it: until they are stopped, whatever happens to the services meanwhile.
/// Now and then one of them leaves before its answer is whole.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private const int Clients = 32;
    private const int OneInThisManyLeaves = 20;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);

    private readonly MeteredApp _app;
    private readonly Sent[,] _sent;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task[] _clients;
    private readonly long[] _ended = new long[Clients];
    private long _failures;

    private Load(MeteredApp app, int seed)
    {
        _app = app;
        _sent = new Sent[app.Keys.Count, CallKind.All.Count];
        foreach (var (key, kind) in Cells())
        {
            _sent[key, kind] = new Sent();
        }

        _clients = [.. Enumerable.Range(0, Clients).Select(i => Task.Run(() => CallAsync(i, new Random(seed + i))))];
    }

    /// <summary>Calls that did not end whole, though their client did not leave.</summary>
    public long Failures => Volatile.Read(ref _failures);

    public static Load Start(MeteredApp app, int seed) => new(app, seed);

    /// <summary>Waits until all <see cref="Failures"/> are counted that have their reason in what was done to the services so far.</summary>
    public async Task SettledAsync()
    {
        // The call under way may be one that broke, and the next may go out on a connection that did.
        var then = Enumerable.Range(0, Clients).Select(Ended).ToArray();
        await HangGuard.Until(
            () => Enumerable.Range(0, Clients).All(i => Ended(i) >= then[i] + 2 || _clients[i].IsCompleted), "each client has ended two more calls");
    }

    /// <summary>Lets every client end its last call.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients);
    }

    /// <summary>
    /// Holds the ledger against what the clients have got and the upstream has answered. Begun, answered and whole are ever fewer calls, and
    /// the ledger has to be between them:
    /// a call that reached the upstream is in it, one that was never sent isn't, none is in it twice;
    /// what a client has whole is in it as whole, and what the upstream has not written to its end is in it as cut;
    /// and whatever is no estimate has exactly the tokens that the upstream told.
    /// </summary>
    /// <returns>What is wrong; empty if nothing is.</returns>
    public IReadOnlyList<string> Compare(IReadOnlyList<LedgerRow> ledger)
    {
        var tally = _app.Simulator.Tally.Rows().ToDictionary(r => (r.Tag, r.Model));
        var wrong = new List<string>();
        foreach (var (key, kind) in Cells())
        {
            var call = CallKind.All[kind];
            var sent = _sent[key, kind];
            var up = tally.GetValueOrDefault((Tag(key), call.Model));
            var row = ledger.SingleOrDefault(r => r.Key == KeyId.Of(_app.Keys[key]).Value && r.Model == call.Model)
                ?? new LedgerRow("", call.Model, 0, 0, 0, 0, 0, 0, 0, 0);
            var whole = row.Requests - row.Cut;
            var exact = call.HasDetails ? row.CachedInput / Client.Cached : row.Requests - row.Estimated;
            Check("upstream's begun <= ledger's requests", (up?.Begun ?? 0) <= row.Requests);
            Check("ledger's requests <= sent", row.Requests <= sent.Calls);
            Check("received whole <= ledger's whole", sent.Whole <= whole);
            Check("ledger's whole <= upstream's answered", whole <= (up?.Answered ?? 0));
            Check("estimated <= cut", row.Estimated <= row.Cut);
            Check("errors = 0", row.Errors == 0);

            // No estimate has cached or reasoning tokens: they tell how many calls' usage is the upstream's.
            Check("whole <= exact <= requests - estimated", whole <= exact && exact <= row.Requests - row.Estimated);
            Check("exact cached tokens", row.CachedInput == (call.HasDetails ? exact * Client.Cached : 0));
            Check("exact reasoning tokens", row.ReasoningOutput == (call.HasDetails ? exact * Client.Reasoning : 0));
            CheckTokens("input", row.Input, exact * Client.Prompt);
            CheckTokens("output", row.Output, call.HasDetails ? exact * Client.Completion : 0);

            void CheckTokens(string what, long tokens, long told)
                => Check($"{what} = told, but for estimates", row.Estimated > 0 ? tokens >= told : tokens == told);

            void Check(string what, bool holds)
            {
                if (!holds)
                {
                    wrong.Add($"{Tag(key)} {call.Name}: not {what}. Sent {sent.Calls}, whole {sent.Whole}; upstream {up}; ledger {row}");
                }
            }
        }

        return wrong;
    }

    /// <summary>Calls that may have arrived, and of these those with a whole answer.</summary>
    public (long Sent, long Whole) Total() => (_sent.Cast<Sent>().Sum(s => s.Calls), _sent.Cast<Sent>().Sum(s => s.Whole));

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private static string Tag(int key) => $"key-{key}";

    private IEnumerable<(int Key, int Kind)> Cells()
        => from key in Enumerable.Range(0, _app.Keys.Count) from kind in Enumerable.Range(0, CallKind.All.Count) select (key, kind);

    private long Ended(int client) => Volatile.Read(ref _ended[client]);

    private async Task CallAsync(int client, Random random)
    {
        var clients = _app.Gateways.Select(g => new Client(g.Address)).ToArray();
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                var (key, kind) = (random.Next(_app.Keys.Count), random.Next(CallKind.All.Count));
                var leaves = random.Next(OneInThisManyLeaves) == 0;
                using var leave = leaves ? new CancellationTokenSource(TimeSpan.FromMilliseconds(random.Next(300))) : null;
                var outcome = await clients[random.Next(clients.Length)].CallAsync(CallKind.All[kind], _app.Keys[key], Tag(key), leave?.Token ?? default);
                _sent[key, kind].Add(outcome);
                if (outcome != Outcome.Whole && !leaves)
                {
                    Interlocked.Increment(ref _failures);
                }

                // After its failure is counted: whoever sees the call ended sees that, too.
                Volatile.Write(ref _ended[client], _ended[client] + 1);
                await Task.Delay(Pause);
            }
        }
        finally
        {
            Array.ForEach(clients, c => c.Dispose());
        }
    }
}
