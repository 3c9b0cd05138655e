using System.Diagnostics.Metrics;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Telemetry;

/// <summary>The instruments of a running gateway and billing service: their own, ASP.NET Core's, Kestrel's and the HTTP client's.</summary>
public sealed class Instruments : IAsyncLifetime
{
    private static readonly string[] Meters = ["Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Net.Http"];

    private readonly Dictionary<string, Instrument> _all = [];
    private readonly Lock _gate = new();

    /// <summary>Each once, by its name.</summary>
    public IReadOnlyDictionary<string, Instrument> All => _all;

    public async ValueTask InitializeAsync()
    {
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, _) =>
            {
                if (IsExported(instrument.Meter.Name))
                {
                    lock (_gate)
                    {
                        _all[instrument.Name] = instrument;
                    }
                }
            },
        };
        listener.Start();
        await using var simulator = await SimulatorHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("openaiproxy-instruments-");
        await using var billing = ProcessEnvironment.Build(() => BillingService.Program.Build(
            [
                "--urls=http://127.0.0.1:0", "--Logging:LogLevel:Default=None", "--Logging:LogLevel:Microsoft.AspNetCore=None",
                $"--OpenAI:BaseUrl={simulator.Address}", $"--Ledger:File={Path.Combine(folder.FullName, "ledger.db")}",
            ]));
        await billing.StartAsync();
        // With a billing service it meters, and has a journal.
        await using var gateway = await GatewayHost.StartAsync(
            simulator.Address, ("services:billing:http:0", billing.Urls.First()), ("ChatLog:Directory", Path.Combine(folder.FullName, "chat")));
        using var call = new HttpRequestMessage(HttpMethod.Get, "/billing/credit_grants");
        call.Headers.Add("Authorization", "Bearer sk-of-the-instruments");
        using var answer = await gateway.Client.SendAsync(call);
        await billing.StopAsync();
        folder.Delete(recursive: true);
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    // As ServiceDefaults exports them.
    private static bool IsExported(string meter) => Meters.Contains(meter) || meter.StartsWith("OpenAIProxy.", StringComparison.Ordinal);
}
