using System.Globalization;
using OpenAIProxy.Simulator.Behaviors;
using OpenAIProxy.Simulator.Billing;
using OpenAIProxy.Simulator.Recording;

namespace OpenAIProxy.Simulator.Configuration;

/// <summary>What holds for every request of this instance, from the section <c>Simulator</c>.</summary>
internal sealed record SimulatorOptions
{
    /// <summary>The behavior of a request without <c>x-sim-*</c> headers.</summary>
    public required Behavior Default { get; init; }

    /// <summary>Record every request, numbered by arrival.</summary>
    public bool RecordAll { get; init; }

    /// <summary>Speak HTTP/2 without TLS and without upgrade, and nothing else.</summary>
    public bool Http2 { get; init; }

    public static SimulatorOptions Read(IConfiguration configuration)
    {
        var behavior = new Behavior();
        var options = new SimulatorOptions { Default = behavior };
        foreach (var setting in configuration.GetSection("Simulator").GetChildren())
        {
            var value = setting.Value?.Trim() ?? "";
            switch (setting.Key.ToUpperInvariant())
            {
                case "BILLING":
                    behavior = behavior with { Billing = Access(value) };
                    break;
                case "CHUNKDELAY":
                    behavior = behavior with { ChunkDelay = Duration(value) };
                    break;
                case "RECORDALL":
                    options = options with { RecordAll = Bool("RecordAll", value) };
                    break;
                case "TALLY":
                    behavior = behavior with { Tally = Bool("Tally", value) ? new Tally() : null };
                    break;
                case "SOCKETS":
                    behavior = behavior with { HasSockets = Bool("Sockets", value) };
                    break;
                case "HTTP2":
                    options = options with { Http2 = Bool("Http2", value) };
                    break;
                default:
                    throw new SimulatorSettingException(
                        $"Simulator:{setting.Key} is no setting of the simulator; known: Billing, ChunkDelay, RecordAll, Tally, Sockets, Http2.");
            }
        }

        return options with { Default = behavior };
    }

    private static BillingAccess Access(string value) => value.ToUpperInvariant() switch
    {
        "OPEN" => BillingAccess.Open,
        "SESSIONKEY" => BillingAccess.SessionKey,
        _ => throw Wrong("Billing", value, "Open or SessionKey"),
    };

    private static bool Bool(string name, string value)
        => bool.TryParse(value, out var parsed) ? parsed : throw Wrong(name, value, "true or false");

    private static TimeSpan Duration(string value)
    {
        var (unit, factor) = value.EndsWith("ms", StringComparison.Ordinal) ? ("ms", 1) : ("s", 1000);
        return value.EndsWith(unit, StringComparison.Ordinal)
            && double.TryParse(value.AsSpan(0, value.Length - unit.Length), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * factor <= BehaviorParser.LongestDelay.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(number * factor)
            : throw Wrong("ChunkDelay", value, "a time such as 20ms or 0.5s, at most an hour");
    }

    private static SimulatorSettingException Wrong(string name, string value, string allowed)
        => new($"Simulator:{name} is '{value}'; allowed: {allowed}.");
}
