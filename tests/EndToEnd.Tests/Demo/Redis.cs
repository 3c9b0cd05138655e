using OpenAIProxy.EndToEnd.Tests.Running;

namespace OpenAIProxy.EndToEnd.Tests.Demo;

/// <summary>A look into the app's Redis with <c>redis-cli</c>, where the billing service was told that it is.</summary>
internal sealed class Redis
{
    private readonly string _port;
    private readonly string _password;

    public Redis(App app)
    {
        // 127.0.0.1:36125,password=…
        var parts = app.ProcessOf("BillingService").Environment["ConnectionStrings__cache"].Split(',');
        _port = parts[0].Split(':')[1];
        _password = parts.Single(p => p.StartsWith("password=", StringComparison.Ordinal))["password=".Length..];
    }

    public async Task<IReadOnlyList<string>> NamesAsync() => (await AskAsync("--scan")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How many look-ups have found something since it started.</summary>
    public async Task<long> HitsAsync()
    {
        var line = (await AskAsync("INFO", "stats")).Split('\n').Single(l => l.StartsWith("keyspace_hits:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>How often <paramref name="command"/> was called since it started, by whoever.</summary>
    public async Task<long> CallsAsync(string command)
    {
        // cmdstat_get:calls=21,usec=175,…
        var line = (await AskAsync("INFO", "commandstats")).Split('\n')
            .SingleOrDefault(l => l.StartsWith($"cmdstat_{command}:calls=", StringComparison.Ordinal));
        return line is null ? 0 : long.Parse(line.Split('=')[1].Split(',')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>The answer to a command, as redis-cli prints it when nobody looks.</summary>
    public async Task<string> AskAsync(params string[] command)
    {
        // By the environment: what is on a command line, all users of this machine can read.
        var (exitCode, output, error) = await RunningCommand.RunAsync(
            "redis-cli", ["-h", "127.0.0.1", "-p", _port, .. command], new Dictionary<string, string?> { ["REDISCLI_AUTH"] = _password });
        Assert.True(exitCode == 0 && !output.StartsWith("NOAUTH", StringComparison.Ordinal), output + error);
        return output;
    }
}
