using System.Globalization;

namespace OpenAIProxy.Runner.Processes;

/// <summary>What is compared, and how each is started. Paths are relative to the repository.</summary>
internal static class Subjects
{
    public const string YarpFolder = "bench/BareYarp/bin/Release/net10.0";

    // Callers show an access key and the gateway exchanges it for the operator's: the longest way through its credentials.
    public static readonly Subject Gateway = new("OpenAIProxy", (port, upstream) =>
    [
        "src/Gateway/bin/Release/net10.0/Gateway", $"--urls=http://127.0.0.1:{port}", $"--OpenAI:BaseUrl=http://127.0.0.1:{upstream}",
        "--OpenAI:ApiKey=sk-bench", "--Access:Keys=fk-bench-0123456789abcdef",
    ]);

    // OpenAI's servers offer HTTP/2, so this is how the gateway runs in front of them.
    public static readonly Subject GatewayToHttp2 = new(
        "OpenAIProxy, HTTP/2 upstream", (port, upstream) => [.. Gateway.Command(port, upstream), "--Forwarding:UpstreamHttpVersion=2"], Http2Upstream: true);

    public static readonly Subject Yarp = new("YARP MapReverseProxy", (port, upstream) =>
        [$"{YarpFolder}/BareYarp", $"--urls=http://127.0.0.1:{port}", $"--Upstream=http://127.0.0.1:{upstream}"]);

    public static readonly Subject Forwarder = new("YARP IHttpForwarder", (port, upstream) =>
        [$"{YarpFolder}/BareYarp", $"--urls=http://127.0.0.1:{port}", $"--Upstream=http://127.0.0.1:{upstream}", "--direct"]);

    public static readonly Subject Nginx = new("nginx", NginxCommand);

    public static readonly Subject Direct = new("no proxy", Subject.None);

    public static IReadOnlyList<Subject> Proxies { get; } = [Gateway, Yarp, Forwarder, Nginx];

    public static IReadOnlyList<string> Simulator(int port) => ["src/Simulator/bin/Release/net10.0/Simulator", $"--urls=http://127.0.0.1:{port}"];

    public static IReadOnlyList<string> Http2Simulator(int port) => [.. Simulator(port), "--Simulator:Http2=true"];

    private static string[] NginxCommand(int port, int upstream)
    {
        var work = Path.GetFullPath("bench/.work");
        var file = Path.Combine(work, $"nginx-{port}.conf");
        File.WriteAllText(file, File.ReadAllText("bench/nginx.conf")
            .Replace("{port}", port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{upstream}", upstream.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{work}", work, StringComparison.Ordinal));
        return ["nginx", "-p", work, "-c", file];
    }
}
