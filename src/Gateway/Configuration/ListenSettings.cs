using OpenAIProxy.ServiceDefaults.Configuration;

namespace OpenAIProxy.Gateway.Configuration;

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

    private static readonly TimeSpan DefaultHeadTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan DefaultSlowBodyTimeout = TimeSpan.FromMinutes(2);
    // Kestrel looks once a second, and takes no grace period below that.
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>The settings of the section <c>Listen</c>.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        new("Listen:MaxConnections", "from the limit of open files", "1 to 1000000, and fewer than files may be open (ulimit -n)",
            "How many connections of clients may be open at a time. One more takes the place of one that hasn't sent anything yet, or is closed."),
        new("Listen:MaxWebSockets", "half of the connections", "0 to Listen:MaxConnections", "How many WebSockets may be open at a time."),
        new("Listen:HeadTimeout", "30s", "a time from 2s to 1h, such as 30s", "How long a new connection may send nothing, and how long a request's head may take."),
        new("Listen:SlowBodyTimeout", "2m", "a time from 2s to 1h, such as 2m", "How long a request's body may come at less than 64 bytes a second on average."),
    ];

    internal static ListenSettings Read(SettingsReader reader) => Read(reader, DescriptorLimit.OfThisProcess());

    internal static ListenSettings Read(SettingsReader reader, long? descriptors)
    {
        var connections = reader.Count("Listen:MaxConnections", 1, MostConnections) ?? Fitting(descriptors);
        if (descriptors is { } limit && connections > limit - ReserveOf(limit))
        {
            reader.AddError($"Listen:MaxConnections is {connections}, but this process may have only {limit} files open, connections included, and needs "
                + $"{ReserveOf(limit)} for itself. Raise that limit (ulimit -n, LimitNOFILE=, --ulimit nofile=) or lower the setting.");
        }

        return new ListenSettings(
            connections,
            reader.Count("Listen:MaxWebSockets", 0, connections) ?? Math.Max(1, connections / 2),
            reader.Duration("Listen:HeadTimeout", DefaultHeadTimeout, Shortest, Longest),
            reader.Duration("Listen:SlowBodyTimeout", DefaultSlowBodyTimeout, Shortest, Longest));
    }

    // A call takes two descriptors: its client's connection, and one to the upstream.
    private static int Fitting(long? descriptors)
        => descriptors is { } limit ? (int)Math.Clamp((limit - ReserveOf(limit)) / 2, 1, MostConnections) : MostConnections;

    private static long ReserveOf(long descriptors) => Math.Min(Reserve, descriptors / 2);
}
