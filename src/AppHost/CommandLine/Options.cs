using System.CommandLine;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using OpenAIProxy.AppHost.Caching;
using OpenAIProxy.AppHost.Storage;

namespace OpenAIProxy.AppHost.CommandLine;

/// <summary>The command line of the AppHost.</summary>
/// <param name="Demo">The simulator is the upstream.</param>
/// <param name="Port">The gateway's port; 0 for any free one.</param>
/// <param name="Public">The gateway listens on all interfaces, not on this machine's own only.</param>
/// <param name="Cache">Where billing results are cached.</param>
/// <param name="Ledger">Where usage is kept; null: SQLite, or the PostgreSQL that <c>ConnectionStrings:ledger</c> names.</param>
/// <param name="Replicas">How many gateways and how many billing services, 1 to 16.</param>
/// <param name="ForAspire">The arguments that Aspire's command line adds when it publishes; empty when the app runs.</param>
internal sealed record Options(bool Demo, int Port, bool Public, CacheKind Cache, LedgerKind? Ledger, int Replicas, string[] ForAspire)
{
    private const int DefaultPort = 8000;
    private const int MostReplicas = 16;

    /// <summary>The exit code for a command line that can't be used (<c>EX_USAGE</c> of sysexits.h).</summary>
    private const int UsageError = 64;

    private const string Usage = """
        Starts OpenAIProxy with .NET Aspire: the gateway, the billing service, Redis and the dashboard.

          dotnet run --project src/AppHost [-- OPTIONS]

          --demo                                the built-in simulator is the upstream: no OpenAI key needed
          --port N                              the gateway's port; default 8000 or PORT; 0 takes any free one
          --public                              others in your network reach the gateway; give them keys (FORWARD_KEY)
          --cache auto|container|process|none   Redis in a container, as a process (redis-server), or none: results in memory;
                                                default auto: the first of these that is possible
          --ledger sqlite|postgres              usage in a SQLite file (default) or in PostgreSQL
          --replicas N                          that many gateways and billing services, 1 to 16; more than 1 need --ledger postgres
          --help                                this text

        Examples:
          dotnet run --project src/AppHost -- --demo
          OPENAI_API_KEY=sk-... dotnet run --project src/AppHost -- --port 9999
          dotnet run --project src/Gateway -- --help            the settings of the gateway
          dotnet run --project src/BillingService -- --help     the settings of the billing service

        Environment: OPENAI_API_KEY, OPENAI_BASE_URL, FORWARD_KEY (access keys of your own), ConnectionStrings__cache
        (a Redis of your own), ConnectionStrings__ledger (a PostgreSQL of your own), OTEL_EXPORTER_OTLP_ENDPOINT (telemetry
        goes there instead of to the dashboard), and every setting of the services; these also as arguments
        (--Access:AllowAnonymous=true).
        """;

    /// <summary>Parses <paramref name="args"/>. If false, what there is to say has been said and <see cref="Environment.ExitCode"/> is set.</summary>
    public static bool TryParse(string[] args, [NotNullWhen(true)] out Options? options)
    {
        options = null;
        args = ServiceArguments.Take(args, Environment.SetEnvironmentVariable);
        var demo = new Option<bool>("--demo") { Arity = ArgumentArity.Zero };
        var port = new Option<string>("--port");
        var isPublic = new Option<bool>("--public") { Arity = ArgumentArity.Zero };
        var cache = new Option<string>("--cache") { DefaultValueFactory = _ => "auto" };
        var ledger = new Option<string>("--ledger");
        var replicas = new Option<string>("--replicas") { DefaultValueFactory = _ => "1" };
        var help = new Option<bool>("--help", "-h", "-?") { Arity = ArgumentArity.Zero };
        var command = new RootCommand { TreatUnmatchedTokensAsErrors = false };
        command.Options.Clear();
        foreach (var option in (Option[])[demo, port, isPublic, cache, ledger, replicas, help])
        {
            command.Options.Add(option);
        }

        var result = command.Parse(args);
        if (result.GetValue(help))
        {
            Console.WriteLine(Usage);
            return false;
        }

        // `aspire publish`, `aspire do` and azd say what they want by arguments of Aspire's own.
        var isPublishing = result.UnmatchedTokens.Any(token => token.Split('=')[0] is "--publisher" or "--operation");
        var errors = result.Errors.Select(error => error.Message).ToList();
        if (!isPublishing)
        {
            errors.AddRange(result.UnmatchedTokens.Select(token => $"'{AsTyped(args, token)}' is not an option."));
        }

        var portName = result.GetResult(port) is null ? "PORT" : "--port";
        var portText = result.GetResult(port) is null ? Environment.GetEnvironmentVariable("PORT") : result.GetValue(port);
        var portNumber = Number(errors, portName, portText is "" ? null : portText, DefaultPort, 0, ushort.MaxValue, "a port from 1 to 65535, or 0 for any free one");
        var cacheKind = OneOf<CacheKind>(errors, "--cache", result.GetValue(cache)) ?? CacheKind.Auto;
        var ledgerKind = OneOf<LedgerKind>(errors, "--ledger", result.GetValue(ledger));
        var count = Number(errors, "--replicas", result.GetValue(replicas), 1, 1, MostReplicas, $"a number from 1 to {MostReplicas}");
        if (errors.Count > 0)
        {
            Environment.ExitCode = Refuse(string.Join(Environment.NewLine, errors));
            return false;
        }

        options = new Options(result.GetValue(demo), portNumber, result.GetValue(isPublic), cacheKind, ledgerKind, count, [.. result.UnmatchedTokens]);
        return true;
    }

    /// <summary>Says why the command line can't be used, and what can be. Returns the exit code.</summary>
    public static int Refuse(string error)
    {
        Console.Error.WriteLine($"{error}{Environment.NewLine}{Environment.NewLine}{Usage}");
        return UsageError;
    }

    // The parser splits --demo=yes in two; whoever typed it looks for it whole.
    private static string AsTyped(string[] args, string token)
        => args.FirstOrDefault(arg => arg == token || arg.EndsWith($"={token}", StringComparison.Ordinal)) ?? token;

    private static int Number(List<string> errors, string name, string? text, int fallback, int min, int max, string allowed)
    {
        if (text is null)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
        {
            return number;
        }

        errors.Add($"{name} is '{text}'; allowed: {allowed}.");
        return fallback;
    }

    // The names as they stand in the help text, in lower case; not numbers, which Enum.TryParse takes, too.
    private static T? OneOf<T>(List<string> errors, string name, string? text) where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        var names = Enum.GetNames<T>().Select(value => value.ToLowerInvariant()).ToArray();
        if (names.Contains(text))
        {
            return Enum.Parse<T>(text, ignoreCase: true);
        }

        errors.Add($"{name} is '{text}'; allowed: {string.Join(", ", names)}.");
        return null;
    }
}
