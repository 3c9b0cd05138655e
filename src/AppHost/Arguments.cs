using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace OpenAIProxy.AppHost;

/// <summary>The command line of the AppHost.</summary>
/// <param name="Demo">The simulator is the upstream.</param>
/// <param name="Port">The gateway's port; 0 for any free one.</param>
/// <param name="PublishTo">Which deployment is described in publish mode: <c>aca</c> or <c>compose</c>.</param>
/// <param name="Rest">What is not ours: the arguments that Aspire's CLI adds.</param>
internal sealed record Arguments(bool Demo, int Port, string PublishTo, string[] Rest)
{
    private const int DefaultPort = 8000;

    /// <summary>The exit code for a command line that can't be used (<c>EX_USAGE</c> of sysexits.h).</summary>
    private const int UsageError = 64;

    private const string Usage = """
        Starts OpenAIProxy: the gateway, the billing service and Redis.

          dotnet run --project src/AppHost [-- OPTIONS]

          --demo                     the built-in simulator is the upstream: no OpenAI key needed
          --port N                   the gateway's port; default 8000 or PORT; 0 takes any free one
          --publish-to aca|compose   what `aspire publish` and `aspire deploy` describe; default aca (Azure Container Apps)
          --help                     this text

        Environment: OPENAI_API_KEY, OPENAI_BASE_URL, FORWARD_KEY (access keys of your own), ConnectionStrings__cache
        (a Redis of your own), OTEL_EXPORTER_OTLP_ENDPOINT (telemetry), and every setting of the services.
        """;

    /// <summary>Parses <paramref name="args"/>. If false, what there is to say has been said and <see cref="Environment.ExitCode"/> is set.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out Arguments? arguments)
    {
        arguments = null;
        var demo = false;
        var port = Environment.GetEnvironmentVariable("PORT") is { Length: > 0 } variable ? variable : null;
        var portName = "PORT";
        string? publishTo = null;
        var rest = new List<string>();
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].StartsWith("--", StringComparison.Ordinal) ? args[i].IndexOf('=', StringComparison.Ordinal) : -1;
            var name = equals < 0 ? args[i] : args[i][..equals];
            switch (name)
            {
                case "--demo" when equals < 0:
                    demo = true;
                    break;
                case "--port" or "--publish-to":
                    var value = equals >= 0 ? args[i][(equals + 1)..] : i + 1 < args.Length ? args[++i] : null;
                    (port, portName, publishTo) = name == "--port" ? (value ?? "", name, publishTo) : (port, portName, value ?? "");
                    break;
                case "--help" or "-h" or "-?":
                    Console.WriteLine(Usage);
                    return false;
                default:
                    rest.Add(args[i]);
                    break;
            }
        }

        var number = DefaultPort;
        if (port is not null && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number <= ushort.MaxValue))
        {
            return Wrong($"{portName} is '{port}'; allowed: a port from 1 to 65535, or 0 for any free one.");
        }

        if (publishTo is not (null or "aca" or "compose"))
        {
            return Wrong($"--publish-to is '{publishTo}'; allowed: aca, compose.");
        }

        if (!World.IsAspire && publishTo is not null)
        {
            return Wrong("--publish-to needs Aspire: UseAspire=true, or start with `aspire publish`.");
        }

        if (!World.IsAspire && rest.Count > 0)
        {
            return Wrong($"'{rest[0]}' is not an option.");
        }

        arguments = new Arguments(demo, number, publishTo ?? "aca", [.. rest]);
        return true;
    }

    private static bool Wrong(string error)
    {
        Console.Error.WriteLine($"{error}{Environment.NewLine}{Environment.NewLine}{Usage}");
        Environment.ExitCode = UsageError;
        return false;
    }
}
