using System.Globalization;
using System.Security.Cryptography;

namespace OpenAIProxy.Runner.Processes;

/// <summary>What is compared, and how each is started. Paths are relative to the repository.</summary>
internal static class Subjects
{
    private const string Work = "bench/.work";
    private const string InternalToken = "--Internal:Token=bench-0123456789abcdef";

    public const string YarpFolder = "bench/BareYarp/bin/Release/net10.0";

    // Callers show an access key and the gateway exchanges it for the operator's: the longest way through its credentials.
    public static readonly Subject Gateway = new("OpenAIProxy", ports =>
    [
        "src/Gateway/bin/Release/net10.0/Gateway", $"--urls=http://127.0.0.1:{ports.Own}", $"--OpenAI:BaseUrl=http://127.0.0.1:{ports.Upstream}",
        "--OpenAI:ApiKey=sk-bench", "--Access:Keys=fk-bench-0123456789abcdef",
    ]);

    // Everything is counted, written to the journal and shipped, each second, to a billing service that runs beside the load.
    public static readonly Subject Metered = new("OpenAIProxy, metering", ports =>
    [
        .. Gateway.Command(ports), $"--services:billing:http:0=http://127.0.0.1:{ports.Billing}", InternalToken,
        $"--Metering:JournalDirectory={Work}/journal-{ports.Own}",
    ]);

    // The file of a release, which bench/run publishes: gateway, billing service and ledger share the one core.
    public static readonly Subject Standalone = new("OpenAIProxy, one process", ports =>
    [
        $"{Work}/publish/openai-proxy", "run", $"--port={ports.Own}", $"--base-url=http://127.0.0.1:{ports.Upstream}", "--api-key=sk-bench",
        "--access-key=fk-bench-0123456789abcdef", $"--data={Work}/data-{ports.Own}",
    ]);

    // OpenAI's servers offer HTTP/2, so this is how the gateway runs in front of them.
    public static readonly Subject GatewayToHttp2 = new(
        "OpenAIProxy, HTTP/2 upstream", ports => [.. Gateway.Command(ports), "--Forwarding:UpstreamHttpVersion=2"], Http2Upstream: true);

    public static readonly Subject Yarp = new("YARP MapReverseProxy", ports =>
        [$"{YarpFolder}/BareYarp", $"--urls=http://127.0.0.1:{ports.Own}", $"--Upstream=http://127.0.0.1:{ports.Upstream}"]);

    public static readonly Subject Forwarder = new("YARP IHttpForwarder", ports =>
        [$"{YarpFolder}/BareYarp", $"--urls=http://127.0.0.1:{ports.Own}", $"--Upstream=http://127.0.0.1:{ports.Upstream}", "--direct"]);

    public static readonly Subject Nginx = new("nginx", NginxCommand);

    public static readonly Subject Direct = new("no proxy", Subject.None);

    // The same as Metered, beside those with limits.
    public static readonly Subject Unlimited = Metered with { Name = "OpenAIProxy, without limits" };

    // Limits that nobody reaches: what they cost who stays below them.
    public static readonly Subject Limited = new("OpenAIProxy, three limits and a budget", ports =>
    [
        .. Metered.Command(ports).Where(argument => !argument.StartsWith("--Access:Keys=", StringComparison.Ordinal)),
        "--Access:Keys:0:Key=fk-bench-0123456789abcdef", "--Access:Keys:0:Limits:Requests=100M/minute", "--Access:Keys:0:Limits:Tokens=1000000M/minute",
        "--Access:Keys:0:Limits:Concurrency=10000", "--Access:Keys:0:Budgets=1000000/month",
    ]);

    public static readonly Subject LimitedInRedis = new("OpenAIProxy, the same in Redis", ports =>
        [.. Limited.Command(ports), $"--ConnectionStrings:cache=127.0.0.1:{ports.Cache}"]);

    public static readonly Subject ManyKeys = new("OpenAIProxy, 10,000 access keys", ports =>
    [
        .. Metered.Command(ports), $"--Access:KeysFile={WriteKeys(9_999)}",
    ]);

    /// <summary>What limits cost.</summary>
    public static IReadOnlyList<Subject> Limits { get; } = [Unlimited, Limited, LimitedInRedis, ManyKeys];

    public static IReadOnlyList<Subject> Proxies { get; } = [Gateway, Metered, Standalone, Yarp, Forwarder, Nginx];

    public static IReadOnlyList<string> Simulator(int port) => ["src/Simulator/bin/Release/net10.0/Simulator", $"--urls=http://127.0.0.1:{port}"];

    public static IReadOnlyList<string> Http2Simulator(int port) => [.. Simulator(port), "--Simulator:Http2=true"];

    /// <summary>The billing service that the metered gateway reports to, with a ledger of its own.</summary>
    public static IReadOnlyList<string> Billing(int port) =>
    [
        "src/BillingService/bin/Release/net10.0/BillingService", $"--urls=http://127.0.0.1:{port}", "--Billing:Source=Ledger", InternalToken,
        $"--Ledger:File={Work}/ledger-{port}.db",
    ];

    /// <summary>The Redis in which limits are counted.</summary>
    public static IReadOnlyList<string> Redis(int port)
        =>
    [
        "redis-server", "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
        "--daemonize", "no",
    ];

    private static string WriteKeys(int count)
    {
        var file = Path.Combine(Work, "keys.json");
        var keys = Enumerable.Range(0, count).Select(i => $$"""{"Sha256":"{{Convert.ToHexString(SHA256.HashData(BitConverter.GetBytes(i)))}}"}""");
        File.WriteAllText(file, $$"""{"Keys":[{{string.Join(',', keys)}}]}""");
        return file;
    }

    private static string[] NginxCommand(Ports ports)
    {
        var work = Path.GetFullPath(Work);
        var file = Path.Combine(work, $"nginx-{ports.Own}.conf");
        File.WriteAllText(file, File.ReadAllText("bench/nginx.conf")
            .Replace("{port}", ports.Own.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{upstream}", ports.Upstream.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{work}", work, StringComparison.Ordinal));
        return ["nginx", "-p", work, "-c", file];
    }
}
