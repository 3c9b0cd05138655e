using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Listening;

/// <summary>How much callers may take of the gateway before they have an answer.</summary>
/// <param name="MaxConnections">Connections of clients that may be open at a time, and calls in progress; 1 to 1,000,000.</param>
/// <param name="MaxWebSockets">How many of these may be WebSockets; 0 to <paramref name="MaxConnections"/>.</param>
/// <param name="HeadTimeout">Limit for the first byte of a connection, and for the head of a request from its first byte on.</param>
/// <param name="SlowBodyTimeout">How long a body may be slower than <see cref="SlowestBody"/>.</param>
public sealed record ListenSettings(int MaxConnections, int MaxWebSockets, TimeSpan HeadTimeout, TimeSpan SlowBodyTimeout)
{
    /// <summary>Bytes a second, on average and while the gateway waits for them. A tenth of the slowest mobile network.</summary>
    public const int SlowestBody = 64;

    private const int MostConnections = 1_000_000;

    /// <summary>Descriptors of the runtime, the listeners, the journal and telemetry; an idle gateway has about 200.</summary>
    private const int Reserve = 400;

    // Kestrel looks once a second, and takes no grace period below that.
    private const string Shortest = "2s";
    private const string Longest = "1h";

    internal static readonly CountSetting MaxConnectionsSetting = new("Listen:MaxConnections", null, 1, MostConnections,
        "How many connections of clients may be open at a time. One more takes the place of one that hasn't sent anything yet, or is closed.")
    { Default = "from the limit of open files", Allowed = $"1 to {MostConnections}, and fewer than files may be open (ulimit -n)" };
    internal static readonly CountSetting MaxWebSocketsSetting = new("Listen:MaxWebSockets", null, 0, MostConnections,
        "How many WebSockets may be open at a time.")
    { Default = "half of the connections", Allowed = $"0 to {MaxConnectionsSetting.Name}" };
    private static readonly DurationSetting HeadTimeoutSetting = new("Listen:HeadTimeout", "30s", Shortest, Longest,
        "How long a new connection may send nothing, and how long a request's head may take.");
    private static readonly DurationSetting SlowBodyTimeoutSetting = new("Listen:SlowBodyTimeout", "2m", Shortest, Longest,
        $"How long a request's body may come at less than {SlowestBody} bytes a second on average.");

    internal static IReadOnlyList<Setting> All { get; } = [MaxConnectionsSetting, MaxWebSocketsSetting, HeadTimeoutSetting, SlowBodyTimeoutSetting];

    internal static ListenSettings Read(SettingsReader reader) => Read(reader, DescriptorLimit.OfThisProcess());

    internal static ListenSettings Read(SettingsReader reader, long? descriptors)
    {
        var connections = reader.Find(MaxConnectionsSetting) ?? Fitting(descriptors);
        if (descriptors is { } limit && connections > limit - ReserveOf(limit))
        {
            reader.AddError($"{MaxConnectionsSetting.Name} is {connections}, but this process may have only {limit} files open, connections included, and needs "
                + $"{ReserveOf(limit)} for itself. Raise that limit (ulimit -n, LimitNOFILE=, --ulimit nofile=) or lower the setting.");
        }

        var webSockets = reader.Find(MaxWebSocketsSetting);
        if (webSockets > connections)
        {
            reader.Wrong(MaxWebSocketsSetting, $"{webSockets}");
        }

        return new ListenSettings(connections, webSockets ?? Math.Max(1, connections / 2), reader.Get(HeadTimeoutSetting), reader.Get(SlowBodyTimeoutSetting));
    }

    // A call takes two descriptors: its client's connection, and one to the upstream.
    private static int Fitting(long? descriptors)
        => descriptors is { } limit ? (int)Math.Clamp((limit - ReserveOf(limit)) / 2, 1, MostConnections) : MostConnections;

    private static long ReserveOf(long descriptors) => Math.Min(Reserve, descriptors / 2);
}
