using System.Net.Http.Headers;
using System.Text;
using OpenAIProxy.TestKit;

namespace OpenAIProxy.EndToEnd.Tests.Metering;

/// <summary>
/// Gateway and billing service as processes of their own, with an upstream that tallies what it answers. Each can be killed and started
/// again; journal and ledger, if it is a file, are in a folder that is gone afterwards.
/// </summary>
internal sealed class MeteredApp : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("openaiproxy-metering-");
    private readonly string _internalToken = Secret("internal");
    private readonly string _adminToken = Secret("admin");
    private readonly string _operatorKey = Secret("sk-operator");

    private MeteredApp(
        SimulatorHost simulator, int keys, int gateways, string logLevel, int billings, string? postgres, (string, string)[] settings)
    {
        (string, string)[] logging = [("Logging__LogLevel__Default", logLevel), ("Logging__LogLevel__Microsoft", logLevel)];
        var ledger = postgres is null ? ("Ledger__File", Path.Combine(_folder.FullName, "ledger", "ledger.db")) : ("ConnectionStrings__ledger", postgres);
        Simulator = simulator;
        Keys = [.. Enumerable.Range(0, keys).Select(_ => Secret("fk-e2e"))];
        Billings = [.. Enumerable.Range(0, billings).Select(_ => CreateBilling())];
        Gateways = [.. Enumerable.Range(0, gateways).Select(i => CreateGateway(Billings[i % billings]))];
        Ledgers = [.. Billings.Select(b => new LedgerReader(b.Address, _adminToken))];

        Service CreateBilling() => new(
            "BillingService",
            ("Internal__Token", _internalToken), ("Billing__AdminToken", _adminToken), ledger,
            ("OpenAI__BaseUrl", simulator.Address.ToString()), logging[0], logging[1]);

        Service CreateGateway(Service billing) => new(
            "Gateway",
            [
                ("OpenAI__BaseUrl", simulator.Address.ToString()), ("OpenAI__ApiKey", _operatorKey), ("Access__Keys", string.Join(' ', Keys)),
                ("Internal__Token", _internalToken), ("services__billing__http__0", billing.Address.ToString()),
                ("Billing__Timeout", "2s"), ("Metering__JournalDirectory", Path.Combine(_folder.FullName, "journals")),
                .. logging, .. settings,
            ]);
    }

    /// <summary>The upstream, in this process.</summary>
    public SimulatorHost Simulator { get; }

    public IReadOnlyList<Service> Billings { get; }

    /// <summary>The first or only billing service.</summary>
    public Service Billing => Billings[0];

    /// <summary>In turn, each tells another of the <see cref="Billings"/>.</summary>
    public IReadOnlyList<Service> Gateways { get; }

    /// <summary>The first or only gateway.</summary>
    public Service Gateway => Gateways[0];

    /// <summary>The access keys.</summary>
    public IReadOnlyList<string> Keys { get; }

    /// <summary>The ledger, as each of the <see cref="Billings"/> tells it.</summary>
    public IReadOnlyList<LedgerReader> Ledgers { get; }

    /// <summary>The ledger, as the first or only billing service tells it.</summary>
    public LedgerReader Ledger => Ledgers[0];

    /// <summary>Who shows it sees the usage of all keys.</summary>
    public string AdminToken => _adminToken;

    private IEnumerable<Service> Services => Gateways.Concat(Billings);

    /// <summary>Starts all of it.</summary>
    /// <param name="keys">How many access keys there are.</param>
    /// <param name="gateways">How many gateways.</param>
    /// <param name="logLevel">What all services log.</param>
    /// <param name="billings">How many billing services.</param>
    /// <param name="postgres">The connection string of the database that is the ledger; null for a file.</param>
    /// <param name="settings">More settings of the gateways, by their environment names.</param>
    public static async Task<MeteredApp> StartAsync(
        int keys = 1, int gateways = 1, string logLevel = "Warning", int billings = 1, string? postgres = null,
        params (string, string)[] settings)
    {
        var simulator = await SimulatorHost.StartAsync(("Simulator:Tally", "true"));
        var app = new MeteredApp(simulator, keys, gateways, logLevel, billings, postgres, settings);
        try
        {
            await Task.WhenAll(app.Services.Select(s => s.StartAsync()));
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return app;
    }

    /// <summary>Waits until the ledger has what the gateways have seen so far: one more call of each, and what is told after it is told.</summary>
    public async Task ShippedAsync()
    {
        foreach (var gateway in Gateways)
        {
            var model = $"sim-last-{Guid.NewGuid():N}";
            using var client = new HttpClient { BaseAddress = gateway.Address, Timeout = HangGuard.Limit };
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Keys[0]);
            using var answer = await client.PostAsync(
                "/v1/chat/completions", new StringContent($$"""{"model":"{{model}}","messages":[]}""", Encoding.UTF8, "application/json"));
            answer.EnsureSuccessStatusCode();
            await Ledger.UntilAsync(rows => rows.Any(r => r.Model == model), "the last call is in the ledger");
        }
    }

    /// <summary>
    /// Waits until the ledger has all that it must have, and then for whatever may come yet that it must not have.
    /// </summary>
    /// <param name="compare">Says what is wrong with what the ledger has.</param>
    public async Task AssertLedgerAsync(Func<IReadOnlyList<LedgerRow>, IReadOnlyList<string>> compare)
    {
        await ShippedAsync();
        var wrong = await WrongAsync();
        using var limit = new CancellationTokenSource(HangGuard.Limit);
        while (wrong.Count > 0 && !limit.IsCancellationRequested)
        {
            // Segments of a time when the billing service was away are tried again one by one.
            await Task.Delay(200, CancellationToken.None);
            wrong = await WrongAsync();
        }

        if (wrong.Count == 0)
        {
            await ShippedAsync();
            wrong = await WrongAsync();
        }

        Assert.True(wrong.Count == 0, $"{string.Join(Environment.NewLine, wrong)}{Environment.NewLine}{Logs()}");

        async Task<IReadOnlyList<string>> WrongAsync() => [.. (await Task.WhenAll(Ledgers.Select(l => l.ReadAsync()))).SelectMany(compare)];
    }

    /// <summary>Kills the services, and fails if a secret is in a file of journal or ledger, or in what they have written.</summary>
    public async Task AssertNoSecretsAsync(params IEnumerable<string> more)
    {
        // While they live, files are locked and come and go; when they end in peace, they clean up.
        await Task.WhenAll(Services.Select(s => s.KillAsync()));
        var files = _folder.EnumerateFiles("*", SearchOption.AllDirectories).ToArray();
        Assert.Contains(files, f => f.FullName.Contains("ledger", StringComparison.Ordinal));
        Assert.Contains(files, f => f.FullName.Contains("journals", StringComparison.Ordinal));
        var texts = Services.Select(s => Encoding.UTF8.GetBytes(s.Text)).Concat(files.Select(f => File.ReadAllBytes(f.FullName))).ToArray();
        Assert.All([.. Keys, _internalToken, _adminToken, _operatorKey, .. more], (string secret) =>
        {
            var bytes = Encoding.UTF8.GetBytes(secret);
            Assert.All(texts, text => Assert.Equal(-1, text.AsSpan().IndexOf(bytes)));
        });
    }

    /// <summary>What the services have written, for the message of a failure.</summary>
    public string Logs() => string.Join(Environment.NewLine, Services.Select(s => s.Text));

    public async ValueTask DisposeAsync()
    {
        foreach (var ledger in Ledgers)
        {
            ledger.Dispose();
        }

        foreach (var service in Services)
        {
            await service.DisposeAsync();
        }

        await Simulator.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Secret(string prefix) => $"{prefix}-{Guid.NewGuid():N}";
}
