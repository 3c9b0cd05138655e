using System.Text;
using OpenAIProxy.Contracts;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>Large numbers are as exact as small ones.</summary>
[Collection(nameof(MeteredApp))]
public sealed class TotalsTests(ITestOutputHelper output)
{
    private const int Calls = 100_000;
    private const int Keys = 50;
    private const int Models = 10;
    private const int Connections = 16;
    private const int PromptTokens = 20;
    private const int CompletionTokens = 8;
    private const int Each = Calls / Keys / Models;

    [Fact]
    public async Task Ledger_After100000Calls_IsExactForEachKeyAndModel()
    {
        await using var app = await MeteredApp.StartAsync(Keys);
        var requests = Requests(app);
        var next = -1;
        var clock = TimeProvider.System.GetTimestamp();

        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(async () =>
        {
            using var connection = await LeanConnection.OpenAsync(app.Gateway.Address);
            for (int i; (i = Interlocked.Increment(ref next)) < Calls;)
            {
                Assert.True(await connection.CallAsync(requests[i % requests.Length]));
            }
        })));
        output.WriteLine($"{Calls} calls in {TimeProvider.System.GetElapsedTime(clock).TotalSeconds:0.0} s");

        LedgerRow[] expected =
        [
            .. from key in app.Keys
               from model in Enumerable.Range(0, Models)
               select new LedgerRow(KeyId.Of(key).Value, $"sim-{model}", Each, 0, 0, 0, PromptTokens * Each, 0, CompletionTokens * Each, 0),
        ];
        await app.AssertLedgerAsync(rows => Differences(expected, rows));
    }

    private static List<string> Differences(LedgerRow[] expected, IReadOnlyList<LedgerRow> rows)
    {
        var actual = rows.Where(r => !r.Model.StartsWith("sim-last", StringComparison.Ordinal)).ToArray();
        return [.. expected.Except(actual).Select(r => $"missing {r}"), .. actual.Except(expected).Select(r => $"too much {r}")];
    }

    /// <summary>One for each key and model.</summary>
    private static byte[][] Requests(MeteredApp app) =>
    [
        .. from model in Enumerable.Range(0, Models)
           let body = $$"""{"model":"sim-{{model}}","messages":[{"role":"user","content":"Hello!"}]}"""
           from key in app.Keys
           select Encoding.UTF8.GetBytes(
               $"POST /v1/chat/completions HTTP/1.1\r\nHost: {app.Gateway.Address.Authority}\r\nAuthorization: Bearer {key}\r\n"
               + $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"),
    ];
}
